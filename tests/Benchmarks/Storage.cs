using System.Diagnostics;
using Azure.Data.Tables;

namespace Benchmarks;

/// <summary>Azurite's table service in memory, as a process of its own that tells of each request.</summary>
internal sealed class Storage : IDisposable
{
    public const string Missing = "run 'npm ci --prefix tests' first.";

    // https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#use-a-well-known-storage-account-and-key
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _process;
    private int _requests;

    private Storage(Process process, int port)
    {
        _process = process;
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};TableEndpoint=http://127.0.0.1:{port}/{Account};";
    }

    public string ConnectionString { get; }

    /// <summary>How many requests it has answered.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Where Azurite is; null where the packages of the tests are not installed.</summary>
    public static string? ProgramOf(string root) =>
        Path.GetFullPath(Path.Combine(root, "tests", "node_modules", "azurite", "dist", "src", "table", "main.js")) is var program && File.Exists(program) ? program : null;

    public static async Task<Storage> StartAsync(string program, CancellationToken cancellationToken)
    {
        var port = ChildProcess.FreePort();
        var process = Process.Start(new ProcessStartInfo(
            "node", [program, "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"])
        { RedirectStandardOutput = true })!;
        var storage = new Storage(process, port);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line && !line.Contains("successfully started", StringComparison.Ordinal))
        {
        }

        _ = storage.CountAsync();
        return storage;
    }

    /// <summary>How many turns are stored.</summary>
    public async Task<int> CountTurnsAsync(string prefix, CancellationToken cancellationToken)
    {
        try
        {
            return await new TableClient(ConnectionString, $"{prefix}Turns")
                .QueryAsync<TableEntity>("RowKey gt '!~'", select: ["RowKey"], cancellationToken: cancellationToken).CountAsync(cancellationToken);
        }
        catch (Azure.RequestFailedException failure) when (failure.ErrorCode == "TableNotFound")
        {
            return 0;
        }
    }

    /// <summary>Waits until nothing has been asked for a while.</summary>
    public async Task WaitForSilenceAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        for (var seen = -1; seen != Requests;)
        {
            seen = Requests;
            await Task.Delay(silence, TimeProvider.System, cancellationToken);
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task CountAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.Contains(" HTTP/1.1\"", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _requests);
            }
        }
    }
}
