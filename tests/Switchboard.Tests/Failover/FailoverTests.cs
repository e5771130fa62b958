namespace Switchboard.Tests.Failover;

/// <summary>Who is asked, in which order, and when no longer.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2.5);

    // Not one second: so long the body of an error may take, and that is a timer too.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Post_AllFail_AsksEachOnceInOrder()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(503));
        await using var second = FaultyUpstream.Start(Failures.ReasoningOnly());
        await using var third = FaultyUpstream.Start(Failures.Status(500));
        await using var rig = await TurnRig.StartAsync([first, second, third]);

        var answer = await rig.AskAsync();

        answer.AssertFails("upstream_error");
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(
            [first.BaseUrl.Authority, second.BaseUrl.Authority, third.BaseUrl.Authority],
            rig.Logged(110).Select(line => line.Split(' ')[2]));
        Assert.Equal((1, 1, 1), (TurnRig.Asked(first), TurnRig.Asked(second), TurnRig.Asked(third)));
        Assert.Contains("status 500", Assert.Single(rig.Logged(101)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(451)]
    public async Task Post_FirstRefuses_AsksTheNext(int status)
    {
        await using var first = FaultyUpstream.Start(Failures.Status(status));
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);

        (await rig.AskAsync()).AssertSays("Second.");

        Assert.Equal((1, 1), (TurnRig.Asked(first), TurnRig.Asked(second)));
    }

    [Theory]
    [InlineData(503, 400, "status 503")]
    [InlineData(400, 503, "status 503")]
    [InlineData(400, 422, "status 422")]
    [InlineData(401, 403, "status 403")]
    [InlineData(404, 413, "status 404")]
    public async Task Post_AllRefuse_ReportsTheMostTelling(int one, int two, string reported)
    {
        await using var first = FaultyUpstream.Start(Failures.Status(one));
        await using var second = FaultyUpstream.Start(Failures.Status(two));
        await using var rig = await TurnRig.StartAsync([first, second]);

        (await rig.AskAsync()).AssertFails("upstream_error");

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Contains(reported, Assert.Single(rig.Logged(101)), StringComparison.Ordinal);
        Assert.Equal(2, rig.Logged(110).Count);
    }

    [Fact]
    public async Task Post_AMillisecondBeforeTheDeadline_SpeechIsHeard()
    {
        using var gate = new SemaphoreSlim(0);
        await using var first = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role + Sse.Reasoning("Hmm."), Sse.Text("Just in time."), Sse.Finish() + Sse.Done));
        await using var second = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([first, second]);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(first);

        rig.Time.Advance(Deadline - TimeSpan.FromMilliseconds(1));
        gate.Release();
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("Just in time.");
        // The deadline is for the first word; it is off now.
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        gate.Release();

        (await reader.ReadToEndAsync()).AssertSays("Just in time.");
        Assert.Equal(0, TurnRig.Asked(second));
    }

    [Fact]
    public async Task Post_EachAttempt_HasTheDeadlineToItself()
    {
        await using var first = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var second = FaultyUpstream.Start(Failures.HeadersThenSilence());
        await using var third = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([first, second, third]);
        var posting = rig.PostAsync();

        var one = await TurnRig.NextTurnAsync(first);
        rig.Advance(Deadline, before: () => Assert.Equal(0, TurnRig.Asked(second)));
        var two = await TurnRig.NextTurnAsync(second);
        rig.Advance(Deadline, before: () => Assert.Equal(0, TurnRig.Asked(third)));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
        await one.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        await two.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(2 * Deadline, TurnLine.Of(rig.Host).FirstSpeech);
    }

    [Fact]
    public async Task Post_RetryAfterThatFits_IsWaitedOutWhenNobodyIsLeft()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(429, "2"), Failures.Answer());
        await using var rig = await TurnRig.StartAsync([first]);
        var posting = rig.PostAsync();

        await rig.Time.WaitForTimerAsync(wait => wait == RetryAfter, TestContext.Current.CancellationToken);
        rig.Advance(RetryAfter, before: () => Assert.Equal(1, TurnRig.Asked(first)));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
        Assert.Equal(2, TurnRig.Asked(first));
    }

    [Fact]
    public async Task Post_RetryAfterAndThenSilence_EndsAtTheDeadlineOfTheAttempt()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(429, "2"), Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([first]);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(first);
        await rig.Time.WaitForTimerAsync(wait => wait == RetryAfter, TestContext.Current.CancellationToken);
        rig.Time.Advance(RetryAfter);
        await TurnRig.NextTurnAsync(first);

        rig.Advance(Deadline - RetryAfter, before: () => Assert.False(posting.IsCompleted));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertFails("upstream_timeout");
    }

    [Theory]
    [InlineData("3")]
    [InlineData("2.5")]
    [InlineData("Wed, 21 Oct 2099 07:28:00 GMT")]
    [InlineData(null)]
    public async Task Post_RetryAfterThatDoesNotFit_FailsAtOnce(string? retryAfter)
    {
        await using var first = FaultyUpstream.Start(Failures.Status(429, retryAfter), Failures.Answer());
        await using var rig = await TurnRig.StartAsync([first]);

        (await rig.AskAsync()).AssertFails("upstream_error");

        Assert.Equal(1, TurnRig.Asked(first));
    }

    [Fact]
    public async Task Post_RetryAfterAndAnotherIsLeft_AsksTheOtherAtOnce()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(429, "1"), Failures.Answer("Too late."));
        await using var second = FaultyUpstream.Start(Failures.Answer("At once."));
        await using var rig = await TurnRig.StartAsync([first, second]);

        (await rig.AskAsync()).AssertSays("At once.");

        Assert.Equal((1, 1), (TurnRig.Asked(first), TurnRig.Asked(second)));
    }

    [Fact]
    public async Task Post_FailsAfterAWord_SaysNothingTwice()
    {
        await using var first = FaultyUpstream.Start(Failures.ResetInEvent());
        await using var second = FaultyUpstream.Start(Failures.Answer("Hello ", "there."));
        await using var rig = await TurnRig.StartAsync([first, second]);

        (await rig.AskAsync()).AssertFails("upstream_error", "Hello ");

        Assert.Equal(0, TurnRig.Asked(second));
    }
}
