using System.Collections.Frozen;

namespace Switchboard.Masks;

/// <summary>What looks like the number of a person and is none: dates and prices.</summary>
internal static class Figures
{
    // So many groups before a date are looked at for the number that it would be a part of.
    private const int MaxBefore = 4;

    private const int MaxMoneyWord = 16;

    // Before an amount or behind it: "$5", "5 €".
    private const string Signs = "€$£¥₹";

    // Only behind it: what stands before a number here belongs to another.
    private const string SignsBehind = "元块円万亿%";

    // "万一" is "in case", "元旦" the day of New Year.
    private const string NoAmount = "一分旦宵月首老";

    private static readonly FrozenSet<string> Words = (
        "euro euros eur usd dollar dollars chf franken fränkli rappen gbp pound pounds pfund pence yuan rmb cny jpy yen cent cents sek pln czk inr rupee rupees rupien zloty złoty kronen kronor kroner "
        + "franc francs franco francos franchi peso pesos dólar dólares dollari libra libras sterline centime centimes céntimo céntimos centesimi")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> WordOf = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    // What is counted or measured: "300 400 500 guests".
    private static readonly FrozenSet<string> Counted = (
        "gb mb tb kb gib mib bit bits byte bytes kg km cm mm ml kcal watt volt hz mhz ghz px meter metres meters guests people persons visitors seats gäste personen leute besucher plätze stück personnes invités "
        + "places personas invitados plazas persone ospiti posti gasten mensen plaatsen stuks")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> CountedOf = Counted.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool IsDate(List<DigitGroup> run, int first)
    {
        var (one, two, three) = (run[first].Digits, run[first + 1].Digits, run[first + 2].Digits);
        var separator = run[first + 1].Before;
        if (separator != run[first + 2].Before || separator is not ('.' or '-' or '/' or ' ' or NumberRuns.Sentence) || run[first].HasPlus || two.Length > 2)
        {
            return false;
        }

        var isDate = one.Length == 4 ? separator != ' ' && IsYear(one) && three.Length <= 2 && AreDayAndMonth(two, three)
            : one.Length <= 2 && AreDayAndMonth(one, two)
                && (three.Length == 4 ? IsYear(three) : three.Length == 2 && separator != ' ' && (first == 0 || run[first].Before != separator) && (first + 3 == run.Count || run[first + 3].Before != separator));
        return isDate && !IsInNumber(run, first, separator);
    }

    public static bool IsYear(string digits) => digits[..2] is "19" or "20" or "21";

    public static bool AreDayAndMonth(string one, string two) => Number(one) is var a and >= 1 and <= 31 && Number(two) is var b and >= 1 and <= 31 && (a <= 12 || b <= 12);

    /// <summary>Whether a sign or a word for money stands at a number, and not at another one beside it.</summary>
    public static bool IsPrice(char[] text, int start, int end) => IsAmountBefore(text, start) || IsAmountBehind(text, end);

    // "0176 12 11 2026" and "01 12 2034 567": what begins with a 0 or a plus goes on.
    private static bool IsInNumber(List<DigitGroup> run, int first, char separator)
    {
        const int MinFollowing = 3;
        if (first + 3 < run.Count && run[first + 3] is { HasPlus: false, Digits: not ['0', ..] and { Length: >= MinFollowing } } && run[first + 3].Before == separator && run[first].Digits[0] == '0')
        {
            return true;
        }

        for (var index = first; index > 0 && first - index < MaxBefore && run[index].Before == separator; index--)
        {
            if (run[index - 1].HasPlus || run[index - 1].Digits is ['0', _, _, ..])
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAmountBefore(char[] text, int start)
    {
        var before = SkipBack(text, start);
        if (before == 0)
        {
            return false;
        }

        var begin = before;
        if (Signs.Contains(text[before - 1], StringComparison.Ordinal))
        {
            begin--;
        }
        else
        {
            while (begin > 0 && before - begin <= MaxMoneyWord && NumberRuns.IsWordCharacter(text[begin - 1]))
            {
                begin--;
            }

            if (!WordOf.Contains(text.AsSpan(begin, before - begin)))
            {
                return false;
            }
        }

        // "5 Euro 2025550123"
        var other = SkipBack(text, begin);
        return other == 0 || !char.IsAsciiDigit(text[other - 1]);
    }

    /// <summary>Whether one stands behind it: "5,- Euro" and "5.-- CHF", but not in the next sentence.</summary>
    public static bool IsAmountBehind(char[] text, int end)
    {
        var after = end;
        if (after + 1 < text.Length && text[after] is ',' or '.' && text[after + 1] is '-')
        {
            after++;
            while (after < text.Length && after - end <= 3 && text[after] is '-')
            {
                after++;
            }
        }

        var spaces = after;
        while (after < text.Length && after - spaces < 2 && text[after] is ' ')
        {
            after++;
        }

        if (after == text.Length)
        {
            return false;
        }

        var follows = after + 1 < text.Length ? text[after + 1] : '\0';
        if (Signs.Contains(text[after], StringComparison.Ordinal))
        {
            // "2025550123 $5"
            return after == end || !char.IsAsciiDigit(follows);
        }

        if (SignsBehind.Contains(text[after], StringComparison.Ordinal))
        {
            return !NoAmount.Contains(follows, StringComparison.Ordinal);
        }

        var word = after;
        while (word < text.Length && word - after <= MaxMoneyWord && NumberRuns.IsWordCharacter(text[word]))
        {
            word++;
        }

        return WordOf.Contains(text.AsSpan(after, word - after));
    }

    /// <summary>Whether a word for what is counted or measured stands behind it.</summary>
    public static bool IsCountBehind(char[] text, int end)
    {
        var begin = end < text.Length && text[end] == ' ' ? end + 1 : end;
        var after = begin;
        while (after < text.Length && after - begin <= MaxMoneyWord && NumberRuns.IsWordCharacter(text[after]))
        {
            after++;
        }

        return CountedOf.Contains(text.AsSpan(begin, after - begin));
    }

    /// <summary>Whether it is an hour as opening hours are written: 0800, 1330.</summary>
    public static bool IsQuarter(string digits) => digits.Length == 4 && Number(digits[..2]) <= 24 && digits[2..] is "00" or "15" or "30" or "45";

    private static int SkipBack(char[] text, int at)
    {
        var before = at;
        while (before > 0 && at - before < 2 && text[before - 1] == ' ')
        {
            before--;
        }

        return before;
    }

    private static int Number(string digits) => digits.Aggregate(0, (number, digit) => (number * 10) + digit - '0');
}
