using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Switchboard.Transcripts;

namespace Switchboard.Testing;

/// <summary>Azurite's table service, or its blob service, as a process of its own. Stopped and started again it has the same port and what it was given.</summary>
internal sealed class Azurite : ITableStorage, IAsyncDisposable
{
    // https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#use-a-well-known-storage-account-and-key
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchboard-azurite-");
    private readonly string _service;
    private Process? _process;

    private Azurite(string service) => _service = service;

    public int Port { get; private set; }

    public string ConnectionString => ConnectionTo(Port);

    public TranscriptTables Open(string prefix) => Open(ConnectionString, prefix);

    /// <summary>Tables of the service at that address.</summary>
    public static TranscriptTables Open(string connection, string prefix)
    {
        var options = TranscriptTables.ClientOptions();
        // How long a call may wait is no matter of these tests: a busy machine answers late.
        options.Retry.NetworkTimeout = TimeSpan.FromMinutes(5);
        return new TranscriptTables(new TableServiceClient(connection, options), prefix);
    }

    public static string ConnectionTo(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint=http://127.0.0.1:{port}/{Account};";

    /// <summary>What reaches the blobs, where that is the service.</summary>
    public string BlobConnectionString => $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{Port}/{Account};";

    public static Task<Azurite> StartNewAsync() => StartNewAsync("table");

    /// <summary>Starts the blob service.</summary>
    public static Task<Azurite> StartBlobsAsync() => StartNewAsync("blob");

    private static async Task<Azurite> StartNewAsync(string service)
    {
        await NodePackages.RequireAsync();
        var azurite = new Azurite(service);
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
        var program = Path.Combine(NodePackages.Folder, "node_modules", "azurite", "dist", "src", _service, "main.js");
        _process = Process.Start(new ProcessStartInfo(
            "node",
            [program, $"--{_service}Host", "127.0.0.1", $"--{_service}Port", $"{Port}", "--location", _folder.FullName, "--silent", "--skipApiVersionCheck", "--disableTelemetry"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            // The services word it each in its way: "successfully started", "successfully listens on".
            if (line.Contains("successfully", StringComparison.Ordinal))
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
public sealed class SharedAzurite : TestTables, IAsyncDisposable
{
    private static int _prefixes;

    private readonly Lazy<Task<Azurite>> _azurite = new(Azurite.StartNewAsync);

    internal static string NewPrefix() => $"Test{Interlocked.Increment(ref _prefixes)}";

    internal Task<Azurite> GetAsync() => _azurite.Value;

    internal override async Task<ITableStorage> OpenAsync() => await _azurite.Value;

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
        {
            await (await _azurite.Value).DisposeAsync();
        }
    }
}
