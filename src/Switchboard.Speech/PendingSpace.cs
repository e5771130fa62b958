namespace Switchboard.Speech;

/// <summary>
/// The last space of an answer that has marks: it waits for what follows, since the space before something that is left out may
/// have to go with it.
/// </summary>
internal sealed class PendingSpace(SpokenPieces pieces)
{
    private const int Elsewhere = -1;

    private char _space;
    private int _at;
    private bool _isSpaced;

    public bool IsPending => _space != '\0';

    /// <summary>Something was left out after it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>A whole thing was left out after it, and no white space came since.</summary>
    public bool ClosesUp { get; private set; }

    public void Wait(char space, int at)
    {
        (_space, _at) = (space, at);
        IsCut = ClosesUp = _isSpaced = false;
    }

    public void Cut(bool isWhole)
    {
        IsCut = true;
        ClosesUp |= isWhole && !_isSpaced;
    }

    /// <summary>More white space, which is not spoken.</summary>
    public void Pass()
    {
        _isSpaced = true;
        ClosesUp = false;
    }

    public void Settle(ReadOnlySpan<char> text, bool isWanted)
    {
        if (!IsPending)
        {
            return;
        }

        if (isWanted && _at != Elsewhere)
        {
            pieces.Keep(text, _at, 1);
        }
        else if (isWanted)
        {
            pieces.Say(text, _space == '\t' ? "\t" : " ");
        }

        _space = '\0';
    }

    public void PieceEnded() => _at = Elsewhere;
}
