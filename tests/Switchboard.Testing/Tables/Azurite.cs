using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Switchboard.Testing;

/// <summary>Azurite's table service as a process of its own. Stopped and started again it has the same port and what it was given.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    // https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#use-a-well-known-storage-account-and-key
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchboard-azurite-");
    private Process? _process;

    public int Port { get; private set; }

    public string ConnectionString => ConnectionTo(Port);

    public static string ConnectionTo(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint=http://127.0.0.1:{port}/{Account};";

    public static async Task<Azurite> StartNewAsync()
    {
        await NodePackages.RequireAsync();
        var azurite = new Azurite();
        for (var attempts = 5; ; attempts--)
        {
            azurite.Port = FreePort();
            try
            {
                await azurite.StartAsync();
                return azurite;
            }
            catch (InvalidOperationException) when (attempts > 0)
            {
                // Somebody else has taken the port since; Azurite cannot tell which one it would choose itself.
            }
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync()
    {
        var program = Path.Combine(NodePackages.Folder, "node_modules", "azurite", "dist", "src", "table", "main.js");
        _process = Process.Start(new ProcessStartInfo(
            "node",
            [program, "--tableHost", "127.0.0.1", "--tablePort", $"{Port}", "--location", _folder.FullName, "--silent", "--skipApiVersionCheck", "--disableTelemetry"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.Contains("successfully started", StringComparison.Ordinal))
            {
                // It must not stop at a full pipe.
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        throw new InvalidOperationException($"Azurite did not start: {await _process.StandardError.ReadToEndAsync(CancellationToken.None)}");
    }

    /// <summary>Stops it as an operator at the terminal does; what it has confirmed is then on the disk. A SIGTERM would lose the last five seconds.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } process)
        {
            await NodePackages.RunAsync("kill", "-INT", $"{process.Id}");
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>One Azurite for all tests that leave it running, started when the first of them needs it. Each has tables of its own.</summary>
public sealed class SharedAzurite : IAsyncDisposable
{
    private static int _prefixes;

    private readonly Lazy<Task<Azurite>> _azurite = new(Azurite.StartNewAsync);

    internal static string NewPrefix() => $"Test{Interlocked.Increment(ref _prefixes)}";

    internal Task<Azurite> GetAsync() => _azurite.Value;

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }
    }
}
