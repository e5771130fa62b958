using System.Diagnostics;
using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using HostStandIn;

namespace Benchmarks.Workers;

/// <summary>How many of 2,000 turns that wait are stored when the worker is told to end, and how long that takes.</summary>
internal static class StopWithWaitingTurns
{
    private const int Calls = 200;
    private const int TurnsOfEach = 10;

    // https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#use-a-well-known-storage-account-and-key
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static async Task RunAsync(string worker, string root, CancellationToken cancellationToken)
    {
        var azurite = Path.Combine(root, "tests", "node_modules", "azurite", "dist", "src", "table", "main.js");
        if (!File.Exists(azurite))
        {
            Console.WriteLine("Turns that wait at the end were not measured: run 'npm ci --prefix tests' first.");
            return;
        }

        var port = ChildProcess.FreePort();
        var connection = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};TableEndpoint=http://127.0.0.1:{port}/{Account};";
        using var storage = Process.Start(new ProcessStartInfo(
            "node", [azurite, "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"])
        { RedirectStandardOutput = true })!;
        try
        {
            var first = await storage.StandardOutput.ReadLineAsync(cancellationToken);
            _ = storage.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var turns = new TableClient(connection, "TranscriptsTurns");
            await using var host = await StandInHost.StartAsync(
                worker,
                [
                    new("Access__ApiKeys__0", Turn.Key), new("Models__0__Id", "demo"), new("Models__0__Responder", "simulated"),
                    new("Models__0__Simulated__Delay", "00:00:00"), new("Transcripts__ConnectionString", connection),
                ],
                cancellationToken);
            // One turn makes the tables; then the storage holds still, so that all others wait.
            await TurnsAsync(host, calls: 1, turnsOfEach: 1, cancellationToken);
            while (await CountAsync(turns, cancellationToken) == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }

            Signal(storage, "STOP");
            await TurnsAsync(host, Calls, TurnsOfEach, cancellationToken);
            Signal(storage, "CONT");
            var started = TimeProvider.System.GetTimestamp();
            var code = await host.StopWorkerAsync(cancellationToken);
            var elapsed = TimeProvider.System.GetElapsedTime(started);
            var stored = await CountAsync(turns, cancellationToken);
            Console.WriteLine("| told to end with 2,000 turns waiting | | asked for |");
            Console.WriteLine("| --- | ---: | ---: |");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| stored | {stored - (stored > 0 ? 1 : 0):N0} | 2,000 |"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| until the process was gone, with code {code} (s) | {elapsed.TotalSeconds:F1} | 4 |"));
        }
        finally
        {
            storage.Kill();
            await storage.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Task TurnsAsync(StandInHost host, int calls, int turnsOfEach, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        Enumerable.Range(calls == 1 ? Calls : 0, calls),
        new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = cancellationToken },
        async (call, token) =>
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", Turn.Key);
            for (var turn = 1; turn <= turnsOfEach; turn++)
            {
                var body = $$$"""{"model":"demo","messages":[{"role":"user","content":"Hello"}],"extendData":{"instanceId":"call-{{{call}}}","channelId":"c","sentenceId":{{{turn}}}}}""";
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await client.PostAsync("v1/chat/completions", content, token);
                response.EnsureSuccessStatusCode();
            }
        });

    private static async Task<int> CountAsync(TableClient turns, CancellationToken cancellationToken)
    {
        try
        {
            return await turns.QueryAsync<TableEntity>("RowKey gt '!~'", select: ["RowKey"], cancellationToken: cancellationToken).CountAsync(cancellationToken);
        }
        catch (Azure.RequestFailedException fault) when (fault.ErrorCode == "TableNotFound")
        {
            return 0;
        }
    }

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }
}
