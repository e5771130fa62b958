using Microsoft.Extensions.AI;

namespace Switchboard.Memory;

/// <summary>A turn and the rounds of tools that ran for it, as they are told to a later request.</summary>
/// <param name="Turn">The turn; what changes of it is not read.</param>
/// <param name="IsCurrent">Whether the request is of the same turn and step.</param>
/// <param name="Said">What the caller said.</param>
/// <param name="Words">The digests of that.</param>
/// <param name="Rounds">What was called together, each with what is told of it.</param>
internal sealed record RecalledTurn(RememberedTurn Turn, bool IsCurrent, string Said, IReadOnlyList<string> Words, IReadOnlyList<RecalledRound> Rounds)
{
    /// <summary>The lock of the memory is held.</summary>
    public static RecalledTurn Of(RememberedTurn turn, RememberedTurn current) => new(
        turn,
        turn == current,
        turn.Said,
        [.. turn.Words],
        [.. turn.Rounds.Select(round => new RecalledRound([.. round.Where(run => run.IsKept).Select(run => new RecalledCall(run.Call, run.Recalled, run.IsRunning, run.Words))]))]);
}

/// <summary>A call of a tool that ran.</summary>
/// <param name="Call">The call.</param>
/// <param name="Told">What is told of it.</param>
/// <param name="IsRunning">Whether it still runs.</param>
/// <param name="Words">The digest of the caller's words that it ran for.</param>
internal sealed record RecalledCall(FunctionCallContent Call, string Told, bool IsRunning, string? Words);

/// <summary>The calls of one answer of the responder.</summary>
internal sealed record RecalledRound(IReadOnlyList<RecalledCall> Calls)
{
    public int Length => Calls.Sum(call => call.Call.Name.Length + Contract.ToolCallJson.Arguments(call.Call).Length + call.Told.Length);
}

/// <summary>
/// Puts what tools have found back into a conversation, which platforms send with no more than what was spoken: without it the next turn's responder does
/// not know that it has booked, and books again.
/// </summary>
internal static class Recall
{
    /// <summary>The most rounds that are put back, and the most characters of them; the newest ones are.</summary>
    public const int MaxRounds = 24;

    public const int MaxLength = 32_768;

    /// <summary>The conversation with the rounds behind the words of the caller that they ran for; where those are no longer in it, before all that is, with the words.</summary>
    public static IReadOnlyList<ChatMessage> Into(Conversation conversation, IReadOnlyList<RecalledTurn> turns)
    {
        var sent = conversation.Messages
            .SelectMany(message => message.Contents.OfType<FunctionCallContent>())
            .Select(call => (call.CallId, call.Name)).ToHashSet();
        var places = new SortedDictionary<int, List<ChatMessage>>();
        foreach (var turn in Newest(turns.Select(turn => WithoutSent(turn, sent, conversation))))
        {
            var found = Find(conversation, turn);
            var place = found is { } index ? After(conversation.Messages, index, turn.Turn.Where.Steps) : Head(conversation.Messages);
            if (!places.TryGetValue(place, out var put))
            {
                places[place] = put = [];
            }

            if (found is null && turn.Said.Length > 0)
            {
                put.Add(new ChatMessage(ChatRole.User, turn.Said));
            }

            put.AddRange(turn.Rounds.SelectMany(Messages));
        }

        if (places.Count == 0)
        {
            return conversation.Messages;
        }

        List<ChatMessage> whole = [];
        for (var index = 0; index <= conversation.Messages.Count; index++)
        {
            whole.AddRange(places.GetValueOrDefault(index) ?? []);
            if (index < conversation.Messages.Count)
            {
                whole.Add(conversation.Messages[index]);
            }
        }

        return whole;
    }

    // What the platform has sent itself is not doubled. Of the same words, asked for again, only what is over is told: who calls what still runs waits for it.
    private static RecalledTurn WithoutSent(RecalledTurn turn, HashSet<(string Id, string Name)> sent, Conversation conversation) => turn with
    {
        Rounds = [.. turn.Rounds
            .Select(round => new RecalledRound([.. round.Calls.Where(call =>
                !sent.Contains((call.Call.CallId, call.Call.Name)) && !(call.IsRunning && turn.IsCurrent && call.Words == conversation.Words))]))
            .Where(round => round.Calls.Count > 0)],
    };

    private static List<RecalledTurn> Newest(IEnumerable<RecalledTurn> turns)
    {
        var (rounds, length) = (0, 0);
        List<RecalledTurn> newest = [];
        foreach (var turn in turns.Reverse())
        {
            List<RecalledRound> kept = [];
            foreach (var round in turn.Rounds.Reverse())
            {
                if (++rounds > MaxRounds || (length += round.Length) > MaxLength)
                {
                    break;
                }

                kept.Insert(0, round);
            }

            if (kept.Count > 0)
            {
                newest.Insert(0, turn with { Rounds = kept });
            }
        }

        return newest;
    }

    /// <summary>Where the words of the caller stand that a turn was about; null where they are not in the conversation.</summary>
    private static int? Find(Conversation conversation, RecalledTurn turn)
    {
        var heard = conversation.Heard;
        var last = heard.Count - 1;
        if (turn.IsCurrent || (turn.Turn.Where.Turn == conversation.Turn && turn.Turn.Where.Steps != conversation.Steps))
        {
            return last < 0 ? null : heard[last].Index;
        }

        // Where all of the history is sent they are the same of the caller's messages as they were, else they come earlier.
        var own = turn.Turn.Where.Count - 1;
        foreach (var index in Enumerable.Range(0, Math.Max(last, 0)).Reverse().OrderBy(index => index != own))
        {
            if (turn.Words.Contains(heard[index].Words) && (Prior(index) == turn.Turn.Where.Prior || index == 0))
            {
                return heard[index].Index;
            }
        }

        // Others are in their place: the caller went on speaking, and was heard anew. That may be what is to be answered now, where something tells that it is there.
        return own >= 0 && own <= last && turn.Turn.Where.Prior is not null && Prior(own) == turn.Turn.Where.Prior ? heard[own].Index : null;

        string? Prior(int index) => index > 0 ? heard[index - 1].Words : null;
    }

    // Behind the words; for a turn that went on after the client's tools, behind those. Never between a call and its result.
    private static int After(IReadOnlyList<ChatMessage> messages, int index, int steps)
    {
        var place = index + 1;
        while (place < messages.Count && place <= index + steps && (messages[place].Role == ChatRole.Tool || messages[place].Contents.Any(content => content is FunctionCallContent)))
        {
            place++;
        }

        while (place < messages.Count && messages[place].Role == ChatRole.Tool)
        {
            place++;
        }

        return place;
    }

    private static int Head(IReadOnlyList<ChatMessage> messages)
    {
        var head = 0;
        while (head < messages.Count && messages[head].Role != ChatRole.User && messages[head].Role != ChatRole.Assistant && messages[head].Role != ChatRole.Tool)
        {
            head++;
        }

        return head;
    }

    private static IEnumerable<ChatMessage> Messages(RecalledRound round) =>
    [
        new(ChatRole.Assistant, [.. round.Calls.Select(call => call.Call)]),
        new(ChatRole.Tool, [.. round.Calls.Select(call => new FunctionResultContent(call.Call.CallId, call.Told))]),
    ];
}
