namespace Switchboard.Speech;

/// <summary>
/// The ends of the links whose text is being read: <c>](target)</c> is known to follow and is not spoken. Places are counted from the
/// beginning of the text at hand.
/// </summary>
internal sealed class LinkTails
{
    private readonly Stack<(long Start, int Length)> _tails = new();
    private long _origin;

    /// <summary>Where the text that is read now ends: at the nearest tail.</summary>
    public int Next(int at) => _tails.TryPeek(out var tail) && tail.Start - _origin >= at ? (int)(tail.Start - _origin) : int.MaxValue;

    /// <summary>The length of the tail that begins here, which is then done with; 0 when there is none.</summary>
    public int LengthAt(int at) => _tails.TryPeek(out var tail) && tail.Start - _origin == at ? _tails.Pop().Length : 0;

    /// <summary>Where the reader that is asked stands.</summary>
    public int Here { get; set; }

    /// <param name="start">Counted from <see cref="Here"/>.</param>
    /// <param name="length">In characters.</param>
    public void Add(int start, int length) => _tails.Push((_origin + Here + start, length));

    public void Advance(int read) => _origin += read;
}
