using Switchboard.Keys;

namespace Switchboard.Turn;

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
