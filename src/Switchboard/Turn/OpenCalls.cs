using System.Collections.Concurrent;
using System.Globalization;
using Switchboard.Contract;
using Switchboard.Keys;

namespace Switchboard.Turn;

/// <summary>
/// Knows the turn that each call is in, on this instance. When the caller has gone on to a newer turn, the older one is cancelled:
/// whether a platform closes its connection on barge-in is not documented. A call belongs to the key that it is asked with: another
/// platform that sends the same ids, by chance or on purpose, ends nothing.
/// </summary>
internal sealed class OpenCalls
{
    private readonly ConcurrentDictionary<(KeyDigest Owner, string Instance, string? Channel), OpenTurn> _turns = new();

    // All of them: of a repeated request only the first stands in its call's place.
    private readonly ConcurrentDictionary<OpenTurn, string> _all = new();

    /// <summary>Enters a turn; the place is to be disposed when the turn ends.</summary>
    public OpenTurn Enter(KeyDigest key, CallContext call)
    {
        var turn = new OpenTurn(call.SentenceId, Leave);
        if (call.InstanceId is not { Length: > 0 } instance)
        {
            return turn;
        }

        turn.Key = (key, instance, call.ChannelId);
        _all[turn] = instance;
        OpenTurn? older = null;
        _turns.AddOrUpdate(turn.Key.Value, turn, (_, current) =>
        {
            older = IsNewer(turn.SentenceId, current.SentenceId) ? current : null;
            return older is null ? current : turn;
        });
        older?.Supersede();
        return turn;
    }

    /// <summary>Ends what still runs for a call that is over, whatever key it was asked with.</summary>
    /// <returns>How many turns there were.</returns>
    public int Close(string instance)
    {
        var turns = _all.Where(turn => turn.Value == instance).Select(turn => turn.Key).ToList();
        turns.ForEach(turn => turn.Supersede());
        return turns.Count;
    }

    private void Leave(OpenTurn turn)
    {
        _all.TryRemove(turn, out _);
        if (turn.Key is { } key)
        {
            // Only itself: a newer turn may stand in its place.
            _turns.TryRemove(KeyValuePair.Create(key, turn));
        }
    }

    // The same id is a repeated request about the same words: both are answered. A smaller number is late, not newer.
    private static bool IsNewer(string? sentence, string? current) =>
        long.TryParse(sentence, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(current, NumberStyles.Integer, CultureInfo.InvariantCulture, out var currentNumber)
            ? number > currentNumber
            : !string.Equals(sentence, current, StringComparison.Ordinal);
}

/// <summary>A turn's place in its call.</summary>
/// <param name="sentenceId">The turn.</param>
/// <param name="leave">Takes the turn out of its call.</param>
internal sealed class OpenTurn(string? sentenceId, Action<OpenTurn> leave) : IDisposable
{
    private readonly CancellationTokenSource _superseded = new();

    public string? SentenceId => sentenceId;

    /// <summary>The call and whose it is; null when the request does not name one.</summary>
    public (KeyDigest Owner, string Instance, string? Channel)? Key { get; set; }

    /// <summary>Is cancelled when a newer turn of the call begins.</summary>
    public CancellationToken Superseded => _superseded.Token;

    // The source has no timer and no parent, so it needs no disposal: a newer turn may cancel it while this one ends.
    // Not on this thread: what the older turn still has to do must not hold up the newer one.
    public void Supersede() => _ = _superseded.CancelAsync();

    public void Dispose() => leave(this);
}
