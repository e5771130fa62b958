using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Failover;

namespace Switchboard.Tests.Failover;

/// <summary>What one asking holds back until something decisive comes: little, whatever it is sent.</summary>
public sealed class AttemptTests
{
    private const int Limit = 60_000;
    private const int Many = 200_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2.5);

    [Fact(Timeout = Limit)]
    public async Task Decide_UpstreamReasonsAtLength_KeepsNothingOfIt()
    {
        var thought = new string('h', 1000);

        var attempt = Start(Repeat(Many, () => Thought(thought)).Append(LambdaChatClient.Text("Hello.")), passesThoughts: false, TestContext.Current.CancellationToken);

        await attempt.Decided;
        Assert.Equal("Hello.", Assert.Single(attempt.Held).Text);
    }

    [Fact(Timeout = Limit)]
    public async Task Decide_ResponderOfOnesOwnReasons_PassesItOn()
    {
        var attempt = Start(Repeat(1000, () => Thought("hm ")).Append(LambdaChatClient.Text("Hello.")), passesThoughts: true, TestContext.Current.CancellationToken);

        await attempt.Decided;
        Assert.Equal(1001, attempt.Held.Count);
    }

    public static TheoryData<string, bool> Endless => new() { { "thoughts", true }, { "blanks", false }, { "blanks", true }, { "nothing", false }, { "errors", false } };

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Endless))]
    public async Task Decide_NeverAnythingDecisive_EndsAtTheBound(string what, bool passesThoughts)
    {
        var asked = 0;

        var attempt = Start(Repeat(Many, () =>
        {
            asked++;
            return what switch
            {
                "thoughts" => Thought("hm "),
                "blanks" => LambdaChatClient.Text(" "),
                "errors" => new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("no ")]),
                _ => new ChatResponseUpdate(),
            };
        }), passesThoughts, TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAsync<ResponderException>(() => attempt.Decided);
        Assert.Equal(ResponderFailure.TooLarge, failure.Failure);
        Assert.InRange(asked, 1, (HeldUpdates.MaxCharacters / HeldUpdates.UpdateCharacters) + 1);
    }

    [Fact(Timeout = Limit)]
    public async Task Decide_LargePieces_CountByTheirLength()
    {
        var blanks = new string(' ', HeldUpdates.MaxCharacters / 2);
        var asked = 0;

        var attempt = Start(Repeat(Many, () =>
        {
            asked++;
            return LambdaChatClient.Text(blanks);
        }), passesThoughts: false, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ResponderException>(() => attempt.Decided);
        Assert.Equal(2, asked);
    }

    [Fact(Timeout = Limit)]
    public async Task Decide_NextUpdateIsAlwaysAtHand_TheDeadlineEndsItAllTheSame()
    {
        var time = new FakeTimeProvider();
        var asked = 0;

        var attempt = Start(
            Repeat(Many, () =>
            {
                if (++asked == 10)
                {
                    time.Advance(Deadline);
                }

                return Thought("hm ");
            }),
            passesThoughts: false,
            TestContext.Current.CancellationToken,
            time);

        var failure = await Assert.ThrowsAsync<ResponderException>(() => attempt.Decided);
        Assert.Equal((ResponderFailure.Silent, 10), (failure.Failure, asked));
    }

    [Fact(Timeout = Limit)]
    public async Task MoveNext_NextUpdateIsAlwaysAtHand_TheTurnEndsItAllTheSame()
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var asked = 0;
        var attempt = Start(
            Repeat(Many, () =>
            {
                if (++asked == 10)
                {
                    turn.Cancel();
                }

                return LambdaChatClient.Text("on ");
            }),
            passesThoughts: false,
            turn.Token);
        await attempt.Decided;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await attempt.MoveNextAsync())
            {
            }
        });

        Assert.Equal(10, asked);
    }

    private static Attempt Start(IEnumerable<ChatResponseUpdate> updates, bool passesThoughts, CancellationToken turn, TimeProvider? time = null)
    {
        var client = new LambdaChatClient(_ => updates.ToAsyncEnumerable());
        return Attempt.Start(
            new Route(new ResponderName("up", IsUpstream: !passesThoughts), client, Circuit: null),
            AttemptKind.Regular,
            (asked, token) => asked.GetStreamingResponseAsync([], null, token),
            new AnswerTimeouts(Deadline, 2 * Deadline, null, Deadline),
            time ?? new FakeTimeProvider(),
            isLast: true,
            turn);
    }

    private static ChatResponseUpdate Thought(string text) => new(ChatRole.Assistant, [new TextReasoningContent(text)]);

    private static IEnumerable<ChatResponseUpdate> Repeat(int times, Func<ChatResponseUpdate> make) => Enumerable.Range(0, times).Select(_ => make());
}
