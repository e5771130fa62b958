using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Failover;

namespace Switchboard.Tests.Failover;

/// <summary>An answer that comes in drops is a silence, and one that is only slow is not.</summary>
public sealed class DribbleTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sentence = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // What comes every second.
    public static TheoryData<string> Drops => ["a", " ", ",", "", "thought", "usage"];

    [Theory]
    [MemberData(nameof(Drops))]
    public async Task MoveNext_FirstSentenceComesInDrops_EndsWithItsTime(string drop)
    {
        var (attempt, responder, time) = await StartAsync("Well, ");

        var waited = await DripAsync(attempt, responder, time, drop, Second);

        Assert.Equal(Sentence, waited);
    }

    [Theory]
    [MemberData(nameof(Drops))]
    public async Task MoveNext_AnswerGoesOnInDrops_EndsWithTheStall(string drop)
    {
        var (attempt, responder, time) = await StartAsync("We open at nine. ");

        var waited = await DripAsync(attempt, responder, time, drop, Second);

        Assert.Equal(Stall, waited);
    }

    [Theory]
    [InlineData("Yes. ", 7)]
    [InlineData("はい。", 7)]
    [InlineData("and one more of the many things that we have for you ", 3.9)]
    public async Task MoveNext_SpeechComesSlowly_GoesOn(string piece, double seconds)
    {
        var (attempt, responder, time) = await StartAsync("We open at nine. ");

        for (var count = 0; count < 20; count++)
        {
            await NextAsync(attempt, responder, time, piece, TimeSpan.FromSeconds(seconds));
        }

        responder.End();
        Assert.False(await attempt.MoveNextAsync());
    }

    [Fact]
    public async Task MoveNext_SilenceAfterAWord_IsNamedSo()
    {
        var (attempt, responder, time) = await StartAsync("Well, ");
        var moving = attempt.MoveNextAsync().AsTask();

        time.Advance(Sentence - TimeSpan.FromMilliseconds(1));
        Assert.False(moving.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(ResponderFailure.Stalled, (await Assert.ThrowsAsync<ResponderException>(() => moving)).Failure);
        await responder.Cancelled.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task MoveNext_ToolCallIsUnderWay_CountsAsSpeech()
    {
        var (attempt, responder, time) = await StartAsync("Let me see.");

        for (var count = 0; count < 20; count++)
        {
            await NextAsync(attempt, responder, time, "tool", Stall - Second);
        }
    }

    [Fact]
    public async Task MoveNext_NobodyReads_IsNotHeldAgainstTheResponder()
    {
        var (attempt, responder, time) = await StartAsync("Well, ");
        await NextAsync(attempt, responder, time, "a", Second);

        time.Advance(10 * Stall);
        await NextAsync(attempt, responder, time, "b", Sentence - (2 * Second));
        var moving = attempt.MoveNextAsync().AsTask();
        time.Advance(Second);

        await Assert.ThrowsAsync<ResponderException>(() => moving);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_FirstSentenceComesInDrops_EndsAsASilence(bool withApology)
    {
        using var gate = new SemaphoreSlim(0);
        await using var first = FaultyUpstream.Start(Failures.Gated(gate, [Sse.Role + Sse.Text("W"), .. Enumerable.Repeat(Sse.Text("e"), 20)]));
        await using var second = FaultyUpstream.Start(Failures.Answer("Never said."));
        await using var rig = await TurnRig.StartAsync([first, second], [("FirstSpeech:Sentence", $"{Sentence}"), ("SpokenText", "false"), .. withApology ? [("Apology", TurnRig.Apology)] : Array.Empty<(string, string)>()]);
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("W");

        for (var heard = "We"; heard.Length < 5; heard += "e")
        {
            rig.Time.Advance(Second);
            gate.Release();
            await reader.ReadTextAsync(heard);
        }

        rig.Time.Advance(2 * Second);

        (await reader.ReadToEndAsync()).AssertSays(withApology ? $"Weee {TurnRig.Apology}" : "Weee");
        gate.Release(20);
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Contains("said too little in time", Assert.Single(rig.Logged(101)), StringComparison.Ordinal);
        Assert.Equal(0, TurnRig.Asked(second));
    }

    [Fact]
    public async Task Post_SentenceIsShorterThanTheDeadline_BoundsTheFirstWordToo()
    {
        await using var first = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second], ("FirstSpeech:Sentence", "00:00:01"));
        var posting = rig.PostAsync();
        await TurnRig.NextTurnAsync(first);

        rig.Advance(Second, before: () => Assert.Equal(0, TurnRig.Asked(second)));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("Second.");
    }

    private static async Task<(Attempt Attempt, GatedChatClient Responder, FakeTimeProvider Time)> StartAsync(string text)
    {
        var time = new FakeTimeProvider();
        var responder = new GatedChatClient();
        responder.Say(text);
        var attempt = Attempt.Start(
            new Route(new ResponderName("up", IsUpstream: true), responder, Circuit: null),
            AttemptKind.Regular,
            (asked, token) => asked.GetStreamingResponseAsync([], null, token),
            new AnswerTimeouts(Deadline, Sentence, null, Stall),
            time,
            isLast: true,
            TestContext.Current.CancellationToken);
        await attempt.Decided;
        return (attempt, responder, time);
    }

    // One piece after the other until the attempt gives up; answers how long that took.
    private static async Task<TimeSpan> DripAsync(Attempt attempt, GatedChatClient responder, FakeTimeProvider time, string drop, TimeSpan pause)
    {
        var start = time.GetTimestamp();
        var failure = await Assert.ThrowsAsync<ResponderException>(async () =>
        {
            for (var count = 0; count < 20; count++)
            {
                await NextAsync(attempt, responder, time, drop, pause);
            }
        });

        Assert.Equal(ResponderFailure.Slow, failure.Failure);
        Assert.True(failure.IsTimeout);
        return time.GetElapsedTime(start);
    }

    private static async Task NextAsync(Attempt attempt, GatedChatClient responder, FakeTimeProvider time, string piece, TimeSpan pause)
    {
        // It waits from this call on, before it first returns.
        var moving = attempt.MoveNextAsync();
        Assert.False(moving.IsCompleted);
        time.Advance(pause);
        responder.Yield(piece switch
        {
            "thought" => new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Hm. Well.")]),
            "usage" => new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails())]),
            "tool" => ToolCallUnderWay.Create(),
            _ => new ChatResponseUpdate(ChatRole.Assistant, piece),
        });
        Assert.True(await moving);
    }
}
