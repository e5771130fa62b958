using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Benchmarks;

/// <summary>A server under measurement, as a process of its own.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    // Of its own: a host watches the files of its folder, and in the shared one others write all the time.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("benchmark-");

    public ChildProcess(string file, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string> environment)
    {
        Address = new IPEndPoint(IPAddress.Loopback, port);
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        // What a turn costs is measured without its being kept, unless that is what is measured.
        start.Environment["Transcripts__InMemory"] = "false";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IPEndPoint Address { get; }

    /// <summary>The resident memory now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The CPU time used so far, in user and kernel mode.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Connects as soon as the server listens, for at most 20 s.</summary>
    public async Task<TcpClient> ConnectAsync()
    {
        for (var attempt = 0; attempt < 20_000 && !_process.HasExited; attempt++)
        {
            var client = new TcpClient { NoDelay = true };
            try
            {
                await client.ConnectAsync(Address);
                return client;
            }
            catch (SocketException)
            {
                // Not listening yet.
                client.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }

        throw new InvalidOperationException("The server did not start.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
