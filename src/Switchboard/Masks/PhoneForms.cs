namespace Switchboard.Masks;

/// <summary>How a place in a run stands to the number of a thing.</summary>
internal enum Thing
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>It is a part of it.</summary>
    Within,

    /// <summary>It is before this place, and a comma, a slash or the like between.</summary>
    Before,
}

/// <summary>Where a phone's number may begin.</summary>
/// <param name="First">The group.</param>
/// <param name="Thing">Whether the run began with the number of a thing.</param>
/// <param name="IsBehindPhone">Whether another phone's number is right before it.</param>
/// <param name="IsPhone">Whether the words before speak of a phone.</param>
/// <param name="Says">Whether they speak of a phone or of a number.</param>
internal readonly record struct Place(int First, Thing Thing, bool IsBehindPhone, bool IsPhone, bool Says);

/// <summary>The forms of phone numbers: whether digits look like one, by their groups, what parts these, and what stands around.</summary>
internal sealed class PhoneForms(char[] text, PhoneBook book, IReadOnlyList<string> regions)
{
    /// <summary>The fewest digits that are one without a word for it.</summary>
    public const int MinSaid = 7;

    // The fewest digits with the 0 before them, the fewest in the middle of a thing's number, and the most.
    private const int MinWhole = 9;
    private const int MinWholeWithin = 10;
    private const int MaxWhole = 13;

    // In the line below a phone's number a count has no more digits, and one of so many has no more of its own there.
    private const int MaxCount = 2;
    private const int MinSure = 11;

    /// <summary>Whether more than a space or a hyphen parts a group from the one before.</summary>
    public bool IsBreak(DigitGroup group) =>
        group.HasPlus || group.Before is ',' or '/' or ':' or NumberRuns.Pause or NumberRuns.Line || (group.Before is '-' && text[group.Start - 1] is ' ' or '(');

    /// <summary>Whether what begins at a place and ends with a group is a phone's number.</summary>
    public bool IsPhone(List<DigitGroup> groups, Place place, int last, string digits)
    {
        var first = place.First;
        if (place.Thing is Thing.Before)
        {
            // The word for it is behind the thing.
            place = place with { IsPhone = false, Says = false };
        }

        if (IsListOfLines(groups, place, last, digits) || (place.Thing is Thing.Within && !IsSurely(groups, first, last, digits)))
        {
            return false;
        }

        var (start, end) = (groups[first].Start, groups[last].End);
        if (groups[first].HasPlus)
        {
            return digits.Length >= MinSaid && (!Figures.IsPrice(text, start, end) || book.IsValid($"+{digits}"));
        }

        if (!place.Says && IsPartOfWord(start, end, place.IsBehindPhone))
        {
            return false;
        }

        var between = groups.Take((first + 1)..(last + 1)).Select(group => group.Before).ToHashSet();
        var lengths = groups.Take(first..(last + 1)).Select(group => group.Digits.Length).ToArray();
        if (place.Thing is Thing.Before)
        {
            return digits[0] == '0' ? digits.Length >= MinWhole && IsWithPrefix(lengths, between, digits, says: false) : IsOfAmericaOrChina(lengths, between, digits);
        }

        if (groups.Take(first..(last + 1)).All(group => group.IsSaid) && digits.Length >= MinSaid)
        {
            return place.Says || digits[0] == '0' || !(groups.Take(first..(last + 1)).Any(group => group.IsList) || Figures.IsAmountBehind(text, end));
        }

        // Lists of decimals and of times.
        if ((between.Contains('.') && between.Contains(',')) || (lengths is [1, ..] && digits[0] == '0' && groups.Count > first + 1 && groups[first + 1].Before is '.' or ',')
            || (!place.Says && groups.Take(first..(last + 1)).All(group => Figures.IsQuarter(group.Digits)) && between.Overlaps(['-', NumberRuns.Pause])))
        {
            return false;
        }

        return digits[0] == '0' ? IsWithPrefix(lengths, between, digits, place.Says) : IsWithout(groups, place, last, lengths, between, digits);
    }

    // In the middle of a thing's number: "room 204 0176 1234567", but "Rechnung 2026 0815 4711".
    private bool IsSurely(List<DigitGroup> groups, int first, int last, string digits) =>
        groups[first].Before is ' ' && digits[0] == '0' && (last + 1 == groups.Count || IsBreak(groups[last + 1]))
        && (digits.StartsWith("00", StringComparison.Ordinal) ? book.IsValid($"+{digits[2..]}")
            : digits.Length is >= MinWholeWithin and <= MaxWhole && (last - first <= 1 || regions.Any(region => book.IsValidIn(digits, region))));

    // Amounts, hours and orders in lines below each other; and what a line begins with behind a number that was whole before: "0176 1234567", and "3 guests" below it.
    private bool IsListOfLines(List<DigitGroup> groups, Place place, int last, string digits)
    {
        var first = place.First;
        var below = last;
        while (below > first && groups[below].Before is not NumberRuns.Line)
        {
            below--;
        }

        if (below == first)
        {
            return false;
        }

        var second = first + 1;
        while (groups[second].Before is not NumberRuns.Line)
        {
            second++;
        }

        // What begins with neither is read over one end of a line alone.
        var isMore = last + 1 < groups.Count && groups[last + 1].Before is NumberRuns.Line;
        if (digits[0] != '0' && !groups[first].HasPlus && (below != second || isMore || groups[first].Before is NumberRuns.Line))
        {
            return true;
        }

        var (shape, begin) = (LineOf(groups, first, out var start), groups[start].Digits);
        // "0815", and "0816" below it.
        if (groups[second].Digits is ['0', _, _, ..] follows && follows.Length == begin.Length && begin[0] == '0')
        {
            return true;
        }

        // Lines of one shape are a list.
        var isAlike = true;
        for (var index = second; index <= last && isAlike; index++)
        {
            isAlike = groups[index].Before is not NumberRuns.Line || shape.SequenceEqual(LineOf(groups, index, out _));
        }

        var tail = groups.Take(below..(last + 1)).Sum(group => group.Digits.Length);
        return isAlike
            || (below == second && groups[below].Digits[0] != '0' && (isMore || IsBeforeWord(groups[last].End)) && digits[..^tail] is { Length: >= CallMask.MinKnown } head
                && (tail <= MaxCount || head.Length >= MinSure) && IsPhone(groups, place, below - 1, head));
    }

    // How many digits the groups of a line have, so far as it is looked at.
    private static List<int> LineOf(List<DigitGroup> groups, int at, out int begin)
    {
        const int MaxGroups = 8;
        begin = at;
        while (begin > 0 && at - begin < MaxGroups && groups[begin].Before is not NumberRuns.Line)
        {
            begin--;
        }

        var shape = new List<int>();
        for (var index = begin; index < groups.Count && shape.Count < 2 * MaxGroups && (index == begin || groups[index].Before is not NumberRuns.Line); index++)
        {
            shape.Add(groups[index].Digits.Length);
        }

        return shape;
    }

    private bool IsBeforeWord(int end) => NumberRuns.SkipSpaces(text, end) is var next && next < text.Length && char.IsLetter(text[next]);

    // A 0, or what is dialled for another country: 00, 011 and 010.
    private bool IsWithPrefix(int[] lengths, HashSet<char> between, string digits, bool says)
    {
        if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            return book.IsValid($"+{digits[2..]}") || (lengths.Length > 1 && (lengths[0] is 2 or 4 or 5 || (lengths[0] == 3 && digits[2] != '0')) && digits.Length >= 11);
        }

        return digits.Length switch
        {
            > MaxWhole => digits[1] == '1' && digits[2] is '0' or '1' && book.IsValid($"+{digits[3..]}"),
            >= MinWhole => !(between.Contains(',') && lengths.All(length => length <= 2)),
            _ => says || (lengths.Length > 1 && lengths[0] >= 3 && digits.Length >= MinSaid && !between.Overlaps(['.', ',', NumberRuns.Line])),
        };
    }

    private bool IsWithout(List<DigitGroup> groups, Place place, int last, int[] lengths, HashSet<char> between, string digits)
    {
        var first = place.First;
        var (start, end) = (groups[first].Start, groups[last].End);
        var isThousands = lengths.Length > 1 && lengths[0] <= 3 && lengths.Skip(1).All(length => length == 3) && between.Count == 1 && between.Single() is '.' or ',';
        if (Figures.IsPrice(text, start, end) || (isThousands && !(place.IsPhone && lengths is [3, 3, 3] && between.Contains('.'))))
        {
            return false;
        }

        // Years, a day without separators, the address of a machine, and versions.
        var parts = groups.Take(first..(last + 1)).Select(group => group.Digits).ToArray();
        if ((parts.All(part => part.Length == 4 && Figures.IsYear(part)) && !(place.IsPhone && between.Contains(' '))) || (lengths is [8] && Figures.IsYear(digits) && Figures.AreDayAndMonth(digits[4..6], digits[6..]) && !place.Says)
            || (between.Count == 1 && between.Contains('.') && (lengths.Length >= 4 || lengths.Length == 2) && !place.Says))
        {
            return false;
        }

        return ((between.Contains(NumberRuns.Line) ? place.IsPhone : place.Says) && digits.Length <= MaxWhole)
            || (IsOfAmericaOrChina(lengths, between, digits) && !(lengths is [3, 7] or [10] && last + 1 < groups.Count && groups[last + 1].Before is '.'))
            || (lengths.Length >= 3 && (first == 0 || groups[first].Before is ',') && (last + 1 == groups.Count || groups[last + 1].Before is ',') && digits.Length is >= MinWhole and <= MaxWhole && lengths.Max() is >= 3 and <= 5
                && between.All(separator => separator is ' ' or '-') && !Figures.IsCountBehind(text, end))
            || (!between.Contains(',') && digits.Length <= 12 && regions.Any(region => book.IsDialled(digits, region)));
    }

    private bool IsOfAmericaOrChina(int[] lengths, HashSet<char> between, string digits) =>
        (lengths is [3, 3, 4] or [1, 3, 3, 4] && digits[^10] is >= '2' && digits[^7] is >= '2' && digits.Length == 10 + (digits[0] == '1' ? 1 : 0))
        || IsAmerican(lengths, between, digits)
        || (digits.Length == 11 && digits[0] == '1' && digits[1] >= '3' && lengths is [11] or [3, 4, 4] && !between.Contains(','));

    // With the area in brackets or apart; in one only where no country is known, for it may be anything.
    private bool IsAmerican(int[] lengths, HashSet<char> between, string digits) =>
        (lengths is [3, 7] ? between.IsSubsetOf([' ', '-']) : lengths is [10] && regions.Count == 0) && book.IsValid($"+1{digits}");

    // An id such as A1234567890, SO-2026-1234567 or #12345678.
    private bool IsPartOfWord(int start, int end, bool isBehindPhone) =>
        (end < text.Length && NumberRuns.IsWordCharacter(text[end]))
        || (start > 0 && !isBehindPhone && (NumberRuns.IsWordCharacter(text[start - 1]) || text[start - 1] == '#' || (start > 1 && text[start - 1] is '-' or '/' or '.' && NumberRuns.IsWordCharacter(text[start - 2]) && !IsBehindWord(start - 1))));

    // "Müller/0176 1234567", "danke.0176 1234567": a name, or the end of a sentence, and no part of an id.
    private bool IsBehindWord(int end)
    {
        const int MinLetters = 3;
        const int MaxLetters = 32;
        var begin = end;
        while (begin > 0 && end - begin < MaxLetters && char.IsLetter(text[begin - 1]))
        {
            begin--;
        }

        return text[end + 1] == '0' && end - begin >= MinLetters && char.IsLower(text[end - 1]) && (begin == 0 || text[begin - 1] == ' ') && (text[end] == '.' || (text[end] == '/' && char.IsUpper(text[begin])));
    }
}
