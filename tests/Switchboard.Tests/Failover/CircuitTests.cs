using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Switchboard.Contract;
using Switchboard.Failover;

namespace Switchboard.Tests.Failover;

/// <summary>An upstream that keeps failing is skipped, and tried again beside the next one.</summary>
public sealed class CircuitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2.5);

    [Fact]
    public async Task Post_FirstKeepsFailing_IsSkippedAndTriedAgain()
    {
        await using var first = FaultyUpstream.Start([.. Failing, Failures.Answer("First.")]);
        await using var second = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Answer("Second."), Circuit.MinimumTurns + 4), Failures.NeverAnswer()]);
        await using var rig = await TurnRig.StartAsync([first, second]);

        await AskAsync(rig, Circuit.MinimumTurns, "Second.");
        Assert.Equal(Circuit.MinimumTurns, TurnRig.Asked(first));

        await AskAsync(rig, 3, "Second.");
        rig.Time.Advance(Circuit.Break - TimeSpan.FromMilliseconds(1));
        await AskAsync(rig, 1, "Second.");
        Assert.Equal(Circuit.MinimumTurns, TurnRig.Asked(first));
        Assert.Equal(4, rig.Logged(111).Count);

        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        await AskAsync(rig, 3, "First.");
        Assert.Equal(Circuit.MinimumTurns + 3, TurnRig.Asked(first));
    }

    [Fact]
    public async Task Warnings_OfOneHost_TellEachWayInWhichItFailsOnce()
    {
        var time = new FakeTimeProvider();
        var circuits = new Circuits(time);
        var host = new ResponderName("api.example", IsUpstream: true);
        foreach (var status in (int[])[401, 401, 404])
        {
            var circuit = circuits.Create(host);
            for (var turn = 0; turn < Circuit.MinimumTurns; turn++)
            {
                await Assert.ThrowsAsync<ResponderException>(async () =>
                    await circuit.ExecuteAsync(() => Task.FromException(new ResponderException(ResponderFailure.Status, host) { Status = status })));
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            ["upstream: api.example keeps failing, last seen 00:00:02 ago: it answered with status 401", "upstream: api.example keeps failing, last seen 00:00:01 ago: it answered with status 404"],
            circuits.Warnings());
    }

    [Fact]
    public async Task Post_TheTryIsSilent_TheCallerHearsTheNextAtOnce()
    {
        await using var first = FaultyUpstream.Start([.. Failing, Failures.HeadersThenSilence()]);
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);
        await OpenAsync(rig, first);
        rig.Time.Advance(Circuit.Break);

        // No clock is moved: nobody waits for the try.
        await AskAsync(rig, 3, "Second.");
        var tried = await TriedAsync(first, Circuit.MinimumTurns + 1);
        Assert.False(tried.ClosedByClient.IsCompleted);

        // It has its own time to prove itself, and no more.
        rig.Advance(Deadline, before: () => Assert.False(tried.ClosedByClient.IsCompleted));
        await tried.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        await rig.Host.WaitForLogAsync(110, Circuit.MinimumTurns + 1);
        rig.Time.Advance((2 * Circuit.Break) - TimeSpan.FromMilliseconds(1));
        await AskAsync(rig, 1, "Second.");
        Assert.Equal(Circuit.MinimumTurns + 1, TurnRig.Asked(first));
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        await AskAsync(rig, 1, "Second.");
        await TriedAsync(first, Circuit.MinimumTurns + 2);
    }

    [Fact]
    public async Task Post_TheTryIsSlowerButSpeaks_IsWellAgain()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = FaultyUpstream.Start([.. Failing, Failures.After(go.Task, Failures.StreamThenSilence(Sse.Role + Sse.Text("Late."))), Failures.Answer("First.")]);
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);
        await OpenAsync(rig, first);
        rig.Time.Advance(Circuit.Break);
        await AskAsync(rig, 1, "Second.");
        var tried = await TriedAsync(first, Circuit.MinimumTurns + 1);

        go.SetResult();
        await tried.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);

        await AskAsync(rig, 2, "First.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_CallerLeavesTheTry_ItProvesItselfAllTheSame(bool speaks)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = FaultyUpstream.Start([.. Failing, Failures.After(go.Task, Failures.StreamThenSilence(Sse.Role + Sse.Text("Late."))), Failures.Answer("First.")]);
        await using var second = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Answer("Second."), Circuit.MinimumTurns), Failures.NeverAnswer(), Failures.Answer("Second.")]);
        await using var rig = await TurnRig.StartAsync([first, second]);
        await OpenAsync(rig, first);
        rig.Time.Advance(Circuit.Break);
        using var leave = new CancellationTokenSource();
        var asking = rig.PostUntilAsync(true, null, null, leave.Token);
        var tried = await TriedAsync(first, Circuit.MinimumTurns + 1);
        // Else what is to keep this caller waiting would answer the next one.
        await TriedAsync(second, Circuit.MinimumTurns + 1);

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await LeftAsync(rig);
        Assert.False(tried.ClosedByClient.IsCompleted);

        if (speaks)
        {
            go.SetResult();
        }
        else
        {
            rig.Time.Advance(Deadline);
        }

        await tried.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        await AskAsync(rig, 1, speaks ? "First." : "Second.");
    }

    [Fact]
    public async Task Stop_WithATryUnderWay_EndsIt()
    {
        await using var first = FaultyUpstream.Start([.. Failing, Failures.HeadersThenSilence()]);
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        RecordedRequest tried;
        await using (var rig = await TurnRig.StartAsync([first, second]))
        {
            await OpenAsync(rig, first);
            rig.Time.Advance(Circuit.Break);
            await AskAsync(rig, 1, "Second.");
            tried = await TriedAsync(first, Circuit.MinimumTurns + 1);
        }

        await tried.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Post_TheTryFailsAndSoDoesTheNext_TheThirdIsAsked()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(503));
        await using var second = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Answer("Second."), Circuit.MinimumTurns), Failures.Status(400)]);
        await using var third = FaultyUpstream.Start(Failures.Answer("Third."));
        await using var rig = await TurnRig.StartAsync([first, second, third]);
        await AskAsync(rig, Circuit.MinimumTurns, "Second.");
        rig.Time.Advance(Circuit.Break);

        await AskAsync(rig, 1, "Third.");

        Assert.Equal((Circuit.MinimumTurns + 1, Circuit.MinimumTurns + 1, 1), (TurnRig.Asked(first), TurnRig.Asked(second), TurnRig.Asked(third)));
    }

    [Fact]
    public async Task Post_NextFailsWhileTheFirstIsLeftAlone_TheFirstIsAskedAfterAll()
    {
        await using var first = FaultyUpstream.Start([.. Failing, Failures.Answer("Back again.")]);
        await using var second = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Answer("Second."), Circuit.MinimumTurns), Failures.Status(500)]);
        await using var rig = await TurnRig.StartAsync([first, second]);
        await AskAsync(rig, Circuit.MinimumTurns, "Second.");

        // By its answer it has shown that it is well: the next turn asks it first.
        await AskAsync(rig, 2, "Back again.");

        Assert.Equal(Circuit.MinimumTurns + 1, TurnRig.Asked(second));
        Assert.Empty(rig.Logged(111));
    }

    [Fact]
    public async Task Post_EveryCircuitIsOpen_AsksThemAllAtOnce()
    {
        await using var first = FaultyUpstream.Start([.. Failing, Failures.NeverAnswer()]);
        await using var second = FaultyUpstream.Start([.. Failing, Failures.Answer("Back again.")]);
        await using var rig = await TurnRig.StartAsync([first, second]);
        for (var turn = 0; turn < Circuit.MinimumTurns; turn++)
        {
            (await rig.AskAsync()).AssertFails("upstream_error");
        }

        // No clock is moved: a silent one keeps nobody waiting.
        await AskAsync(rig, 2, "Back again.");
    }

    [Fact]
    public async Task Post_OnlyUpstreamKeepsFailing_IsAlwaysAsked()
    {
        await using var only = FaultyUpstream.Start(Failures.Status(503));
        await using var rig = await TurnRig.StartAsync([only]);

        for (var turn = 1; turn <= 2 * Circuit.MinimumTurns; turn++)
        {
            (await rig.AskAsync()).AssertFails("upstream_error");
            Assert.Equal(turn, TurnRig.Asked(only));
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Post_RequestsAreBlamed_OpensNoCircuit(int status)
    {
        await using var first = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Status(status), 2 * Circuit.MinimumTurns), Failures.Answer("First.")]);
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);
        await AskAsync(rig, 2 * Circuit.MinimumTurns, "Second.");

        await AskAsync(rig, 1, "First.");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Post_KeyAccountOrModelIsRefused_OpensTheCircuit(int status)
    {
        await using var first = FaultyUpstream.Start(Failures.Status(status));
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);

        await AskAsync(rig, 2 * Circuit.MinimumTurns, "Second.");

        Assert.Equal(Circuit.MinimumTurns, TurnRig.Asked(first));
    }

    private static IEnumerable<Behaviour> Failing => Enumerable.Repeat(Failures.Status(503), Circuit.MinimumTurns);

    // Has the second answer until the first is left alone.
    private static async Task OpenAsync(TurnRig rig, FaultyUpstream first)
    {
        await AskAsync(rig, Circuit.MinimumTurns, "Second.");
        Assert.Equal(Circuit.MinimumTurns, TurnRig.Asked(first));
    }

    // The turn with this number, from 1.
    private static async Task<RecordedRequest> TriedAsync(FaultyUpstream upstream, int number)
    {
        while (TurnRig.Asked(upstream) < number)
        {
            await TurnRig.NextTurnAsync(upstream);
        }

        return upstream.Requests.Where(request => request.Method == "POST").ElementAt(number - 1);
    }

    private static async Task LeftAsync(TurnRig rig)
    {
        await foreach (var record in rig.Host.Logs.GetLogsAsync(TestContext.Current.CancellationToken))
        {
            if (record.Id.Id == 100 && record.GetStructuredStateValue("Outcome") == "caller_left")
            {
                break;
            }
        }
    }

    private static async Task AskAsync(TurnRig rig, int turns, string answer)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            (await rig.AskAsync()).AssertSays(answer);
        }
    }

    [Fact]
    public async Task Execute_KeepsFailing_TriesGrowApartUntilOneSucceeds()
    {
        var time = new FakeTimeProvider();
        var circuit = new Circuit(time);
        for (var round = 0; round < 2; round++)
        {
            for (var turn = 0; turn < Circuit.MinimumTurns; turn++)
            {
                Assert.True(circuit.IsClosed);
                await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(circuit));
            }

            foreach (var seconds in new[] { 15, 30, 60, 120, 120 })
            {
                time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
                await Assert.ThrowsAsync<BrokenCircuitException>(() => FailAsync(circuit));
                Assert.False(circuit.IsClosed);
                time.Advance(TimeSpan.FromMilliseconds(1));
                await Assert.ThrowsAsync<InvalidOperationException>(() => FailAsync(circuit));
            }

            time.Advance(Circuit.LongestBreak);
            await circuit.ExecuteAsync(() => Task.CompletedTask);
        }

        static async Task FailAsync(Circuit circuit) => await circuit.ExecuteAsync(() => Task.FromException(new InvalidOperationException()));
    }
}
