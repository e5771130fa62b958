using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Steps;
using Switchboard.Turn;

namespace Switchboard.Tests.Steps;

/// <summary>What is said while the answer is awaited.</summary>
public sealed class FillerTests
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private static readonly (string Name, string Value)[] Filler = [("Filler:After", $"{After}"), ("Filler:Text:0", "One moment."), ("Filler:Text:1", "Let me see.")];

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private static readonly (string Name, string Value)[] Again = [("Filler:Every", $"{Every}"), ("Filler:AtMost", "3")];

    [Fact]
    public async Task Post_NothingHeardInTime_SaysAPhraseAndThenTheAnswer()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role + Sse.Reasoning("Hmm."), Sse.Text("Hello "), Sse.Text("there.") + Sse.Finish() + Sse.Done));
        await using var rig = await TurnRig.StartAsync([upstream], Filler);
        rig.Host.Client.DefaultRequestHeaders.Add(OutcomeComment.Header, "tell");
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(upstream);

        rig.Advance(After, before: () => Assert.False(posting.IsCompleted));
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("One moment.");
        rig.Time.Advance(After);
        gate.Release(2);

        (await reader.ReadToEndAsync()).AssertSays("One moment. Hello there.");
        Assert.EndsWith(""": outcome {"outcome":"completed","error":null,"firstSpeechMs":1000,"firstAnswerMs":2000}""" + "\n\n", reader.Raw, StringComparison.Ordinal);
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
    public async Task Post_StillNoAnswer_SaysOtherPhrasesButNotForEver()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, [.. Filler, .. Again, ("FirstSpeech:Deadline", "00:01:00")]);
        var posting = rig.PostAsync();
        await responder.Asked;
        await WaitingAsync(rig, After);
        rig.Time.Advance(After);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("One moment.");

        await WaitingAsync(rig, Every);
        rig.Advance(Every, before: () => Assert.Equal("One moment.", reader.Text));
        await reader.ReadTextAsync("One moment. Let me see.");
        await WaitingAsync(rig, Every);
        rig.Time.Advance(Every);
        await reader.ReadTextAsync("One moment. Let me see. One moment.");

        rig.Time.Advance(4 * Every);
        responder.Say("Hello.");
        responder.End();
        (await reader.ReadToEndAsync()).AssertSays("One moment. Let me see. One moment. Hello.");
    }

    [Fact]
    public async Task Post_AnswerBeginsAfterAPhrase_SaysNoOther()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, [.. Filler, .. Again]);
        var posting = rig.PostAsync();
        await responder.Asked;
        await WaitingAsync(rig, After);
        rig.Time.Advance(After);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("One moment.");
        responder.Say("Hello ");
        await reader.ReadTextAsync("One moment. Hello ");

        rig.Time.Advance(2 * Every);
        responder.Say("there.");
        responder.End();

        (await reader.ReadToEndAsync()).AssertSays("One moment. Hello there.");
    }

    // What the phrase is, what the responder says after it, what the caller gets.
    public static TheoryData<string, string, string> AsWritten => new()
    {
        { "One moment. <flush />", "Hello.", "One moment. <flush /> Hello." },
        { "<flush/>One moment.", "Hello.", "<flush/>One moment. Hello." },
        { "Let me see... ", "Hello.", "Let me see... Hello." },
        { "Let me see...", " Hello.", "Let me see... Hello." },
        { "<break time=\"1s\" /> *Well*", "Hello.", "<break time=\"1s\" /> *Well* Hello." },
    };

    [Theory]
    [MemberData(nameof(AsWritten))]
    public async Task Post_PhraseForAPlatform_GoesOutAsWritten(string phrase, string said, string heard)
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, ("Filler:After", $"{After}"), ("Filler:Text:0", phrase), ("SpokenText", "false"));
        var posting = rig.PostAsync();
        await responder.Asked;
        await WaitingAsync(rig, After);
        rig.Time.Advance(After);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync(phrase);

        responder.Say(said);
        responder.End();

        (await reader.ReadToEndAsync()).AssertSays(heard);
    }

    [Fact]
    public async Task Post_HangUpWasAskedFor_SaysNone()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, [.. Filler, .. Again, ("Actions:0:Name", "hangup")]);
        responder.Yield(LambdaChatClient.Call("hangup"));
        var posting = rig.PostAsync();
        await responder.Asked;
        await WaitingAsync(rig, After);

        rig.Time.Advance(After);
        rig.Time.Advance(After);
        responder.End();

        using var reader = await AnswerReader.OpenAsync(posting);
        var answer = await reader.ReadToEndAsync();
        answer.AssertSays("", "tool_calls");
        Assert.Equal([("hangup", "{}")], answer.Calls);
    }

    // What is said before the tools run, and what is heard with the fillers in the meantime.
    [Theory]
    [InlineData("", false, "One moment. Let me see. Nine.")]
    [InlineData("", true, "Looking. One moment. Let me see. Nine.")]
    [InlineData("I look that up.", false, "I look that up. One moment. Let me see. Nine.")]
    public async Task Stream_ToolsAtWork_SaysPhrasesUntilTheAnswer(string said, bool hasPhrase, string heard)
    {
        var time = new WatchedTime();
        var responder = new GatedChatClient();
        using var phrases = new FillerPhrases(["One moment.", "Let me see."]);
        using var step = new FillerChatClient(responder, new FillerPace(After, Every, 5), phrases, time);
        if (said.Length > 0)
        {
            responder.Say(said);
        }

        // A call that runs here is not heard, and no phrase is kept apart from it.
        responder.Yield(new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails())]));
        var atWork = new ChatResponseUpdate(ChatRole.Assistant, hasPhrase ? [Speakable.Phrase("Looking.")] : []);
        ToolsAtWork.Mark(atWork);
        responder.Yield(atWork);
        var text = "";
        await using var updates = step.GetStreamingResponseAsync([], cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        await ReadAsync(said.Length > 0 || hasPhrase ? $"{said}{(hasPhrase ? "Looking." : "")}" : "");
        var first = ReadAsync(heard[..(heard.IndexOf("One moment.", StringComparison.Ordinal) + "One moment.".Length)]);
        time.Advance(After);
        await first;
        var second = ReadAsync(heard[..^" Nine.".Length]);
        time.Advance(Every);
        await second;
        // Its next round: the step of the tools sets it off from the one before.
        responder.Say(said.Length > 0 || hasPhrase ? " Nine." : "Nine.");
        responder.End();
        while (await updates.MoveNextAsync())
        {
            text += updates.Current.Text;
        }

        Assert.Equal(heard, text);

        // Reads on until so much was heard, and has the step wait for what comes then.
        async Task ReadAsync(string expected)
        {
            while (text.Length < expected.Length)
            {
                Assert.True(await updates.MoveNextAsync());
                text += updates.Current.Text;
            }

            Assert.Equal(expected, text);
        }
    }

    [Fact]
    public async Task Stream_CallerLeavesBeforeThePhrase_LeavesNoTimer()
    {
        var time = new TimerCount();
        using var phrases = new FillerPhrases(["One moment."]);
        using var step = new FillerChatClient(
            new LambdaChatClient(LambdaChatClient.Reasoning("Hm."), LambdaChatClient.Text("Hi")), new FillerPace(After), phrases, time);
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
        new FillerChatClient(new LambdaChatClient(), new FillerPace(After), phrases, TimeProvider.System).Dispose();

        Assert.Throws<ObjectDisposedException>(() => phrases.Next(new CallContext { InstanceId = "i" }));
    }

    private static Task<TimeSpan> WaitingAsync(TurnRig rig, TimeSpan wait) => rig.Time.WaitForTimerAsync(timer => timer == wait, TestContext.Current.CancellationToken);

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
