using System.Globalization;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Keys;

namespace Switchboard.Turn;

/// <summary>
/// Knows the turns that each call is in, on this instance. When the caller has gone on to a newer turn, the older ones are cancelled:
/// whether a platform closes its connection on barge-in is not documented. A call belongs to the key that it is asked with: another
/// platform that sends the same ids, by chance or on purpose, ends nothing.
/// </summary>
internal sealed class OpenCalls
{
    private readonly Dictionary<(KeyDigest Owner, string Instance, string? Channel), List<OpenTurn>> _turns = [];
    private readonly Lock _gate = new();

    /// <summary>Enters a turn; the place is to be disposed when the turn ends.</summary>
    public OpenTurn Enter(KeyDigest key, CallContext call, IReadOnlyList<ChatMessage> messages)
    {
        if (call.InstanceId is not { Length: > 0 } instance)
        {
            return new OpenTurn(default, Leave);
        }

        var turn = new OpenTurn(SpokenWords.Of(call.SentenceId, messages), Leave) { Key = (key, instance, call.ChannelId) };
        List<OpenTurn> older = [];
        lock (_gate)
        {
            if (!_turns.TryGetValue(turn.Key.Value, out var open))
            {
                _turns[turn.Key.Value] = open = [];
            }

            older.AddRange(open.Where(other => turn.Words.Supersede(other.Words)));
            open.Add(turn);
        }

        older.ForEach(other => other.Supersede());
        return turn;
    }

    /// <summary>Ends what still runs for a call that is over, whatever key it was asked with.</summary>
    /// <returns>How many turns there were.</returns>
    public int Close(string instance)
    {
        List<OpenTurn> turns;
        lock (_gate)
        {
            turns = [.. _turns.Where(open => open.Key.Instance == instance).SelectMany(open => open.Value)];
        }

        turns.ForEach(turn => turn.Supersede());
        return turns.Count;
    }

    private void Leave(OpenTurn turn)
    {
        if (turn.Key is not { } key)
        {
            return;
        }

        lock (_gate)
        {
            if (_turns.TryGetValue(key, out var open) && open.Remove(turn) && open.Count == 0)
            {
                _turns.Remove(key);
            }
        }
    }
}

/// <summary>Which words of the caller a request is about.</summary>
/// <param name="Sentence">The platform's id of the turn; null where it has none.</param>
/// <param name="Count">How many messages of the caller the conversation has.</param>
/// <param name="Last">The last of them; null where there is none.</param>
internal readonly record struct SpokenWords(string? Sentence, int Count, string? Last)
{
    public static SpokenWords Of(string? sentence, IReadOnlyList<ChatMessage> messages) => new(
        string.IsNullOrEmpty(sentence) ? null : sentence,
        messages.Count(message => message.Role == ChatRole.User),
        messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text);

    /// <summary>
    /// Whether they come after <paramref name="other"/>, or take their place. What is numbered lower is late, not newer. The same words in the same place are a
    /// repeated request, or the next one of the same turn, after a tool of the client: both are answered. Other words in the same place are what the caller has
    /// said in full: platforms ask before that, on what they have heard so far.
    /// </summary>
    public bool Supersede(SpokenWords other) => Order(other) switch
    {
        > 0 => true,
        < 0 => false,
        _ => !string.Equals(Last, other.Last, StringComparison.Ordinal),
    };

    private int Order(SpokenWords other) =>
        Sentence is null && other.Sentence is null ? Count.CompareTo(other.Count)
        : string.Equals(Sentence, other.Sentence, StringComparison.Ordinal) ? 0
        : IsNumber(Sentence, out var number) && IsNumber(other.Sentence, out var otherNumber) ? number.CompareTo(otherNumber)
        : 1;

    private static bool IsNumber(string? text, out long number) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out number);
}

/// <summary>A turn's place in its call.</summary>
/// <param name="words">What it is about.</param>
/// <param name="leave">Takes the turn out of its call.</param>
internal sealed class OpenTurn(SpokenWords words, Action<OpenTurn> leave) : IDisposable
{
    private readonly CancellationTokenSource _superseded = new();

    public SpokenWords Words => words;

    /// <summary>The call and whose it is; null when the request does not name one.</summary>
    public (KeyDigest Owner, string Instance, string? Channel)? Key { get; init; }

    /// <summary>Is cancelled when a newer turn of the call begins.</summary>
    public CancellationToken Superseded => _superseded.Token;

    // The source has no timer and no parent, so it needs no disposal: a newer turn may cancel it while this one ends.
    // Not on this thread: what the older turn still has to do must not hold up the newer one.
    public void Supersede() => _ = _superseded.CancelAsync();

    public void Dispose() => leave(this);
}
