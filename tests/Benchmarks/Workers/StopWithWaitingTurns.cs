using System.Globalization;
using System.Text;
using HostStandIn;

namespace Benchmarks.Workers;

/// <summary>How many of 2,000 turns that wait are stored when the worker is told to end, and how long that takes.</summary>
internal static class StopWithWaitingTurns
{
    private const int Calls = 200;
    private const int TurnsOfEach = 10;

    public static async Task RunAsync(string worker, string root, CancellationToken cancellationToken)
    {
        if (Storage.ProgramOf(root) is not { } azurite)
        {
            Console.WriteLine($"Turns that wait at the end were not measured: {Storage.Missing}");
            return;
        }

        using var storage = await Storage.StartAsync(azurite, cancellationToken);
        await using var host = await StandInHost.StartAsync(
            worker,
            [
                new("Access__ApiKeys__0", Turn.Key), new("Models__0__Id", "demo"), new("Models__0__Responder", "simulated"),
                new("Models__0__Simulated__Delay", "00:00:00"), new("Transcripts__ConnectionString", storage.ConnectionString),
            ],
            cancellationToken);
        // One turn makes the tables; then the storage holds still, so that all others wait.
        await TurnsAsync(host, calls: 1, turnsOfEach: 1, cancellationToken);
        while (await storage.CountTurnsAsync("Transcripts", cancellationToken) == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }

        storage.Signal("STOP");
        await TurnsAsync(host, Calls, TurnsOfEach, cancellationToken);
        storage.Signal("CONT");
        var started = TimeProvider.System.GetTimestamp();
        var code = await host.StopWorkerAsync(cancellationToken);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        var stored = await storage.CountTurnsAsync("Transcripts", cancellationToken);
        Console.WriteLine("| told to end with 2,000 turns waiting | | asked for |");
        Console.WriteLine("| --- | ---: | ---: |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| stored | {stored - (stored > 0 ? 1 : 0):N0} | 2,000 |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| until the process was gone, with code {code} (s) | {elapsed.TotalSeconds:F1} | 4 |"));
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
}
