using System.Globalization;
using System.Text;

namespace Benchmarks;

/// <summary>
/// What it costs to store a turn: requests to the table service, and CPU of LocalHost's process beside one that keeps no transcripts.
/// Another build of LocalHost may be measured in the same run; the sides take turns.
/// </summary>
internal static class StoredTurns
{
    private const int Rounds = 3;
    private const int Calls = 20;
    private const int WarmUpTurns = 60;
    private const int Turns = 25;

    // So that storing keeps up: turns that pile up are stored together, and would look cheaper than they are.
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(500);

    /// <param name="root">The repository, for Azurite.</param>
    /// <param name="other">The folder of another <c>LocalHost.dll</c>; null for none.</param>
    public static async Task RunAsync(string root, string? other)
    {
        if (Storage.ProgramOf(root) is not { } azurite)
        {
            Console.WriteLine($"Storing was not measured: {Storage.Missing}");
            return;
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(20), TimeProvider.System);
        using var storage = await Storage.StartAsync(azurite, timeout.Token);
        List<Side> sides = [new("this build", AppContext.BaseDirectory, Keeps: true), new("without transcripts", AppContext.BaseDirectory, Keeps: false)];
        if (other is not null)
        {
            sides.Insert(0, new("the other build", Path.GetFullPath(other), Keeps: true));
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (side, number) in sides.Select((side, number) => (side, number)))
            {
                await side.MeasureAsync(storage, $"Round{round}Side{number}", timeout.Token);
            }
        }

        var without = sides[^1].Cpu;
        Console.WriteLine($"| median of {Rounds} rounds of {Calls * Turns} turns | requests per turn | CPU per turn (ms) | of it for storing (ms) |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        foreach (var side in sides)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {side.Name} | {side.Requests:F2} | {side.Cpu:F2} | {side.Cpu - without:F2} |"));
        }
    }

    private sealed record Side(string Name, string Folder, bool Keeps)
    {
        private readonly List<(double Requests, double Cpu)> _rounds = [];

        public double Requests => Median(_rounds.Select(round => round.Requests));

        public double Cpu => Median(_rounds.Select(round => round.Cpu));

        public async Task MeasureAsync(Storage storage, string prefix, CancellationToken cancellationToken)
        {
            var port = ChildProcess.FreePort();
            var settings = new Dictionary<string, string>
            {
                ["Access__ApiKeys__0"] = Turn.Key,
                ["Models__0__Id"] = "demo",
                ["Models__0__Responder"] = "simulated",
                ["Models__0__Simulated__Delay"] = "00:00:00",
                ["Transcripts__TablePrefix"] = prefix,
            };
            if (Keeps)
            {
                settings["Transcripts__ConnectionString"] = storage.ConnectionString;
            }

            using var host = new ChildProcess("dotnet", [Path.Combine(Folder, "LocalHost.dll"), "--urls", $"http://127.0.0.1:{port}"], port, settings);
            (await host.ConnectAsync()).Dispose();
            // The calls are known then, and the code is compiled.
            await SpeakAsync(port, 1, WarmUpTurns, cancellationToken);
            await storage.WaitForSilenceAsync(TimeSpan.FromSeconds(1), cancellationToken);
            var (requests, cpu) = (storage.Requests, host.Cpu);
            await SpeakAsync(port, WarmUpTurns + 1, Turns, cancellationToken);
            await storage.WaitForSilenceAsync(TimeSpan.FromSeconds(1), cancellationToken);
            _rounds.Add(((storage.Requests - requests) / (double)(Calls * Turns), (host.Cpu - cpu).TotalMilliseconds / (Calls * Turns)));
            var stored = await storage.CountTurnsAsync(prefix, cancellationToken);
            if (stored != (Keeps ? Calls * (WarmUpTurns + Turns) : 0))
            {
                throw new InvalidOperationException($"{Name}: {stored} turns were stored.");
            }
        }

        private static Task SpeakAsync(int port, int first, int turns, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, Calls).Select(async call =>
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            client.DefaultRequestHeaders.Authorization = new("Bearer", Turn.Key);
            await Task.Delay(Think / Calls * call, TimeProvider.System, cancellationToken);
            for (var turn = first; turn < first + turns; turn++)
            {
                var body = $$$"""{"model":"demo","stream":true,"messages":[{"role":"user","content":"When is breakfast served?"}],"extendData":{"instanceId":"call-{{{call}}}","channelId":"c","sentenceId":{{{turn}}}}}""";
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await client.PostAsync("v1/chat/completions", content, cancellationToken);
                response.EnsureSuccessStatusCode();
                await Task.Delay(Think, TimeProvider.System, cancellationToken);
            }
        }));

        private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
    }
}
