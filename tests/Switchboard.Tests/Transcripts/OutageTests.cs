using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>A table service that is away, busy or refuses: no call ever notices.</summary>
public abstract class OutageTests(TestTables tables)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // A pattern that takes too long derives from TimeoutException, and is an error in this app all the same.
    [Fact]
    public void IsOutage_PatternThatTookTooLong_IsNone()
    {
        Assert.False(TranscriptTables.IsOutage(new RegexMatchTimeoutException()));
        Assert.True(TranscriptTables.IsOutage(new TimeoutException()));
    }

    [Fact]
    public async Task Store_FaultOfThisApp_IsCountedApartAndLoggedWithItsStack()
    {
        await using var host = await TestHost.StartAsync(
            settings: new Dictionary<string, string?> { ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true" },
            services: services => services.AddSingleton(StoreRig.Broken()));
        using var dropped = new MetricCollector<long>(host.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, "switchboard.transcripts.dropped");

        using var response = await host.PostAsync(Json.Request(said: "caller-words"));

        var line = await host.WaitForLogAsync(508);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains(nameof(TurnStore), line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("words", line.Message, StringComparison.Ordinal);
        Assert.Equal("failed", Assert.Single(dropped.GetMeasurementSnapshot()).Tags["reason"]);
    }

    [Fact]
    public async Task Queue_FullInAnOutage_DropsCountsAndLogsOnce()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Drop);
        await using var host = await TranscriptHost.StartAsync(proxy, settings: new Dictionary<string, string?> { ["Transcripts:QueueCapacity"] = "5" });

        for (var call = 0; call < 12; call++)
        {
            Assert.Contains("[DONE]", await host.TurnAsync($"call-{call}", "1"), StringComparison.Ordinal);
        }

        await host.Dropped.WaitForMeasurementsAsync(7, TimeSpan.FromSeconds(60));
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        await host.StoredAsync(5);

        Assert.Equal(7, host.Dropped.GetMeasurementSnapshot().EvaluateAsCounter());
        Assert.All(host.Dropped.GetMeasurementSnapshot(), drop => Assert.Equal("queue_full", drop.Tags["reason"]));
        Assert.Equal(5, (await host.ListAllAsync()).Count);
        Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 503);
        Assert.Equal("The queue of transcripts has room again; 7 were dropped", (await host.App.WaitForLogAsync(504)).Message);
        // The next outage is told again, and nothing of the calls is in any line.
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Category!.Contains("Transcripts", StringComparison.Ordinal) && record.Message.Contains("call-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_FullByBytes_DropsWhatDoesNotFit()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Drop);
        await using var host = await TranscriptHost.StartAsync(proxy, settings: new Dictionary<string, string?> { ["Transcripts:QueueBytes"] = $"{4 * 1024 * 1024}" });
        var words = new string('x', 150_000);

        for (var call = 0; call < 30; call++)
        {
            await host.TurnAsync($"call-{call}", "1", words);
        }

        // 13 times 300 kB fit.
        await host.Dropped.WaitForMeasurementsAsync(17, TimeSpan.FromSeconds(60));
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        await host.StoredAsync(13);
    }

    [Theory]
    [InlineData(nameof(ProxyAction.Busy))]
    [InlineData(nameof(ProxyAction.Drop))]
    [InlineData(nameof(ProxyAction.DropAnswer))]
    public async Task Requests_EverySeventhFails_LosesAndDoublesNothing(string action)
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var requests = 0;
        proxy.Decide = _ => ValueTask.FromResult(Interlocked.Increment(ref requests) % 7 == 0 ? Enum.Parse<ProxyAction>(action) : ProxyAction.Forward);
        await using var host = await TranscriptHost.StartAsync(proxy);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async call =>
        {
            for (var sentence = 1; sentence <= 3; sentence++)
            {
                await host.TurnAsync($"call-{call}", $"{sentence}");
            }
        }));
        await host.StoredAsync(60);

        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        Assert.All(await host.ListAllAsync(), call => Assert.Equal(3, call.GetProperty("turns").GetInt32()));
        Assert.All(await host.CallAsync("call-7"), turn => Assert.Equal(1, turn.GetProperty("requests").GetInt32()));
        Assert.Empty(host.Dropped.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Requests_ThatWillNeverSucceed_DoNotBlockTheQueue()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        proxy.Decide = request => ValueTask.FromResult(TableProxy.IsWrite(request) ? ProxyAction.Refuse : ProxyAction.Forward);
        await using var host = await TranscriptHost.StartAsync(proxy);

        for (var sentence = 1; sentence <= 3; sentence++)
        {
            await host.TurnAsync("call", $"{sentence}", "secret-words");
        }

        await host.Dropped.WaitForMeasurementsAsync(3, TimeSpan.FromSeconds(60));
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        await host.TurnAsync("call", "4");
        await host.StoredAsync(1);

        Assert.All(host.Dropped.GetMeasurementSnapshot(), drop => Assert.Equal("rejected", drop.Tags["reason"]));
        Assert.Equal("4", Assert.Single(await host.CallAsync("call")).GetProperty("sentenceId").GetString());
        Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 505);
        Assert.Equal("The table service takes transcripts again; 3 in a row were dropped", (await host.App.WaitForLogAsync(506)).Message);
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Message.Contains("secret-words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_WithTurnsWaiting_StoresThemFirst()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.Decide = async _ =>
        {
            await gate.Task;
            return ProxyAction.Forward;
        };
        await using var host = await TranscriptHost.StartAsync(proxy);
        for (var sentence = 1; sentence <= 3; sentence++)
        {
            // The answer is whole while nothing can be stored.
            Assert.Contains("[DONE]", await host.TurnAsync("call", $"{sentence}"), StringComparison.Ordinal);
        }

        var stopped = host.App.StopAsync(Cancelled);
        gate.SetResult();
        await stopped;

        Assert.Equal(3, (await new StoreRig(proxy, host.Prefix).ReadAsync("call")).Count);
        Assert.Empty(host.Dropped.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Stop_BetweenTwoAttempts_TriesAtOnce()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Drop);
        // No test would see the end of this pause.
        var retry = new TranscriptRetry(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await using var host = await TranscriptHost.StartAsync(proxy, retry: retry);
        await host.TurnAsync("call", "1");
        await host.App.WaitForLogAsync(501);

        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        await host.App.StopAsync(Cancelled);

        Assert.Single(await new StoreRig(proxy, host.Prefix).ReadAsync("call"));
        Assert.Empty(host.Dropped.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Storage_ComesBack_FirstSuccessEndsThePausesOfAll()
    {
        // More than are stored at once: each is in a pause whose end no test would see.
        const int calls = 100;
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (requests, isAway) = (0, true);
        proxy.Decide = async _ =>
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                await first.Task;
            }
            else if (Volatile.Read(ref isAway))
            {
                return ProxyAction.Drop;
            }

            return ProxyAction.Forward;
        };
        await using var host = await TranscriptHost.StartAsync(proxy, retry: new TranscriptRetry(TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
        for (var call = 0; call < calls; call++)
        {
            await host.TurnAsync($"call-{call}", "1");
        }

        await host.App.WaitForLogAsync(501);
        Volatile.Write(ref isAway, false);
        first.SetResult();
        await host.StoredAsync(calls);

        Assert.Equal(calls, (await host.ListAllAsync()).Count);
        Assert.Empty(host.Dropped.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task Queue_OfOneCallPilesUp_IsStoredInFewRequests()
    {
        const int turns = 24;
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = 0;
        proxy.Decide = async _ =>
        {
            await gate.Task;
            Interlocked.Increment(ref requests);
            return ProxyAction.Forward;
        };
        await using var host = await TranscriptHost.StartAsync(proxy);
        for (var sentence = 1; sentence <= turns; sentence++)
        {
            await host.TurnAsync("call", $"{sentence}");
        }

        gate.SetResult();
        await host.StoredAsync(turns);

        // One alone makes the tables; the others come twelve at a time. Apart, each would take four requests.
        Assert.InRange(requests, 1, 2 * turns);
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        Assert.Equal(Enumerable.Range(1, turns), (await host.CallAsync("call")).Select(turn => int.Parse(turn.GetProperty("sentenceId").GetString()!, CultureInfo.InvariantCulture)));
        Assert.Equal(turns, Assert.Single(await host.ListAllAsync()).GetProperty("turns").GetInt32());
    }

    [Fact]
    public async Task Queue_OneTurnOfACallIsRefused_LosesNoOther()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writes = 0;
        proxy.Decide = async request =>
        {
            await gate.Task;
            // The first alone, then the two others together, then each of the two by itself.
            return TableProxy.IsWrite(request) && Interlocked.Increment(ref writes) is 2 or 3 ? ProxyAction.Refuse : ProxyAction.Forward;
        };
        await using var host = await TranscriptHost.StartAsync(proxy);
        for (var sentence = 1; sentence <= 3; sentence++)
        {
            await host.TurnAsync("call", $"{sentence}");
        }

        gate.SetResult();
        await host.StoredAsync(2);

        Assert.Equal("rejected", Assert.Single(host.Dropped.GetMeasurementSnapshot()).Tags["reason"]);
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        Assert.Equal(["1", "3"], (await host.CallAsync("call")).Select(turn => turn.GetProperty("sentenceId").GetString()));
    }

    [Fact]
    public async Task Stop_BeforeATurnEnds_CountsItAsStopped()
    {
        await using var host = await TranscriptHost.StartAsync(await tables.OpenAsync());
        await host.App.StopAsync(Cancelled);

        host.App.Services.GetRequiredService<TranscriptQueue>().Enqueue(StoreRig.Turn("call", "1"));

        Assert.Equal("stopped", Assert.Single(host.Dropped.GetMeasurementSnapshot()).Tags["reason"]);
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Id.Id == 503);
    }

    [Fact]
    public async Task Stop_InAnOutage_EndsInBoundedTimeAndCountsWhatIsLost()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Drop);
        await using var host = await TranscriptHost.StartAsync(proxy);
        for (var sentence = 1; sentence <= 3; sentence++)
        {
            await host.TurnAsync("call", $"{sentence}");
        }

        // The time that the host gives is over at once.
        await host.App.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(3, host.Dropped.GetMeasurementSnapshot().EvaluateAsCounter());
        Assert.Equal("stopped", Assert.Single(host.Dropped.GetMeasurementSnapshot()).Tags["reason"]);
        Assert.Equal("The app stopped before 3 transcripts were stored; they are lost", host.App.Logs.GetSnapshot().Single(record => record.Id.Id == 507).Message);
    }
}

public sealed class OutageInTablesTests(SharedAzurite azurite) : OutageTests(azurite)
{
    [Fact]
    public async Task Azurite_StoppedAmidTwoHundredCalls_EveryCallCompletesAndEveryTurnIsStoredOnce()
    {
        const int calls = 200;
        await using var own = await Azurite.StartNewAsync();
        await using var host = await TranscriptHost.StartAsync(own, settings: new Dictionary<string, string?> { ["Limits:MaxConcurrentTurns"] = "1000" });
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finished = 0;
        var running = Task.WhenAll(Enumerable.Range(0, calls).Select(async call =>
        {
            for (var sentence = 1; sentence <= 3; sentence++)
            {
                Assert.EndsWith("data: [DONE]\n\n", await host.TurnAsync($"call-{call}", $"{sentence}", $"words {sentence}"), StringComparison.Ordinal);
                if (Interlocked.Increment(ref finished) == calls)
                {
                    halfway.SetResult();
                }
            }
        }));
        await halfway.Task;
        await own.StopAsync();
        await running;

        // Storing takes several requests a turn, and answering none: most turns are still waiting.
        Assert.Contains(host.App.Logs.GetSnapshot(), record => record.Id.Id == 501);
        await own.StartAsync();
        await host.StoredAsync(3 * calls);

        var rig = new StoreRig(own, host.Prefix);
        for (var call = 0; call < calls; call++)
        {
            var turns = await rig.ReadAsync($"call-{call}");
            Assert.Equal([("1", 1), ("2", 1), ("3", 1)], turns.Select(turn => (turn.SentenceId!, turn.Requests)));
            Assert.Equal(["words 1", "words 2", "words 3"], turns.Select(turn => turn.Heard));
        }

        var listed = await host.ListAllAsync();
        Assert.Equal(calls, listed.Select(call => call.GetProperty("instanceId").GetString()).Distinct().Count());
        Assert.All(listed, call => Assert.Equal(3, call.GetProperty("turns").GetInt32()));
        Assert.Equal(calls, listed.Count);
        Assert.Empty(host.Dropped.GetMeasurementSnapshot());
        Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 502);
    }
}

public sealed class OutageInMemoryTests() : OutageTests(new TablesInMemory())
{
    private const int Calls = 700;
    private const int Turns = 7;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // A proxy, or a firewall, answers without a code.
    [Theory]
    [InlineData(null, "they wait in the queue: 403, RequestFailedException")]
    [InlineData("AuthorizationFailure", "they wait in the queue: 403 AuthorizationFailure, RequestFailedException")]
    public async Task Outage_WithAndWithoutACode_IsToldInWholeWords(string? code, string told)
    {
        await using var proxy = await TableProxy.StartAsync(await new TablesInMemory().OpenAsync());
        await using var host = await TranscriptHost.StartAsync(proxy);

        host.App.Services.GetRequiredService<TranscriptReport>().FailedFor(new RequestFailedException(403, "No.", code, null));

        Assert.Contains(told, (await host.App.WaitForLogAsync(501)).Message, StringComparison.Ordinal);
    }

    // What the turns leave of Limits:Drain is not for an outage.
    [Fact]
    public async Task Stop_InAnOutageWithNoTurnOpen_WaitsForItsOwnTimeAndSaysForHowMany()
    {
        await using var proxy = await TableProxy.StartAsync(await new TablesInMemory().OpenAsync());
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Drop);
        var time = new WatchedTime();
        await using var host = await TranscriptHost.StartAsync(proxy, settings: new Dictionary<string, string?> { ["Limits:Drain"] = "00:02:00" }, time: time);
        for (var call = 0; call < 3; call++)
        {
            host.App.Services.GetRequiredService<TranscriptQueue>().Enqueue(StoreRig.Turn($"call-{call}", "1"));
        }

        var stopped = host.App.StopAsync(Cancelled);
        Assert.Equal(
            "The app stops, and 3 transcripts wait to be stored: it is tried for 00:00:10 at most",
            (await host.App.WaitForLogAsync(515)).Message);
        await time.WaitForTimerAsync(due => due == TimeSpan.FromSeconds(10), Cancelled);
        time.Advance(TimeSpan.FromSeconds(10));
        await time.WaitForTimerAsync(due => due == TimeSpan.FromSeconds(0.4), Cancelled);
        time.Advance(TimeSpan.FromSeconds(0.4));
        await stopped;

        Assert.Equal("The app stopped before 3 transcripts were stored; they are lost", Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 507).Message);
    }

    // A request takes milliseconds and a stop leaves seconds: one call after the other, most of those that wait would be lost.
    [Fact]
    public async Task Queue_OfManyCalls_IsStoredManyAtOnce()
    {
        await using var proxy = await TableProxy.StartAsync(await new TablesInMemory().OpenAsync());
        var (all, running) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        proxy.Decide = async _ =>
        {
            if (Interlocked.Increment(ref running) == TranscriptWriter.Writers)
            {
                all.SetResult();
            }

            await all.Task;
            return ProxyAction.Forward;
        };
        await using var host = await TranscriptHost.StartAsync(proxy);
        var queue = host.App.Services.GetRequiredService<TranscriptQueue>();
        for (var call = 0; call < Calls; call++)
        {
            queue.Enqueue(StoreRig.Turn($"call-{call}", "1"));
        }

        await host.StoredAsync(Calls);
        Assert.InRange(TranscriptWriter.Writers, 32, 64);
    }

    [Theory]
    [InlineData(nameof(ProxyAction.Drop), 0)]
    [InlineData(nameof(ProxyAction.Busy), 100)]
    // What was written, and nobody was told of it.
    [InlineData(nameof(ProxyAction.DropAnswer), 0)]
    [InlineData(nameof(ProxyAction.DropAnswer), 500)]
    public async Task Stop_ThousandsWaitAndStorageIsJustBack_LosesNoneAndCountsEachOnce(string outage, int stillFailing)
    {
        await using var proxy = await TableProxy.StartAsync(await new TablesInMemory().OpenAsync());
        var (action, back) = (Enum.Parse<ProxyAction>(outage), int.MaxValue);
        var requests = 0;
        proxy.Decide = _ => ValueTask.FromResult(Interlocked.Increment(ref requests) < Volatile.Read(ref back) ? action : ProxyAction.Forward);
        var time = new WatchedTime();
        time.SetUtcNow(StoreRig.Start);
        await using var host = await TranscriptHost.StartAsync(proxy, time: time, retry: TranscriptRetry.Default);
        var queue = host.App.Services.GetRequiredService<TranscriptQueue>();
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var call = 0; call < Calls; call++)
            {
                queue.Enqueue(StoreRig.Turn($"call-{call}", $"{turn}", turn) with { Cost = 0.001m, FirstAnswerMs = 100 });
            }
        }

        await host.App.WaitForLogAsync(501);
        Volatile.Write(ref back, Volatile.Read(ref requests) + stillFailing);
        var stopped = host.App.StopAsync(Cancelled);
        while (!stopped.IsCompleted)
        {
            // The pauses of a stop, but for those that still fail, and not the time that a stop leaves them.
            var pause = time.WaitForTimerAsync(due => due <= TranscriptRetry.Hurried.Longest, Cancelled);
            if (await Task.WhenAny(stopped, pause) == pause)
            {
                time.Advance(await pause);
            }
        }

        await stopped;

        Assert.Empty(host.Dropped.GetMeasurementSnapshot());
        var rig = new StoreRig(proxy, host.Prefix);
        var day = await rig.OverviewAsync();
        Assert.Equal((Calls, Calls * Turns, 0), (day.Total.Calls, day.Total.Turns, day.Uncounted));
        Assert.Equal((0.001m * Calls * Turns, Calls * Turns), (day.Total.Cost, day.Total.Priced));
        var listed = new List<CallSummary>();
        string? after = null;
        do
        {
            var page = await rig.Reader.ListAsync(DateOnly.FromDateTime(StoreRig.Start.UtcDateTime), after, CallSearch.All, TestContext.Current.CancellationToken);
            listed.AddRange(page.Calls);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(Calls, listed.Select(call => call.InstanceId).Distinct().Count());
        Assert.All(listed, call => Assert.Equal((Turns, 0.001m * Turns), (call.Turns, call.Cost)));
    }
}
