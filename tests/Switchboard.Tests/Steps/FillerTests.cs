using Switchboard.Contract;
using Switchboard.Steps;

namespace Switchboard.Tests.Steps;

/// <summary>What is said while the answer is awaited.</summary>
public sealed class FillerTests
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private static readonly (string Name, string Value)[] Filler = [("Filler:After", $"{After}"), ("Filler:Text:0", "One moment."), ("Filler:Text:1", "Let me see.")];

    [Fact]
    public async Task Post_NothingHeardInTime_SaysAPhraseAndThenTheAnswer()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role + Sse.Reasoning("Hmm."), Sse.Text("Hello "), Sse.Text("there.") + Sse.Finish() + Sse.Done));
        await using var rig = await TurnRig.StartAsync([upstream], Filler);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(upstream);

        rig.Advance(After, before: () => Assert.False(posting.IsCompleted));
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("One moment.");
        gate.Release(2);

        (await reader.ReadToEndAsync()).AssertSays("One moment. Hello there.");
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(After, TurnLine.Of(rig.Host).FirstSpeech);
    }

    [Fact]
    public async Task Post_SpeechBegan_SaysNone()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Filler);
        responder.Say("Hello ");
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello ");

        rig.Time.Advance(3 * After);
        responder.Say("there.");
        responder.End();

        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
    }

    [Fact]
    public async Task Post_ACallWasMade_SaysNone()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Filler);
        responder.Yield(LambdaChatClient.Call("hangup"));
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());

        rig.Time.Advance(3 * After);
        responder.End();

        var answer = await reader.ReadToEndAsync();
        answer.AssertSays("", "tool_calls");
        Assert.Equal([("hangup", "{}")], answer.Calls);
    }

    [Fact]
    public async Task Post_NoneConfigured_SaysNone()
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream]);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(upstream);

        rig.Time.Advance(TimeSpan.FromSeconds(2.5));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertFails("upstream_timeout");
    }

    [Fact]
    public async Task Post_TurnsOfACall_HearNoPhraseTwiceRunning()
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], [.. Filler, ("Apology", TurnRig.Apology)]);
        var phrases = new List<string>();
        // Between two turns of call a another call takes a phrase, so that mere rotation would repeat itself.
        foreach (var call in new[] { "a", "b", "a", "b", "a" })
        {
            var posting = rig.PostAsync(call: call);
            await TurnRig.NextTurnAsync(upstream);
            rig.Time.Advance(After);
            using var reader = await AnswerReader.OpenAsync(posting);
            await reader.ReadTextAsync("One moment.".Length);
            rig.Time.Advance(TimeSpan.FromSeconds(2));
            var answer = await reader.ReadToEndAsync();
            answer.AssertSays($"{answer.Text[.."One moment.".Length]} {TurnRig.Apology}");
            phrases.Add($"{call}: {answer.Text[.."One moment.".Length]}");
            await rig.Host.WaitForTurnEndAsync("voice");
        }

        Assert.Equal(["a: One moment.", "b: Let me see.", "a: Let me see.", "b: One moment.", "a: One moment."], phrases);
    }

    [Fact]
    public async Task Post_FillerThenFailure_SaysTheApology()
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], [.. Filler, ("Apology", TurnRig.Apology)]);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(upstream);
        rig.Time.Advance(After);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("One moment.");

        rig.Advance(TimeSpan.FromSeconds(1.5), before: () => Assert.Equal("One moment.", reader.Text));

        (await reader.ReadToEndAsync()).AssertSays($"One moment. {TurnRig.Apology}");
    }

    [Fact]
    public async Task Post_FillerThenFailureWithoutApology_IsAnErrorEvent()
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], Filler);
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(upstream);
        rig.Time.Advance(After);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("One moment.");

        rig.Time.Advance(TimeSpan.FromSeconds(1.5));

        (await reader.ReadToEndAsync()).AssertFails("upstream_timeout", "One moment.");
    }

    [Fact]
    public async Task Post_FillerThenCallerLeaves_ClosesTheUpstream()
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], Filler);
        var posting = rig.PostAsync();
        var asked = await TurnRig.NextTurnAsync(upstream);
        rig.Time.Advance(After);
        using (var reader = await AnswerReader.OpenAsync(posting))
        {
            await reader.ReadTextAsync("One moment.");
        }

        await asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("caller_left", (await rig.Host.WaitForTurnEndAsync("voice")).GetStructuredStateValue("Outcome"));
        Assert.Empty(rig.Logged(101));
    }

    [Fact]
    public async Task Stream_CallerLeavesBeforeThePhrase_LeavesNoTimer()
    {
        var time = new TimerCount();
        using var phrases = new FillerPhrases(["One moment."]);
        using var step = new FillerChatClient(
            new LambdaChatClient(LambdaChatClient.Reasoning("Hm."), LambdaChatClient.Text("Hi")), After, phrases, time);
        await using (var updates = step.GetStreamingResponseAsync([], cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await updates.MoveNextAsync());
            Assert.Equal(1, time.Running);
        }

        Assert.Equal(0, time.Running);
    }

    [Fact]
    public void Dispose_OfTheStep_DisposesOfItsMemory()
    {
        var phrases = new FillerPhrases(["One moment."]);
        new FillerChatClient(new LambdaChatClient(), After, phrases, TimeProvider.System).Dispose();

        Assert.Throws<ObjectDisposedException>(() => phrases.Next(new CallContext { InstanceId = "i" }));
    }

    /// <summary>Counts the timers that run.</summary>
    private sealed class TimerCount : TimeProvider
    {
        private int _running;

        public int Running => Volatile.Read(ref _running);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _running);
            return new Counted(base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period), () => Interlocked.Decrement(ref _running));
        }

        private sealed class Counted(ITimer timer, Action ended) : ITimer
        {
            private int _isEnded;

            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                timer.Dispose();
                if (Interlocked.Exchange(ref _isEnded, 1) == 0)
                {
                    ended();
                }
            }

            public async ValueTask DisposeAsync()
            {
                await timer.DisposeAsync();
                Dispose();
            }
        }
    }
}
