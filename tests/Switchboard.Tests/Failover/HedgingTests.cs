namespace Switchboard.Tests.Failover;

/// <summary>The next upstream beside a slow one.</summary>
public sealed class HedgingTests
{
    private static readonly TimeSpan HedgeAfter = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Post_SecondSpeaksFirst_WinsAndTheFirstIsClosed()
    {
        await using var first = FaultyUpstream.Start(Failures.ReasoningThenSilence());
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var third = FaultyUpstream.Start();
        await using var rig = await StartAsync(first, second, third);
        var posting = rig.PostAsync();
        var slow = await TurnRig.NextTurnAsync(first);
        Assert.False(slow.ClosedByClient.IsCompleted);
        await HedgeIsSetAsync(rig);

        rig.Advance(HedgeAfter, before: () => Assert.Equal(0, TurnRig.Asked(second)));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("Second.");
        await slow.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(HedgeAfter, TurnLine.Of(rig.Host).FirstSpeech);
        Assert.Equal(0, TurnRig.Asked(third));
        // To be slower than another is no failure.
        Assert.Empty(rig.Logged(110));
    }

    [Fact]
    public async Task Post_FirstSpeaksAfterAll_WinsAndTheSecondIsClosed()
    {
        using var gate = new SemaphoreSlim(0);
        await using var first = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role, Sse.Text("First."), Sse.Finish() + Sse.Done));
        await using var second = FaultyUpstream.Start(Failures.HeadersThenSilence());
        await using var rig = await StartAsync(first, second);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(first);
        await HedgeIsSetAsync(rig);
        rig.Time.Advance(HedgeAfter);
        var beside = await TurnRig.NextTurnAsync(second);

        gate.Release(2);

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("First.");
        await beside.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Post_BothSpeak_IsOneAnswerWhole()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var first = FaultyUpstream.Start(Failures.After(go.Task, Failures.Answer("One ", "voice.")));
        await using var second = FaultyUpstream.Start(Failures.After(go.Task, Failures.Answer("One ", "voice.")));
        await using var rig = await StartAsync(first, second);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(first);
        await HedgeIsSetAsync(rig);
        rig.Time.Advance(HedgeAfter);
        await TurnRig.NextTurnAsync(second);

        go.SetResult();

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("One voice.");
    }

    [Fact]
    public async Task Post_FirstFails_TheSecondIsAskedWithoutWaiting()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(503));
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await StartAsync(first, second);

        (await rig.AskAsync()).AssertSays("Second.");
    }

    [Fact]
    public async Task Post_TheHedgeFails_TheFirstIsStillHeard()
    {
        using var gate = new SemaphoreSlim(0);
        await using var first = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role, Sse.Text("First."), Sse.Finish() + Sse.Done));
        await using var second = FaultyUpstream.Start(Failures.Status(500));
        await using var rig = await StartAsync(first, second);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(first);
        await HedgeIsSetAsync(rig);
        rig.Time.Advance(HedgeAfter);
        await foreach (var record in rig.Host.Logs.GetLogsAsync(TestContext.Current.CancellationToken))
        {
            if (record.Id.Id == 110)
            {
                break;
            }
        }

        gate.Release(2);

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("First.");
    }

    [Fact]
    public async Task Post_AllSilent_HedgesEachAndFailsAtTheLastDeadline()
    {
        await using var first = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var second = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await StartAsync(first, second);
        var posting = rig.PostAsync();
        var one = await TurnRig.NextTurnAsync(first);
        await HedgeIsSetAsync(rig);
        rig.Time.Advance(HedgeAfter);
        var two = await TurnRig.NextTurnAsync(second);

        rig.Time.Advance(TimeSpan.FromSeconds(1.5));
        await one.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        rig.Advance(HedgeAfter, before: () => Assert.False(posting.IsCompleted));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertFails("upstream_timeout");
        await two.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (TurnRig.Asked(first), TurnRig.Asked(second)));
    }

    private static Task<TurnRig> StartAsync(params FaultyUpstream[] upstreams) => TurnRig.StartAsync(upstreams, ("FirstSpeech:HedgeAfter", $"{HedgeAfter}"));

    // The upstream may have the request before the clock is set.
    private static Task<TimeSpan> HedgeIsSetAsync(TurnRig rig) => rig.Time.WaitForTimerAsync(wait => wait == HedgeAfter, TestContext.Current.CancellationToken);
}
