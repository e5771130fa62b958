using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Switchboard.Http;
using Switchboard.Transcripts;

namespace Benchmarks;

/// <summary>What it takes to add up a day: time, requests to the table service and memory, for so many calls of so many turns in Azurite.</summary>
internal static class DayOverviewReading
{
    private const int Rounds = 7;

    // Of so many the entry is open, as of those that are on the line or were left behind.
    private const int Open = 20;

    private static readonly DateTimeOffset Day = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string root, int calls, int turns)
    {
        if (Storage.ProgramOf(root) is not { } azurite)
        {
            Console.WriteLine($"The overview was not measured: {Storage.Missing}");
            return;
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(60), TimeProvider.System);
        using var storage = await Storage.StartAsync(azurite, timeout.Token);
        var tables = new TranscriptTables(new TableServiceClient(storage.ConnectionString, TranscriptTables.ClientOptions()), "Overview");
        await tables.CreateAsync(timeout.Token);
        var store = new TurnStore(tables, TimeProvider.System, maxKnown: int.MaxValue);
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = timeout.Token }, async (call, cancellationToken) =>
        {
            await store.WriteAsync([.. Enumerable.Range(0, turns).Select(turn => Turn(call, turn, calls))], cancellationToken);
            if (call >= Open)
            {
                await store.CloseAsync($"call-{call}", cancellationToken);
            }
        });

        var reader = new OverviewReader(tables, TimeProvider.System);
        var times = new List<double>();
        var bytes = new List<double>();
        await storage.WaitForSilenceAsync(TimeSpan.FromSeconds(1), timeout.Token);
        var before = storage.Requests;
        DayOverview? day = null;
        for (var round = 0; round < Rounds; round++)
        {
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var started = TimeProvider.System.GetTimestamp();
            day = await reader.ReadAsync(DateOnly.FromDateTime(Day.UtcDateTime), null, timeout.Token);
            times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            bytes.Add(GC.GetTotalAllocatedBytes(precise: true) - allocated);
        }

        await storage.WaitForSilenceAsync(TimeSpan.FromSeconds(1), timeout.Token);
        var answer = JsonSerializer.SerializeToUtf8Bytes(day!, CallsJson.Default.DayOverview).Length;
        Console.WriteLine("| calls | turns | counted | median of 7 (ms) | slowest | requests each | allocated (MB) | answer (kB) |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {calls} | {calls * turns} | {day!.Total.Turns} | {times.Order().ElementAt(Rounds / 2):F0} | {times.Max():F0} | {(storage.Requests - before) / Rounds} | {bytes.Order().ElementAt(Rounds / 2) / 1e6:F1} | {answer / 1e3:F1} |"));
    }

    // Spread over the day, with two models, two upstreams and all that may be counted.
    private static TurnTranscript Turn(int call, int turn, int calls) => new()
    {
        InstanceId = $"call-{call}",
        SentenceId = $"{turn + 1}",
        Key = "867e224c",
        RequestId = $"req_{call}_{turn}",
        StartedAt = Day.AddSeconds((86_000.0 * call / calls) + turn),
        Heard = "When is breakfast served, and can I have it in my room?",
        Spoken = "Breakfast is from seven to ten, and we gladly bring it up.",
        Model = call % 5 == 0 ? "demo" : "reception",
        Responder = "upstream",
        Upstream = (call + turn) % 40 == 0 ? "spare.example.com" : "api.example.com",
        UpstreamFailures = (call + turn) % 40 == 0 ? [new("api.example.com", "silent")] : [],
        Outcome = "completed",
        FirstSpeechMs = 300 + (call * 7919 % 900),
        FirstAnswerMs = 300 + (((call * 7919) + (turn * 104_729)) % 900),
        DurationMs = 1500,
        PromptTokens = 1200 + turn,
        CachedPromptTokens = 800,
        CompletionTokens = 40,
        Cost = 0.00094m,
    };
}
