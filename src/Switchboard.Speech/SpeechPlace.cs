namespace Switchboard.Speech;

/// <summary>Where the filter stands: what came before, on this line and in the answer.</summary>
internal sealed class SpeechPlace
{
    /// <summary>The last character read, spoken or not.</summary>
    public char Previous { get; set; } = '\n';

    /// <summary>That character was not spoken.</summary>
    public bool AfterCut { get; set; }

    /// <summary>The last character read that is not white space; NUL at the start of a line.</summary>
    public char PreviousInk { get; set; }

    /// <summary>Nothing but white space, quote marks and bullets were read on this line.</summary>
    public bool AtLineStart { get; set; } = true;

    /// <summary>A bullet was just read: a check box may follow.</summary>
    public bool AfterBullet { get; set; }

    public bool InHeading { get; set; }

    public bool InTableRow { get; set; }

    /// <summary>The lines up to the next empty one are rows.</summary>
    public bool InTable { get; set; }

    /// <summary>The character before was part of an emoji.</summary>
    public bool AfterEmoji { get; set; }

    /// <summary>Nothing was read but platform directives and white space.</summary>
    public bool Leading { get; set; } = true;

    /// <summary>A <c>[</c> was passed on as text before its end was seen.</summary>
    public bool BracketPassed { get; set; }

    public SpeechMode Mode { get; set; }

    public void LineEnded()
    {
        AtLineStart = true;
        AfterBullet = InHeading = BracketPassed = false;
        InTableRow = InTable;
        PreviousInk = '\0';
    }
}
