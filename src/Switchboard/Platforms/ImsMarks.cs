using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Switchboard.Platforms;

/// <summary>
/// The marks that the IMS workflow acts on when they stand in an answer, found in what somebody else wrote: in any letter case,
/// with spaces, in full-width or look-alike characters, as HTML entities or as JSON escapes.
/// </summary>
internal static partial class ImsMarks
{
    /// <summary>Stands where a mark was. No two pieces of text can join over it to a new mark.</summary>
    public const string Removed = "[mark]";

    /// <summary>Stands in the history where the caller cut an answer off.</summary>
    public const string Interrupted = "[The caller interrupted here, and the rest was not heard.]";

    /// <summary>
    /// How long, in milliseconds, a pattern may look at a text of somebody else. Each is linear, and needs some 10 ms for the largest request
    /// that is taken; this is for what the tests have overlooked.
    /// </summary>
    public const int MatchTimeout = 2000;

    // The words of the mark that keeps the caller from interrupting, as a FoldedText has them.
    private const string No = "no";
    private const string Interrupting = "interrupting";

    private const string Agent = $"{ImsDirectives.Ims}{ImsDirectives.Gap}{ImsDirectives.Agent}";

    // Nearly everything that callers say has none of these, and is then neither copied nor searched further.
    private static readonly SearchValues<char> Openers = SearchValues.Create(LookAlikes.WaysToWrite("<{&\\"));

    /// <summary>The text with every mark replaced: what a caller says is never a command to the platform.</summary>
    public static string Neutralise(string text)
    {
        while (text.AsSpan().ContainsAny(Openers) && Replace(text, AnyMark(), Removed) is { } cleaner)
        {
            text = cleaner;
        }

        return text;
    }

    /// <summary>The text with a plain note where the platform marked an interruption.</summary>
    public static string NoteInterruptions(string text) =>
        text.Contains('<', StringComparison.Ordinal) && Replace(text, InterruptionMark(), Interrupted) is { } noted ? noted : text;

    /// <summary>Whether a caller hears something of a text beside marks and punctuation.</summary>
    public static bool IsHeard(string text)
    {
        var spoken = text.AsSpan().ContainsAny(Openers) ? SilentMark().Replace(text, "") : text;
        return spoken.Any(char.IsLetterOrDigit);
    }

    private static string? Replace(string text, Regex mark, string replacement)
    {
        var folded = new FoldedText(text);
        var result = new StringBuilder(text.Length);
        var done = 0;
        foreach (var match in mark.EnumerateMatches(folded.Text))
        {
            var (start, length) = folded.Source(match.Index, match.Length).GetOffsetAndLength(text.Length);
            result.Append(text, done, start - done);
            if (result.Length > 0 && !char.IsWhiteSpace(result[^1]))
            {
                result.Append(' ');
            }

            result.Append(replacement);
            done = start + length;
            if (done < text.Length && !char.IsWhiteSpace(text[done]))
            {
                result.Append(' ');
            }
        }

        return done == 0 ? null : result.Append(text, done, text.Length - done).ToString();
    }

    // A mark that is not closed ends with its name: the rest of what was said must not go with it.
    [GeneratedRegex($$"""
        (?:<|&lt;?|&\#0*60;?|&\#x0*3c;?|\\u003c) [\s/]* (?: {{Agent}}\w* (?:[^<>]{0,600}>)? | {{No}}{{ImsDirectives.Gap}}{{Interrupting}} (?:[\s/]*>)? )
        | \{\s*\{ \s*{{ImsDirectives.EmotionWord}} (?:\s*=\s*\w*)? (?:\s*\}\s*\}?)?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant, MatchTimeout)]
    private static partial Regex AnyMark();

    [GeneratedRegex($@"<[\s/]*{Agent}{ImsDirectives.Gap}interrupted(?:[\s/]*>)?", RegexOptions.CultureInvariant, MatchTimeout)]
    private static partial Regex InterruptionMark();

    // A hang-up is heard: it ends the call.
    [GeneratedRegex($$"""<\s?(?:{{No}}[\s_-]{1,9}{{Interrupting}}|flush)[\s/]{0,9}>|\{\{{{ImsDirectives.EmotionWord}}=\w{0,64}\}\}""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchTimeout)]
    private static partial Regex SilentMark();
}
