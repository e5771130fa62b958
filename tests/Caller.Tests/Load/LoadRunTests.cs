using Caller.Load;
using Caller.Platform;
using Caller.Tests.Servers;
using Caller.Wire;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Testing;

namespace Caller.Tests.Load;

public sealed class LoadRunTests
{
    private static readonly LoadOptions Options = new() { Model = ServerBehaviour.Model, Key = ServerBehaviour.Key };

    [Fact]
    public async Task ExecuteAsync_ClosedLoop_MakesEveryCallWithAllItsTurns()
    {
        // On a clock that stands still the run would never end: it is moved past the duration by the last turn.
        var clock = new FakeTimeProvider();
        var turns = 0;
        await using var counting = await FixtureServer.StartAsync(new ServerBehaviour
        {
            AroundTurn = async (_, _, inner) =>
            {
                await inner();
                if (Interlocked.Increment(ref turns) == 1 + (3 * 4))
                {
                    clock.Advance(TimeSpan.FromSeconds(30));
                }
            },
        });
        var report = await RunAsync(counting, Options with { Calls = 3, Turns = 4, Think = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromMinutes(5) }, new LoadMeter(), clock, TestContext.Current.CancellationToken);

        Assert.True(report.Turns >= 12, $"{report}");
        Assert.True(report.Calls >= 3, $"{report}");
        Assert.Equal(0, report.Failed);
        Assert.Equal(0, report.Active);
        Assert.Equal(report.Turns, report.FirstSpeech.Count);
        Assert.True(report.Gaps.Count > report.Turns);
    }

    [Fact]
    public async Task ExecuteAsync_AnotherPlatform_MakesItsTurns()
    {
        var clock = new FakeTimeProvider();
        await using var server = await CannedServer.StartAsync(Canned.Says("Hi."));

        // One turn warms the tool up; then two calls of two turns each, twice.
        server.OnRequest = number => clock.Advance(number == 1 + 8 ? TimeSpan.FromSeconds(30) : TimeSpan.Zero);
        var platform = VoicePlatforms.Find("zego")!;
        Assert.True(Caller.Wire.Endpoint.TryCreate($"{server.Address}/v1/chat/completions", ["call={call}"], out var endpoint, out var error, platform.FullUrl), error);
        var options = Options with { Platform = platform, Headers = ["X-Call={call}"], Calls = 2, Turns = 2, Think = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromMinutes(5) };

        var report = await new LoadRun(new PlatformClient(TestClients.Factory, endpoint, clock), options, new LoadMeter(), clock).ExecuteAsync(null, TestContext.Current.CancellationToken);

        Assert.Equal(0, report.Failed);
        Assert.All(server.Seen, seen => Assert.Equal(["/v1/chat/completions?call=" + Call(seen), Call(seen)], [seen.Target, seen.Header("X-Call")]));
        Assert.Contains(server.Seen, seen => seen.Body["agent_info"]!["round_id"]!.GetValue<int>() == 2 && seen.Messages.Count == 4);
        Assert.True(server.Seen.Select(Call).Distinct().Count() > 2);

        static string Call(SeenRequest seen) => seen.Body["agent_info"]!["agent_instance_id"]!.GetValue<string>();
    }

    [Fact]
    public async Task ExecuteAsync_OpenLoopOnAServerThatStandsStill_ChargesTheWaitToThoseWhoWaited()
    {
        var clock = new WatchedTime();
        var stalled = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var thirdCall = new TaskCompletionSource();
        var turns = 0;
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            AroundTurn = async (_, _, inner) =>
            {
                // The first turn only warms the tool up; the second is the first that counts.
                switch (Interlocked.Increment(ref turns))
                {
                    case 2:
                        stalled.SetResult();
                        await goOn.Task;
                        break;
                    case 4:
                        thirdCall.SetResult();
                        break;
                }

                await inner();
            },
        });
        var meter = new LoadMeter();
        var options = Options with { Calls = 1, Rate = 1, Turns = 1, Duration = TimeSpan.FromHours(1), Timeout = TimeSpan.FromHours(1) };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var run = RunAsync(server, options, meter, clock, stop.Token);
        await stalled.Task.WaitAsync(TestContext.Current.CancellationToken);

        // One line, and it is taken: the calls of seconds 1 to 4 are due, but cannot begin before second 5. Each second begins when the next call is waited for.
        for (var second = 1; second <= 5; second++)
        {
            await clock.WaitForTimerAsync(wait => wait == TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        goOn.SetResult();
        // The second one is over when the third has its line.
        await thirdCall.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await run;
        var charged = meter.Samples().Single(sample => sample.Intended == TimeSpan.FromSeconds(1));
        Assert.True(charged.FirstSpeech >= TimeSpan.FromSeconds(4), $"charged {charged.FirstSpeech}");
        Assert.Null(charged.Error);
    }

    [Theory]
    [InlineData(7, 7, 8)]
    [InlineData(-0.5, 0, 1)]
    public async Task ExecuteAsync_ToolThatIsNotOnTime_ChargesTheServerForNothingOfIt(double off, double least, double most)
    {
        await using var server = await CannedServer.StartAsync(Canned.Says("Hi."));
        Assert.True(Caller.Wire.Endpoint.TryCreate(server.Address, [], out var endpoint, out var error), error);
        var clock = new ImpreciseClock(TimeSpan.FromMilliseconds(off));
        var meter = new LoadMeter();

        var report = await new LoadRun(
            new PlatformClient(TestClients.Factory, endpoint, clock),
            Options with { Calls = 1, Turns = 3, Think = TimeSpan.FromSeconds(2), Duration = TimeSpan.FromSeconds(30), Timeout = TimeSpan.FromHours(1) }, meter, clock).ExecuteAsync(null, TestContext.Current.CancellationToken);

        // The clock moves only while the tool waits.
        Assert.True(report.Turns > 10, $"{report}");
        Assert.All(meter.Samples(), sample => Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (sample.FirstSpeech, sample.Whole)));
        Assert.InRange(report.Late.Max, least * 0.99, most * 1.01);
    }

    [Theory]
    [InlineData("the right key refused", "status 401")]
    [InlineData("no [DONE]", "no [DONE]")]
    [InlineData("connection cut in the middle", "broken off")]
    [InlineData("error event in every stream", "error event")]
    [InlineData("event stream called plain text", null)]
    [InlineData("one JSON object where a stream was asked for", "not an event stream")]
    [InlineData("nothing to say", "nothing said")]
    public async Task ExecuteAsync_BrokenServer_CountsErrorsByKind(string name, string? kind)
    {
        var clock = new FakeTimeProvider();
        var turns = 0;
        var broken = BrokenServer.All.Single(server => server.Name == name).Create();
        await using var server = await FixtureServer.StartAsync(broken with
        {
            Around = async (context, inner) =>
            {
                // The second request is the first that counts; no other is to follow it.
                if (Interlocked.Increment(ref turns) == 2)
                {
                    clock.Advance(TimeSpan.FromMinutes(1));
                }

                await inner();
            },
        });

        var report = await RunAsync(server, Options with { Calls = 1, Turns = 1, Duration = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromMinutes(5), Think = TimeSpan.Zero }, new LoadMeter(), clock, TestContext.Current.CancellationToken);

        Assert.Equal(kind is null ? [] : [kind], report.Errors.Keys);
        Assert.Equal(1, report.Turns);
    }

    [Fact]
    public async Task ExecuteAsync_Cancelled_EndsWithAReportOfWhatWasCutOff()
    {
        var answering = new TaskCompletionSource();
        var hungUp = new TaskCompletionSource();
        var turns = 0;
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            AroundTurn = async (context, _, inner) =>
            {
                if (Interlocked.Increment(ref turns) == 1)
                {
                    await inner();
                    return;
                }

                context.RequestAborted.Register(hungUp.SetResult);
                answering.SetResult();
                await hungUp.Task;
            },
        });
        using var stop = new CancellationTokenSource();

        var run = RunAsync(server, Options with { Calls = 1 }, new LoadMeter(), TimeProvider.System, stop.Token);
        await answering.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        var report = await run;

        await hungUp.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 1, 0), (report.Turns, report.CutOff, report.Failed));
    }

    [Fact]
    public async Task ExecuteAsync_ServerThatDoesNotAnswerTheFirstTurn_ShowsProgressNevertheless()
    {
        var shown = new TaskCompletionSource();
        var turns = 0;
        var turnsWhenShown = 0;
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            AroundTurn = async (context, _, inner) =>
            {
                if (Interlocked.Increment(ref turns) == 1)
                {
                    await shown.Task.WaitAsync(context.RequestAborted);
                }

                await inner();
            },
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        await RunAsync(server, Options with { Calls = 1, Timeout = TimeSpan.FromSeconds(60) }, new LoadMeter(), TimeProvider.System, stop.Token, _ =>
        {
            if (shown.TrySetResult())
            {
                turnsWhenShown = Volatile.Read(ref turns);
                stop.Cancel();
            }
        });

        Assert.True(turnsWhenShown <= 1, $"{turnsWhenShown} turns were made before anything was shown");
    }

    private static Task<LoadReport> RunAsync(FixtureServer server, LoadOptions options, LoadMeter meter, TimeProvider time, CancellationToken cancellationToken, Action<LoadReport>? onProgress = null)
    {
        Assert.True(Caller.Wire.Endpoint.TryCreate(server.BaseUrl, [], out var endpoint, out var error), error);
        return new LoadRun(new PlatformClient(TestClients.Factory, endpoint, time), options, meter, time).ExecuteAsync(onProgress, cancellationToken);
    }

    /// <summary>A clock that stands still but for who waits on it, and then goes by so much more or less than it was asked for.</summary>
    private sealed class ImpreciseClock(TimeSpan off) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _now);

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // Those of an hour end an answer, and none of these takes any time.
            if (dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromMinutes(1))
            {
                Interlocked.Add(ref _now, (dueTime + off).Ticks);
                ThreadPool.QueueUserWorkItem(_ => callback(state));
            }

            return new NoTimer();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
