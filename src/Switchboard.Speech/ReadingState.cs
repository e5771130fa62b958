using System.Buffers;

namespace Switchboard.Speech;

/// <summary>Where the filter stands: what came before, on this line and in the answer.</summary>
internal sealed class ReadingState
{
    /// <summary>The last character read, spoken or not.</summary>
    public char Previous { get; set; } = '\n';

    /// <summary>That character was not spoken.</summary>
    public bool AfterCut { get; set; }

    /// <summary>The last character read that is not white space; NUL at the start of a line.</summary>
    public char PreviousVisible { get; set; }

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

    /// <summary>A message of Harmony's commentary channel without a recipient has begun: JSON in it is a call that lost its name.</summary>
    public bool InCommentary { get; set; }

    /// <summary>A <c>[</c> was passed on as text before its end was seen.</summary>
    public bool BracketPassed { get; set; }

    public ReadingMode Mode { get; set; }

    public void EndLine()
    {
        AtLineStart = true;
        AfterBullet = InHeading = BracketPassed = false;
        InTableRow = InTable;
        PreviousVisible = '\0';
    }
}

/// <summary>What the filter is inside of.</summary>
internal enum ReadingMode
{
    Prose,

    /// <summary>Between back ticks: said as it stands.</summary>
    InlineCode,

    /// <summary>Between fences.</summary>
    FencedCode,

    /// <summary>In an element, comment or other block whose content is not spoken.</summary>
    Unspoken,

    /// <summary>In a call that ends where its brackets are closed.</summary>
    Bracketed,

    /// <summary>After the h of an hour: 15 h 30.</summary>
    Hour,

    /// <summary>After the host of an address.</summary>
    AddressPath,

    /// <summary>In the definition of a footnote or link: up to the end of the line.</summary>
    UnspokenLine,

    /// <summary>In a directive to the platform, which is passed on as it stands.</summary>
    Directive,
}

/// <summary>Kinds of characters that the readers ask about.</summary>
internal static class Characters
{
    private const string Words = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static readonly SearchValues<char> Blanks = SearchValues.Create(" \t");

    public static readonly SearchValues<char> OfToken = SearchValues.Create($"{Words}_▁/-.");

    public static readonly SearchValues<char> OfTag = SearchValues.Create($"{Words}:_-.");

    public static readonly SearchValues<char> OfAttribute = SearchValues.Create($"{Words}:_-.@");

    /// <summary>Of the row of a table that aligns its columns.</summary>
    public static readonly SearchValues<char> OfAlignment = SearchValues.Create("|-: \t");

    public static bool IsSpace(char character) => character <= ' ' || (character >= '\u0080' && char.IsWhiteSpace(character));

    /// <summary>White space inside a line.</summary>
    public static bool IsBlank(char character) => character is ' ' or '\t' || (character >= '\u0080' && char.IsWhiteSpace(character));

    public static bool IsLineEnd(char character) => character is '\n' or '\r';

    public static bool IsWord(char character) => char.IsLetterOrDigit(character);

    public static bool IsAsciiWord(char character) => char.IsAsciiLetterOrDigit(character);

    /// <summary>Whether a sentence ends with the character at <paramref name="index"/>.</summary>
    public static bool EndsSentence(ReadOnlySpan<char> text, int index) =>
        text[index] is '。' or '！' or '？' or '।'
        || (text[index] is '.' or '!' or '?' && index + 1 < text.Length && text[index + 1] is ' ' or '\t');
}
