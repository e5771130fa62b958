using System.Buffers;
using System.Text.RegularExpressions;

namespace Switchboard.Responders;

/// <summary>What is wrong with a regular expression, in words and with its place: .NET's own message quotes the whole pattern.</summary>
internal static class PatternFailure
{
    // https://learn.microsoft.com/dotnet/api/system.text.regularexpressions.regexparseerror
    private static readonly Dictionary<RegexParseError, string> Words = new()
    {
        [RegexParseError.AlternationHasComment] = "a condition (?(…)) cannot hold a comment",
        [RegexParseError.AlternationHasMalformedCondition] = "the condition of (?(…)) cannot be read",
        [RegexParseError.AlternationHasMalformedReference] = "the condition of (?(…)) refers to a group by what is neither a name nor a number",
        [RegexParseError.AlternationHasNamedCapture] = "a condition (?(…)) cannot name a group",
        [RegexParseError.AlternationHasTooManyConditions] = "a condition (?(…)) has at most two branches",
        [RegexParseError.AlternationHasUndefinedReference] = "the condition of (?(…)) refers to a group that there is not",
        [RegexParseError.CaptureGroupNameInvalid] = "the name of a group is made of letters, digits and _, and does not begin with a digit",
        [RegexParseError.CaptureGroupOfZero] = "a group cannot have the number 0",
        [RegexParseError.ExclusionGroupNotLast] = "what a set [a-z-[…]] leaves out must stand at its end",
        [RegexParseError.InsufficientClosingParentheses] = "a bracket ( is not closed",
        [RegexParseError.InsufficientOpeningParentheses] = "a bracket ) was not opened; write \\) for the character itself",
        [RegexParseError.InsufficientOrInvalidHexDigits] = "\\x wants two hexadecimal digits, \\u four",
        [RegexParseError.InvalidGroupingConstruct] = "there is no group that begins so; (?:…) and (?<name>…) do",
        [RegexParseError.InvalidUnicodePropertyEscape] = "there is no such class of characters as this \\p{…}",
        [RegexParseError.MalformedNamedReference] = "a group is referred to as \\k<name>",
        [RegexParseError.MalformedUnicodePropertyEscape] = "a class of characters is written \\p{Name}",
        [RegexParseError.MissingControlCharacter] = "\\c wants a letter",
        [RegexParseError.NestedQuantifiersNotParenthesized] = "a repetition (*, +, ?, {n}) cannot follow another one; put the first into brackets",
        [RegexParseError.QuantifierAfterNothing] = "a repetition (*, +, ?, {n}) has nothing before it; write a backslash before the character itself",
        [RegexParseError.QuantifierOrCaptureGroupOutOfRange] = "a number is too large",
        [RegexParseError.ReversedCharacterRange] = "a range of characters is the wrong way round",
        [RegexParseError.ReversedQuantifierRange] = "a repetition {n,m} has its larger number first",
        [RegexParseError.ShorthandClassInCharacterRange] = "a range of characters cannot begin or end with a class such as \\d; write \\- for the sign itself",
        [RegexParseError.UndefinedNamedReference] = "there is no group of the name that \\k refers to",
        [RegexParseError.UndefinedNumberedReference] = "there is no group of the number that is referred to",
        [RegexParseError.UnescapedEndingBackslash] = "a backslash stands at the end; write \\\\ for the character itself",
        [RegexParseError.UnrecognizedControlCharacter] = "there is no such control character",
        [RegexParseError.UnrecognizedEscape] = "there is no such escape; leave out the backslash for the letter itself",
        [RegexParseError.UnrecognizedUnicodeProperty] = "there is no such class of characters as this \\p{…}",
        [RegexParseError.UnterminatedBracket] = "a set [ is not closed; write \\[ for the character itself",
        [RegexParseError.UnterminatedComment] = "a comment (?# is not closed",
    };

    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(character => char.IsControl(character) && character is not ('\t' or '\n' or '\r'))]);

    /// <summary>What is wrong with an expression as it was written, before it is read as one; null for nothing.</summary>
    /// <remarks>In JSON <c>\b</c> is a backspace, which no caller says: a rule for the edge of a word would be taken, and never match. A tab or an end of line is the same to both.</remarks>
    public static string? OfText(string? pattern)
    {
        var at = (pattern ?? "").AsSpan().IndexOfAny(Controls);
        return at < 0 ? null
            : pattern![at] is '\b' ? $"character {at + 1} is a backspace, which JSON makes of \\b; in JSON the edge of a word is written \\\\b."
            : $"character {at + 1} is a control character (U+{(int)pattern[at]:X4}); in JSON a backslash of a pattern is written \\\\.";
    }

    /// <summary>Null where there is none.</summary>
    /// <param name="compile">Makes the expression.</param>
    public static string? Of(Func<Regex?> compile)
    {
        try
        {
            _ = compile();
            return null;
        }
        catch (RegexParseException failure)
        {
            // The offset is where the parser stood: after what it could not go on from.
            return $"no regular expression: {Words.GetValueOrDefault(failure.Error, "it cannot be read")} (at character {Math.Max(1, failure.Offset)}).";
        }
        catch (ArgumentException)
        {
            return "no regular expression.";
        }
    }
}
