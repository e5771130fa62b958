using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>What a day comes to: each turn once, whatever happens to it.</summary>
public abstract class OverviewTests(TestTables tables)
{
    private const string Call = "call";
    private const string Main = "a.example.com";
    private const string Spare = "b.example.com";

    // Eight in the evening, when StoreRig's turns come.
    private const int Hour = 20;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Overview_OfADay_AddsUpItsTurns()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(Answered("call-1", "1", 100));
        await rig.WriteAsync(Answered("call-1", "2", 200, seconds: 10) with { UpstreamFailures = [new(Spare, "silent")] });
        await rig.WriteAsync(Answered("call-2", "1", 400, seconds: -3600) with { Model = "reception", Upstream = Spare });
        await rig.WriteAsync(StoreRig.Turn("call-3", "1", 20) with { Responder = "upstream", Outcome = "failed", UpstreamFailures = [new(Main, "status 429"), new(Spare, "silent")] });
        await rig.WriteAsync(Answered("yesterday", "1", 100, seconds: -86_400));

        var day = await rig.OverviewAsync();

        Assert.Equal((3, 4, 0, false), (day.Total.Calls, day.Total.Turns, day.Uncounted, day.IsPartial));
        Assert.Equal(["demo", "reception"], day.Models);
        Assert.Equal([("completed", 3), ("failed", 1)], Sorted(day.Total.Outcomes));
        Assert.Equal([("completed", 2), ("failed", 1)], Sorted(day.Total.CallOutcomes));
        Assert.Equal([(Main, 1), (Spare, 2)], Sorted(day.Total.Failures));
        Assert.Equal((300, 30, 60, 0.003m, 3), (day.Total.PromptTokens, day.Total.CachedPromptTokens, day.Total.CompletionTokens, day.Total.Cost, day.Total.Priced));
        Assert.Equal(24, day.Hours.Count);
        Assert.Equal(Enumerable.Range(0, 24), day.Hours.Select(hour => hour.Hour!.Value));
        Assert.Equal([(Hour - 1, 1, 1), (Hour, 2, 3)], day.Hours.Where(hour => hour.Turns > 0).Select(hour => (hour.Hour!.Value, (int)hour.Calls, (int)hour.Turns)));
        Assert.Equal([(Main, 2), (Spare, 1)], day.Upstreams.Select(upstream => (upstream.Name, (int)upstream.Turns)));
        Assert.Equal([("status 429", 1)], Sorted(day.Upstreams[0].Failures));
        Assert.Equal([("silent", 2)], Sorted(day.Upstreams[1].Failures));
        AssertNear(400, day.Upstreams[1].FirstAnswer!.P99);
        AssertNear(200, day.Total.FirstAnswer!.P50);
        AssertNear(400, day.Total.FirstAnswer.P99);
    }

    [Fact]
    public async Task Overview_OfAModel_IsOfItsTurnsAlone()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(Answered(Call, "1", 100));
        await rig.WriteAsync(Answered(Call, "2", 300, seconds: 10) with { Model = "reception" });
        await rig.WriteAsync(Answered("other", "1", 100));

        var day = await rig.OverviewAsync("Reception");
        var none = await rig.OverviewAsync("nobody");

        // The list finds the same calls, also by a model that was not the last turn's.
        Assert.Equal(["other", Call], await ListedAsync(rig, "DEMO"));
        Assert.Equal([Call], await ListedAsync(rig, "Reception"));
        Assert.Empty(await ListedAsync(rig, "nobody"));
        Assert.Equal(("Reception", 1, 1, 100), (day.Model, day.Total.Calls, day.Total.Turns, day.Total.PromptTokens));
        Assert.Equal(["demo", "reception"], day.Models);
        AssertNear(300, day.Total.FirstAnswer!.P50);
        Assert.Equal((0, 0, 24), (none.Total.Calls, none.Total.Turns, none.Hours.Count));
        Assert.Null(none.Total.Cost);
    }

    [Fact]
    public async Task Overview_NothingStored_IsEmpty()
    {
        var day = await (await RigAsync()).OverviewAsync();

        Assert.Equal((0, 0, false, 24), (day.Total.Calls, day.Total.Turns, day.IsPartial, day.Hours.Count));
        Assert.Null(day.Total.FirstAnswer);
        Assert.Empty(day.Models);
        Assert.Empty(day.Upstreams);
    }

    [Theory]
    // The same request, stored again because its answer was lost; the caller who left before the other was heard whole; the platform that asks again.
    [InlineData("req_1", "caller_left", 0.001, 100)]
    [InlineData("req_2", "caller_left", 0.003, 100)]
    [InlineData("req_2", "completed", 0.003, 700)]
    public async Task Overview_ATurnThatIsAskedForAgain_CountsTheOneThatIsKeptAndPaysForBoth(string request, string outcome, double cost, int answer)
    {
        var rig = await RigAsync();
        await rig.WriteAsync(Answered(Call, "0", 100));
        await rig.WriteAsync(Answered(Call, "1", 100, seconds: 5) with { RequestId = "req_1", UpstreamFailures = [new(Spare, "connect")] });

        await rig.WriteAsync(Answered(Call, "1", 700, seconds: 9) with
        {
            RequestId = request,
            Model = "reception",
            Outcome = request is "req_1" ? "completed" : outcome,
            IsCut = outcome is "caller_left",
            PromptTokens = null,
            Cost = 0.002m,
        });

        var day = await rig.OverviewAsync();
        var isReplaced = answer == 700;
        Assert.Equal((1, 2), (day.Total.Calls, day.Total.Turns));
        Assert.Equal([("completed", 2)], Sorted(day.Total.Outcomes));
        Assert.Equal((0.001m + (decimal)cost, 200, 2), (day.Total.Cost, day.Total.PromptTokens, day.Total.Priced));
        Assert.Equal(isReplaced ? ["demo", "reception"] : ["demo"], day.Models);
        // Also of the request whose place another one took.
        Assert.Equal(1, day.Total.Failures.GetValueOrDefault(Spare));
        AssertNear(answer, day.Total.FirstAnswer!.P99);
    }

    [Fact]
    public async Task Overview_CallThatSeveralInstancesWriteTo_CountsEachTurnOnce()
    {
        var rig = await RigAsync();
        StoreRig[] instances = [rig, new(await tables.OpenAsync(), rig.Prefix)];

        await Task.WhenAll(instances.Select(async (instance, number) =>
        {
            for (var turn = 0; turn < 12; turn++)
            {
                await instance.WriteAsync(Answered(Call, $"{(turn * 2) + number}", 100, seconds: turn));
                // The other's, too: the platform did not see the answer.
                await instance.WriteAsync(Answered(Call, $"{(turn * 2) + 1 - number}", 100, seconds: turn));
            }
        }));

        var day = await rig.OverviewAsync();
        // Each was asked for twice, and paid for.
        Assert.Equal((1, 24, 4800, 0.048m, 24), (day.Total.Calls, day.Total.Turns, day.Total.PromptTokens, day.Total.Cost, day.Total.FirstAnswer!.Count));
    }

    [Fact]
    public async Task Overview_CallThatIsDeleted_TakesItsFigures()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(Answered(Call, "1", 100));
        await rig.WriteAsync(Answered("other", "1", 100));

        await rig.Eraser.EraseAsync(Call, Cancelled);
        Assert.Equal((1, 1, 0.001m), Totals(await rig.OverviewAsync()));

        // It begins anew.
        await new StoreRig(await tables.OpenAsync(), rig.Prefix).WriteAsync(Answered(Call, "2", 100, seconds: 30));
        Assert.Equal((2, 2, 0.002m), Totals(await rig.OverviewAsync()));

        await rig.Eraser.EraseBeforeAsync(new DateOnly(2026, 11, 25), 100, Cancelled);
        Assert.Equal((0, 0, null), Totals(await rig.OverviewAsync()));
    }

    [Fact]
    public async Task Overview_CallThatIsQuiet_IsReadFromItsEntryAlone()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var time = new FakeTimeProvider(StoreRig.Start);
        var rig = new StoreRig(proxy, time: time);
        await rig.WriteAsync(Answered(Call, "1", 100));
        await rig.WriteAsync(Answered(Call, "2", 100, seconds: 10));
        await rig.WriteAsync(Answered("open", "1", 100));
        time.Advance(TurnStore.Quiet);
        await rig.WriteAsync(Answered("open", "2", 100, seconds: 120));
        await rig.Store.CloseQuietAsync(Cancelled);
        var asked = new List<string>();
        proxy.Decide = request =>
        {
            asked.Add(request.Path.Contains("Days", StringComparison.Ordinal) ? "day" : "call");
            return ValueTask.FromResult(ProxyAction.Forward);
        };

        Assert.Equal((2, 4, 0.004m), Totals(await rig.OverviewAsync()));
        Assert.Equal(["day", "call"], asked);
    }

    [Fact]
    public async Task Overview_TurnsAfterMidnight_StandInAnHourOfTheirOwn()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(Answered(Call, "1", 100, seconds: (4 * 3600) - 60));
        await rig.WriteAsync(Answered(Call, "2", 100, seconds: 4 * 3600));
        await rig.WriteAsync(Answered(Call, "3", 100, seconds: 30 * 3600));

        var day = await rig.OverviewAsync();

        Assert.Equal((1, 3, 0.003m), Totals(day));
        Assert.Equal([(23, 1), (CallFigures.AfterMidnight, 2)], day.Hours.Where(hour => hour.Turns > 0).Select(hour => (hour.Hour!.Value, (int)hour.Turns)));
    }

    [Fact]
    public async Task Overview_CallOfAnEarlierVersion_IsPartialAndSaysHowManyTurns()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(Answered(Call, "1", 100));
        await rig.WriteAsync(Answered(Call, "2", 100, seconds: 1));
        foreach (var table in (TableClient[])[rig.Tables.Days, rig.Tables.Turns])
        {
            await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Cancelled))
            {
                row.Remove(nameof(CallSummary.Figures));
                row.Remove(nameof(TurnTranscript.IsCounted));
                await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancelled);
            }
        }

        var later = new StoreRig(await tables.OpenAsync(), rig.Prefix);
        // A new turn, and one in the place of a stored one.
        await later.WriteAsync(Answered(Call, "3", 100, seconds: 2));
        await later.WriteAsync(Answered(Call, "2", 100, seconds: 3));

        var day = await rig.OverviewAsync();
        Assert.Equal((1, 2, 0.003m), Totals(day));
        Assert.Equal((true, 1, null), (day.IsPartial, day.Uncounted, day.CountedSince));
    }

    [Fact]
    public async Task Overview_MoreCallsThanAreRead_SaysSinceWhenItCounts()
    {
        var rig = await RigAsync();
        for (var call = 0; call < 5; call++)
        {
            await rig.WriteAsync(Answered($"call-{call}", "1", 100, seconds: call));
        }

        var day = await new OverviewReader(rig.Tables, TimeProvider.System, maxCalls: 4, pageSize: 2).ReadAsync(DateOnly.FromDateTime(StoreRig.Start.UtcDateTime), null, Cancelled);
        var all = await new OverviewReader(rig.Tables, TimeProvider.System, maxCalls: 6, pageSize: 2).ReadAsync(DateOnly.FromDateTime(StoreRig.Start.UtcDateTime), null, Cancelled);

        Assert.Equal((4, true, StoreRig.Start.AddSeconds(1)), (day.Total.Calls, day.IsPartial, day.CountedSince));
        Assert.Equal((5, false, null), (all.Total.Calls, all.IsPartial, all.CountedSince));
    }

    [Fact]
    public async Task Overview_CallWithoutEnd_CountsUpToItsBoundAndSaysSo()
    {
        var text = "";
        var turns = 0;
        for (var more = ""; turns < 5000; text = more, turns++)
        {
            more = CallFigures.With(text, StoreRig.Start, Answered(Call, $"{turns}", 100) with { Model = $"model-{turns}" }, null, out var isCounted);
            if (!isCounted)
            {
                break;
            }
        }

        Assert.InRange(turns, 100, 4999);
        Assert.InRange(text.Length, CallFigures.MaxText - 1000, CallFigures.MaxText);
        var tally = new DayTally(null);
        tally.Add("completed", turns + 1, CallFigures.Read(text));
        var day = tally.ToOverview(default, null);
        Assert.Equal((turns, 1, true, 100), (day.Total.Turns, day.Uncounted, day.IsPartial, day.Models.Count));
    }

    [Fact]
    public void Judged_ATurnOfACallWithoutRoom_LosesNoFigure()
    {
        var call = CallSummary.Before(Answered(Call, "0", 100));
        for (var turn = 0; ; turn++)
        {
            var more = call.With(Answered(Call, $"{turn}", 100) with { Model = $"model-{turn}" }, null, out var isCounted);
            if (!isCounted)
            {
                break;
            }

            call = more;
        }

        // To the last character.
        var name = $"model-0{new string('m', CallFigures.MaxText - call.Figures.Length)}";
        call = call with { Figures = call.Figures.Replace("\"model-0\"", $"\"{name}\"", StringComparison.Ordinal) };
        var counted = Answered(Call, "0", 100) with { Model = name, IsCounted = true };

        var paid = call.Judged(counted.With(counted with { PromptTokens = 1_000_000 }), counted).Paid(new Spent(1_000_000, null, null, null));

        Assert.Equal(CallFigures.MaxText, call.Figures.Length);
        Assert.Equal((call.Turns, call.Turns), (CallFigures.Read(call.Figures).Groups.Sum(group => group.Turns), CallFigures.Read(paid.Figures).Groups.Sum(group => group.Turns)));
        Assert.Equal(1_000_000, paid.PromptTokens);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(1.01)]
    [InlineData(45.4)]
    [InlineData(999)]
    [InlineData(2500)]
    [InlineData(119_999)]
    public void Percentile_OfOneTime_IsAtMostAFortiethOff(double milliseconds)
    {
        var counts = new long[TimeBuckets.Number];
        counts[TimeBuckets.Of(milliseconds)]++;

        Assert.All([50, 95, 99], percent => Assert.InRange(
            TimeBuckets.Percentile(counts, percent)!.Value, Math.Min(milliseconds, (milliseconds / 1.025) - 0.1), Math.Max(1, (milliseconds * 1.025) + 0.1)));
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(95, 95)]
    [InlineData(99, 99)]
    public void Percentile_OfAHundredTimes_IsTheNearestRank(double percent, int rank)
    {
        var counts = new long[TimeBuckets.Number];
        for (var time = 1; time <= 100; time++)
        {
            counts[TimeBuckets.Of(time * 10)]++;
        }

        Assert.InRange(TimeBuckets.Percentile(counts, percent)!.Value, rank * 10 / 1.05, rank * 10 * 1.05);
        Assert.Null(TimeBuckets.Percentile(new long[TimeBuckets.Number], percent));
    }

    [Fact]
    public async Task GetOverview_AfterUpstreamsFailed_NamesThemWithTheirReasons()
    {
        await using var broken = FaultyUpstream.Start(Failures.Status(429));
        await using var spare = FaultyUpstream.Start(Failures.Answer("Spare."));
        await using var cut = FaultyUpstream.Start(Failures.ResetInEvent());
        await using var wrong = FaultyUpstream.Start(Failures.Status(500));
        await using var host = await TranscriptHost.StartAsync(await tables.OpenAsync(), settings: new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "voice",
            ["Models:1:Responder"] = "upstream",
            ["Models:1:Upstreams:0:BaseUrl"] = broken.BaseUrl.ToString(),
            ["Models:1:Upstreams:0:ApiKey"] = "sk-0",
            ["Models:1:Upstreams:1:BaseUrl"] = spare.BaseUrl.ToString(),
            ["Models:1:Upstreams:1:ApiKey"] = "sk-1",
            ["Models:2:Id"] = "torn",
            ["Models:2:Responder"] = "upstream",
            ["Models:2:Upstreams:0:BaseUrl"] = cut.BaseUrl.ToString(),
            ["Models:2:Upstreams:0:ApiKey"] = "sk-2",
            ["Models:3:Id"] = "lost",
            ["Models:3:Responder"] = "upstream",
            ["Models:3:Apology"] = "Sorry.",
            ["Models:3:Upstreams:0:BaseUrl"] = wrong.BaseUrl.ToString(),
            ["Models:3:Upstreams:0:ApiKey"] = "sk-3",
            ["Models:3:Upstreams:1:BaseUrl"] = broken.BaseUrl.ToString(),
            ["Models:3:Upstreams:1:ApiKey"] = "sk-4",
        });
        await host.TurnAsync("call-1", "1", model: "voice");
        await host.TurnAsync("call-2", "1", model: "torn");
        await host.TurnAsync("call-3", "1", model: "lost");
        await host.StoredAsync(3);

        using var response = await host.Operator.GetAsync("/calls/overview", Cancelled);

        Assert.Equal((200, "no-store"), ((int)response.StatusCode, response.Headers.CacheControl?.ToString()));
        var day = await Json.ReadAsync(response);
        Assert.Equal(["lost", "torn", "voice"], day.GetProperty("models").EnumerateArray().Select(model => model.GetString()));
        var upstreams = day.GetProperty("upstreams").EnumerateArray().ToDictionary(upstream => upstream.GetProperty("name").GetString()!, upstream => upstream);
        Assert.Equal(2, upstreams[broken.BaseUrl.Authority].GetProperty("failures").GetProperty("status 429").GetInt32());
        Assert.Equal(1, upstreams[spare.BaseUrl.Authority].GetProperty("turns").GetInt32());
        Assert.Equal("{}", upstreams[spare.BaseUrl.Authority].GetProperty("failures").GetRawText());
        var listed = (await host.ListAllAsync()).ToDictionary(call => call.GetProperty("instanceId").GetString()!, call => call.GetProperty("failedUpstreams").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal([broken.BaseUrl.Authority], listed["call-1"]);
        Assert.Equal("truncated", Assert.Single(upstreams[cut.BaseUrl.Authority].GetProperty("failures").EnumerateObject()).Name);
        Assert.Equal($"{broken.BaseUrl.Authority} status 429", await FailuresAsync("call-1"));
        Assert.Equal($"{cut.BaseUrl.Authority} truncated", await FailuresAsync("call-2"));
        Assert.Equal($"{wrong.BaseUrl.Authority} status 500, {broken.BaseUrl.Authority} status 429", await FailuresAsync("call-3"));
        await host.App.WaitForLogAsync(527);

        async Task<string> FailuresAsync(string call) =>
            string.Join(", ", Assert.Single(await host.CallAsync(call)).GetProperty("upstreamFailures").EnumerateArray().Select(failure => $"{failure.GetProperty("upstream").GetString()} {failure.GetProperty("reason").GetString()}"));
    }

    [Theory]
    [InlineData("day=yesterday", "day")]
    [InlineData("day=2026-11-24&day=2026-11-25", "day")]
    [InlineData("model=a&model=b", "model")]
    [InlineData("dya=2026-11-24", "dya")]
    [InlineData("outcome=failed", "outcome")]
    public async Task GetOverview_WhatItDoesNotTake_IsNamed(string query, string name)
    {
        await using var host = await TranscriptHost.StartAsync(await tables.OpenAsync());
        using var response = await host.Operator.GetAsync($"/calls/overview?{query}", Cancelled);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(name, (await Json.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Call_NamedAsTheOverview_IsReadByTheNameInTheList()
    {
        await using var host = await TranscriptHost.StartAsync(await tables.OpenAsync());
        await host.TurnAsync("overview", "1");
        await host.StoredAsync(1);

        var id = Assert.Single(await host.ListAllAsync()).GetProperty("instanceId").GetString()!;

        Assert.StartsWith("overview~", id, StringComparison.Ordinal);
        Assert.Single(await host.CallAsync(id));
    }

    private static TurnTranscript Answered(string call, string sentence, double answer, int seconds = 0) => StoreRig.Turn(call, sentence, seconds) with
    {
        Responder = "upstream",
        Upstream = Main,
        FirstSpeechMs = 20,
        FirstAnswerMs = answer,
        PromptTokens = 100,
        CachedPromptTokens = 10,
        CompletionTokens = 20,
        Cost = 0.001m,
    };

    private static void AssertNear(double expected, double actual) => Assert.InRange(actual, expected / 1.025, expected * 1.025);

    private static (long Calls, long Turns, decimal? Cost) Totals(DayOverview day) => (day.Total.Calls, day.Total.Turns, day.Total.Cost);

    private static IEnumerable<(string, int)> Sorted(IReadOnlyDictionary<string, long> counts) => counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => (count.Key, (int)count.Value));

    private static async Task<IEnumerable<string>> ListedAsync(StoreRig rig, string model) =>
        (await rig.Reader.ListAsync(DateOnly.FromDateTime(StoreRig.Start.UtcDateTime), null, new CallSearch { Model = model }, Cancelled)).Calls.Select(call => call.InstanceId).OrderDescending();

    private async Task<StoreRig> RigAsync() => new(await tables.OpenAsync());
}

public sealed class OverviewInTablesTests(SharedAzurite azurite) : OverviewTests(azurite);

public sealed class OverviewInMemoryTests() : OverviewTests(new TablesInMemory());
