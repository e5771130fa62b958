namespace Switchboard.Masks;

/// <summary>
/// Decides what of a run of digits is a card or a phone number. A number with a plus, or with a 0 before it and of a phone number's length, is one; any other only where its form, the country's
/// plan or the words before it say so. What the words before it call an order's, a ticket's and the like stays, and so do dates, prices, years, versions and addresses of machines.
/// </summary>
internal sealed class PhoneRules(char[] text, string? name, PhoneBook book, IReadOnlyList<string> own, IReadOnlyList<string> persons, IReadOnlyList<string> regions)
{
    private const int MaxDigits = 15;
    private const int MinSaid = 7;

    // Where so many stand, a group that begins with 0 begins another number.
    private const int MinWhole = 9;

    // So many ends are tried of what begins at one place.
    private const int MaxTries = 4;

    private readonly NumberContext _context = new(text, name);

    /// <summary>Marks what is a card or a phone number in a run.</summary>
    public void Judge(List<DigitGroup> run, List<Mark> marks)
    {
        // Nearly all are: a count, an hour, a part of a word.
        if (run.Sum(group => group.Digits.Length) < CallMask.MinKnown)
        {
            return;
        }

        var taken = new bool[run.Count];
        Cards.Find(run, taken, marks, _context.IsCard);
        for (var index = 0; index + 2 < run.Count; index++)
        {
            if (!taken[index] && !taken[index + 2] && Figures.IsDate(run, index))
            {
                taken[index] = taken[index + 1] = taken[index + 2] = true;
            }
        }

        var left = new List<DigitGroup>();
        for (var index = 0; index <= run.Count; index++)
        {
            if (index == run.Count || taken[index] || (run[index].Before is NumberRuns.Sentence && !run[index].IsSaid))
            {
                FindPhones(left, marks);
                left.Clear();
            }

            if (index < run.Count && !taken[index])
            {
                Add(left, run[index]);
            }
        }
    }

    // Digits that are said one by one are one group.
    private static void Add(List<DigitGroup> groups, DigitGroup group)
    {
        if (groups is [.., { } last] && IsSaid(last) && IsSaid(group) && !group.HasPlus && (group.IsSaid || group.Before is ' ' or '\0' or '-' or ','))
        {
            // More than are told apart are only counted on, or a text of such words would cost the square of its length.
            groups[^1] = last.With(group, Cards.Max);
        }
        else
        {
            groups.Add(group);
        }

        static bool IsSaid(DigitGroup group) => group.IsSaid || group.Digits.Length == 1;
    }

    private void FindPhones(List<DigitGroup> groups, List<Mark> marks)
    {
        for (var first = 0; first < groups.Count; first++)
        {
            var (last, verdict) = Best(groups, first);
            if (verdict is Verdict.Phone)
            {
                var start = groups[first].Start;
                // The bracket of an area code goes with it.
                var isInBrackets = start > 0 && text[start - 1] == '(' && text.AsSpan(start, groups[last].End - start).Contains(')');
                marks.Add(new Mark(isInBrackets ? start - 1 : start, groups[last].End, Mark.Phone));
            }

            first = verdict is Verdict.None ? first : last;
        }
    }

    private (int Last, Verdict Verdict) Best(List<DigitGroup> groups, int first)
    {
        var length = groups[first].Digits.Length;
        if (length > MaxDigits + (groups[first].IsSaid ? 0 : 2))
        {
            // Nobody says so many digits one by one of anything else: a card of which one was not understood, or two numbers.
            return (first, groups[first] is { IsSaid: true, IsList: false } && !_context.IsThing(groups[first].Start) ? Verdict.Phone : Verdict.None);
        }

        var last = first;
        while (last + 1 < groups.Count && length + groups[last + 1].Digits.Length is var longer && longer <= MaxDigits + 2
            && !groups[last + 1].HasPlus && !(groups[last + 1].Digits is ['0', _, _, ..] && (length >= MinWhole || (length >= MinSaid && groups[last + 1].Before is ','))))
        {
            length = longer;
            last++;
        }

        for (var tries = 0; last >= first && tries < MaxTries; last--, tries++)
        {
            if (Of(groups, first, last) is not Verdict.None and var verdict)
            {
                return (last, verdict);
            }
        }

        return (first, Verdict.None);
    }

    private Verdict Of(List<DigitGroup> groups, int first, int last)
    {
        var digits = string.Concat(groups.Take(first..(last + 1)).Select(group => group.Digits));
        if (digits.Length < CallMask.MinKnown)
        {
            return Verdict.None;
        }

        var core = digits.TrimStart('0');
        if (core.Length >= CallMask.MinKnown)
        {
            if (persons.Any(known => IsSame(known, core)))
            {
                return Verdict.Phone;
            }

            if (own.Any(known => IsSame(known, core)))
            {
                return Verdict.Own;
            }
        }

        return digits.Length > MaxDigits + (digits.StartsWith("00", StringComparison.Ordinal) ? 2 : 0) || !IsPhone(groups, first, last, digits) ? Verdict.None : Verdict.Phone;
    }

    // As it is written here or from abroad: one is the end of the other.
    private static bool IsSame(string known, string core) =>
        known.EndsWith(core, StringComparison.Ordinal) ? core.Length >= Math.Min(known.Length, MinSaid) : core.EndsWith(known, StringComparison.Ordinal);

    private bool IsPhone(List<DigitGroup> groups, int first, int last, string digits)
    {
        var (start, end) = (groups[first].Start, groups[last].End);
        if (groups[first].HasPlus)
        {
            return digits.Length >= MinSaid && (!Figures.IsPrice(text, start, end) || book.IsValid($"+{digits}"));
        }

        var isPhone = _context.IsPhone(start);
        var says = isPhone || _context.IsNumber(start);
        if (_context.IsThing(start, isPhone && digits[0] == '0') || (!says && IsPartOfWord(start, end)))
        {
            return false;
        }

        var between = groups.Take((first + 1)..(last + 1)).Select(group => group.Before).ToHashSet();
        var lengths = groups.Take(first..(last + 1)).Select(group => group.Digits.Length).ToArray();
        if (groups.Take(first..(last + 1)).All(group => group.IsSaid) && digits.Length >= MinSaid)
        {
            return says || digits[0] == '0' || !(groups.Take(first..(last + 1)).Any(group => group.IsList) || Figures.IsAmountBehind(text, end));
        }

        // Lists of decimals and of times.
        if ((between.Contains('.') && between.Contains(',')) || (lengths is [1, ..] && digits[0] == '0' && groups.Count > first + 1 && groups[first + 1].Before is '.' or ','))
        {
            return false;
        }

        if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            return book.IsValid($"+{digits[2..]}") || (lengths.Length > 1 && lengths[0] is 2 or 4 or 5 && digits.Length >= 11);
        }

        return digits[0] == '0' ? IsWithZero(lengths, between, digits, says) : IsWithout(groups, first, last, lengths, between, digits, isPhone, says);
    }

    private static bool IsWithZero(int[] lengths, HashSet<char> between, string digits, bool says) =>
        digits.Length is >= 9 and <= 13 ? !(between.Contains(',') && lengths.All(length => length <= 2))
        : digits.Length <= 8 && (says || (lengths.Length > 1 && lengths[0] >= 3 && digits.Length >= MinSaid && !between.Contains('.') && !between.Contains(',')));

    private bool IsWithout(List<DigitGroup> groups, int first, int last, int[] lengths, HashSet<char> between, string digits, bool isPhone, bool says)
    {
        var (start, end) = (groups[first].Start, groups[last].End);
        var isThousands = lengths.Length > 1 && lengths[0] <= 3 && lengths.Skip(1).All(length => length == 3) && between.Count == 1 && between.Single() is '.' or ',';
        if (Figures.IsPrice(text, start, end) || (isThousands && !(isPhone && lengths is [3, 3, 3] && between.Contains('.'))))
        {
            return false;
        }

        // Years, a day without separators, the address of a machine, and versions.
        var parts = groups.Take(first..(last + 1)).Select(group => group.Digits).ToArray();
        if ((parts.All(part => part.Length == 4 && Figures.IsYear(part)) && !(isPhone && between.Contains(' '))) || (lengths is [8] && Figures.IsYear(digits) && Figures.AreDayAndMonth(digits[4..6], digits[6..]) && !says)
            || (between.Count == 1 && between.Contains('.') && (lengths.Length >= 4 || lengths.Length == 2) && !says))
        {
            return false;
        }

        return (says && digits.Length <= 13)
            || (lengths is [3, 3, 4] or [1, 3, 3, 4] && digits[^10] is >= '2' && digits[^7] is >= '2' && digits.Length == 10 + (digits[0] == '1' ? 1 : 0))
            || (IsAmerican(lengths, between, digits) && !(last + 1 < groups.Count && groups[last + 1].Before is '.'))
            || (digits.Length == 11 && digits[0] == '1' && digits[1] >= '3' && lengths is [11] or [3, 4, 4] && !between.Contains(','))
            || (lengths.Length >= 3 && (first == 0 || groups[first].Before is ',') && (last + 1 == groups.Count || groups[last + 1].Before is ',') && digits.Length is >= 9 and <= 13 && lengths.Max() is >= 3 and <= 5 && between.All(separator => separator is ' ' or '-'))
            || (!between.Contains(',') && digits.Length <= 12 && regions.Any(region => book.IsDialled(digits, region)));
    }

    // With the area in brackets or apart; in one only where no country is known, for it may be anything.
    private bool IsAmerican(int[] lengths, HashSet<char> between, string digits) =>
        (lengths is [3, 7] ? between.IsSubsetOf([' ', '-']) : lengths is [10] && regions.Count == 0) && book.IsValid($"+1{digits}");

    // An id such as A1234567890, SO-2026-1234567 or #12345678.
    private bool IsPartOfWord(int start, int end) =>
        (end < text.Length && NumberRuns.IsWordCharacter(text[end]))
        || (start > 0 && (NumberRuns.IsWordCharacter(text[start - 1]) || text[start - 1] == '#' || (start > 1 && text[start - 1] is '-' or '/' or '.' && NumberRuns.IsWordCharacter(text[start - 2]) && !IsBehindWord(start - 1))));

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

    private enum Verdict
    {
        None,
        Phone,
        Own,
    }
}
