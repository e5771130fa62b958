using System.Globalization;

namespace Switchboard.Masks;

/// <summary>Digits that stand together, or a word that says some.</summary>
/// <param name="Start">Where it begins; at the plus where it has one.</param>
/// <param name="End">Where it is over.</param>
/// <param name="Digits">The digits, as ASCII.</param>
/// <param name="Before">What parts it from the group before: a space, <c>-</c>, <c>.</c>, <c>/</c>, <c>,</c>, <c>:</c>, <see cref="NumberRuns.Sentence"/>, <see cref="NumberRuns.Pause"/>, <see cref="NumberRuns.Line"/>, or <c>\0</c> for nothing.</param>
/// <param name="IsSaid">Whether it is a word, or digits that were said one by one.</param>
/// <param name="HasPlus">Whether a plus stands before it.</param>
internal readonly record struct DigitGroup(int Start, int End, string Digits, char Before, bool IsSaid, bool HasPlus)
{
    // Hours, rooms and prices that are offered are this near to each other; the groups of a phone's number, which may rise too, seldom.
    private const int MaxStep = 10;
    private const int MaxStepInList = 50;

    /// <summary>Whether numbers were said of which each is ten and more, and rises over the one before or is round: no phone's, but hours, rooms or prices to choose from.</summary>
    public bool IsList => (IsRising || IsRound) && Digits.Length > 2;

    private bool IsRising { get; init; } = IsSaid && IsTenOrMore(Digits);

    private bool IsRound { get; init; } = IsSaid && IsTenOrMore(Digits) && Digits[^1] == '0';

    private string Last { get; init; } = Digits;

    /// <summary>With what was said next; the digits only as far as they are looked at.</summary>
    public DigitGroup With(DigitGroup next, int maxDigits) => this with
    {
        End = next.End,
        Digits = Digits.Length > maxDigits ? Digits : Digits + next.Digits,
        IsSaid = true,
        IsRising = IsRising && next.IsRising && Step(next) is var step && step > 0 && step <= (next.Before is ',' ? MaxStepInList : MaxStep),
        IsRound = IsRound && next.IsRound,
        Last = next.Digits,
    };

    private int Step(DigitGroup next) => int.Parse(next.Digits, CultureInfo.InvariantCulture) - int.Parse(Last, CultureInfo.InvariantCulture);

    private static bool IsTenOrMore(string digits) => digits is not ['0', ..] and { Length: > 1 };
}

/// <summary>Finds what may be numbers: groups of digits, and words for digits, with no more between them than people write or say.</summary>
internal static class NumberRuns
{
    /// <summary>A point and a space: the end of a sentence, or a date.</summary>
    public const char Sentence = ';';

    /// <summary>Points or dashes, more than one.</summary>
    public const char Pause = '~';

    /// <summary>The end of a line.</summary>
    public const char Line = '\n';

    private const string PlusWord = "plus";

    // What a plus, "double" and the like may stand apart from what they belong to.
    private const int MaxGap = 3;

    // What a group may stand apart from the next: " ... ", or marks that are not seen.
    private const int MaxBetween = 8;

    // A clock's hour or minute has fewer.
    private const int MinBehindColon = 3;

    /// <summary>The text character by character in its plainest form: digits of every script, and full-width signs, as ASCII; ends of lines alike, and what is not seen as spaces. Places stay.</summary>
    public static char[] Plain(string text)
    {
        var plain = text.ToCharArray();
        for (var index = 0; index < plain.Length; index++)
        {
            ref var character = ref plain[index];
            if (character < '\u0080')
            {
                character = character is '\r' or '\v' or '\f' ? Line : character;
                continue;
            }

            character = character switch
            {
                '\u0085' or '\u2028' or '\u2029' => Line,
                >= '\uff01' and <= '\uff5e' => (char)(character - 0xfee0),
                '\u00a0' or (>= '\u2000' and <= '\u200a') or '\u202f' or '\u205f' or '\u3000' => ' ',
                // What makes signs of digits: a variant, and the frame of a key.
                (>= '\ufe00' and <= '\ufe0f') or '\u20e3' => ' ',
                (>= '\u2010' and <= '\u2015') or '\u2212' or '\ufe58' or '\ufe63' => '-',
                '\u00b7' or '\u30fb' => '.',
                '\u3001' => ',',
                var other when char.GetUnicodeCategory(other) is UnicodeCategory.Format => ' ',
                var other when CharUnicodeInfo.GetDecimalDigitValue(other) is >= 0 and var digit => (char)('0' + digit),
                var other => other,
            };
        }

        return plain;
    }

    /// <summary>Whether words and ids are made of such characters; in Chinese and its like there are no spaces, and a number may follow at once.</summary>
    public static bool IsWordCharacter(char character) => character is '_' || (character < '\u2e80' && char.IsLetterOrDigit(character));

    public static IEnumerable<List<DigitGroup>> Of(char[] text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (GroupAt(text, at, '\0') is not { } group)
            {
                at = AfterWord(text, at);
                continue;
            }

            var run = new List<DigitGroup>();
            var isOpen = false;
            while (true)
            {
                run.Add(group);
                isOpen |= group.HasPlus || group.Digits is ['0', _, ..] || (group.IsSaid && group.Digits[0] == '0');
                at = group.End;
                var next = AfterSeparators(text, at, out var separator);
                if (next < 0 || GroupAt(text, next, separator, group is { IsSaid: true, Digits: "0" }) is not { } following || (separator is ':' ? !isOpen || !IsBehindColon(text, group, following) : IsClock(text, following)))
                {
                    break;
                }

                group = following;
            }

            yield return run;
        }
    }

    // "0176: 1234567", and no clock, ratio or address of a machine.
    private static bool IsBehindColon(char[] text, DigitGroup group, DigitGroup following) =>
        following.Digits.Length >= MinBehindColon ? (group.HasPlus || group.Digits.Length > 1) && !(following.End < text.Length && text[following.End] is ':') && !(group.Start > 0 && text[group.Start - 1] is ':')
        : group.IsSaid && following.IsSaid;

    // "0176 1234567, 08:30"
    private static bool IsClock(char[] text, DigitGroup group) => group is { HasPlus: false, Digits.Length: <= 2 } && group.End + 1 < text.Length && text[group.End] is ':' && char.IsAsciiDigit(text[group.End + 1]);

    private static DigitGroup? GroupAt(char[] text, int at, char before, bool isBehindZero = false)
    {
        if (at >= text.Length)
        {
            return null;
        }

        if (char.IsAsciiDigit(text[at]))
        {
            var end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            return new(at, end, new string(text, at, end - at), before, IsSaid: false, HasPlus: false);
        }

        if (text[at] == '+')
        {
            return Plus(text, at, at + 1, before);
        }

        if (Chinese(text[at]) is { } digit)
        {
            return new(at, at + 1, digit, before, IsSaid: true, HasPlus: false);
        }

        if (!char.IsLetter(text[at]) || !IsWordCharacter(text[at]) || (at > 0 && IsWordCharacter(text[at - 1])))
        {
            return null;
        }

        return SaidNumbers.At(text, at, isBehindZero) is var (after, said) ? new(at, after, said, before, IsSaid: true, HasPlus: false)
            : IsPlusWord(text, at) ? Plus(text, at, at + PlusWord.Length, before)
            : null;
    }

    private static DigitGroup? Plus(char[] text, int at, int after, char before) =>
        SkipSpaces(text, after) is var next && next < text.Length && text[next] != '+' && !IsPlusWord(text, next) && GroupAt(text, next, before) is { } group
            ? group with { Start = at, HasPlus = true }
            : null;

    private static bool IsPlusWord(char[] text, int at) =>
        at + PlusWord.Length <= text.Length && text.AsSpan(at, PlusWord.Length).Equals(PlusWord, StringComparison.OrdinalIgnoreCase) && !(at + PlusWord.Length < text.Length && IsWordCharacter(text[at + PlusWord.Length]));

    private static int AfterWord(char[] text, int at)
    {
        var end = at + 1;
        while (IsWordCharacter(text[at]) && !char.IsAsciiDigit(text[at]) && end < text.Length && IsWordCharacter(text[end]) && !char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end;
    }

    /// <summary>Where what may stand behind spaces begins.</summary>
    public static int SkipSpaces(char[] text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < MaxGap && text[end] is ' ' or '(')
        {
            end++;
        }

        return end;
    }

    // Below 0 where something else follows.
    private static int AfterSeparators(char[] text, int at, out char separator)
    {
        separator = '\0';
        var end = at;
        for (; end < text.Length && end - at <= MaxBetween; end++)
        {
            if (text[end] is ' ' && separator is '.')
            {
                separator = Sentence;
            }
            else if (text[end] is Line)
            {
                separator = separator is '.' ? Sentence : separator is '\0' or ' ' ? Line : separator;
            }
            else if (text[end] is '…' || (text[end] is '.' && separator is '.' or Sentence or Pause) || (text[end] is '-' && separator is '-' or Pause))
            {
                separator = Pause;
            }
            else if (text[end] is '-' or '.' or '/' or ',' or ':')
            {
                // Two that differ part more than groups of one number, but for a bracket that closes.
                if (separator is not ('\0' or ' '))
                {
                    return -1;
                }

                separator = text[end];
            }
            else if (text[end] is ' ' or '(' or ')' or '\t')
            {
                separator = separator is '\0' ? ' ' : separator;
            }
            else
            {
                return end;
            }
        }

        return -1;
    }

    private static string? Chinese(char character) => "零〇洞一幺二两三四五六七八九".IndexOf(character, StringComparison.Ordinal) switch
    {
        < 0 => null,
        0 or 1 or 2 => "0",
        3 or 4 => "1",
        5 or 6 => "2",
        var place => (place - 4).ToString(CultureInfo.InvariantCulture),
    };
}
