namespace Switchboard.Masks;

/// <summary>
/// Decides what of a run of digits is a card or a phone number. A number with a plus, or with a 0 before it and of a phone number's length, is one; any other only where its form, the country's
/// plan or the words before it say so. What the words before it call an order's, a ticket's and the like stays, and so do dates, prices, years, versions and addresses of machines.
/// </summary>
internal sealed class PhoneRules(char[] text, string? name, PhoneBook book, IReadOnlyList<string> own, IReadOnlyList<string> persons, IReadOnlyList<string> regions)
{
    // https://www.itu.int/rec/T-REC-E.164: the most digits of a number; before it stand up to two more of a 00 or 011.
    private const int MaxDigits = 15;
    private const int MaxPrefix = 2;

    private readonly NumberContext _context = new(text, name);
    private readonly PhoneForms _forms = new(text, book, regions);

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
        if (groups.Sum(group => group.Digits.Length) < CallMask.MinKnown)
        {
            return;
        }

        var (thing, isBehindPhone) = (Thing.None, false);
        for (var first = 0; first < groups.Count; first++)
        {
            // What is a thing's is one with all its groups: only a break ends it.
            var place = PlaceOf(groups, first, isBehindPhone);
            thing = thing is not Thing.None ? (_forms.IsBreak(groups[first]) ? Thing.Before : Thing.Within)
                : !groups[first].HasPlus && _context.IsThing(groups[first].Start, place.IsPhone && groups[first].Digits[0] == '0') ? Thing.Within
                : Thing.None;
            var (last, verdict) = Best(groups, place with { Thing = thing });
            if (verdict is Verdict.Phone)
            {
                // What begins with 0, and no number of its own, is the rest of one that is longer than any is known to be.
                while (last + 1 < groups.Count && groups[last + 1] is { Before: ' ' or '-', Digits: ['0', _, _, ..] } && !Begins(groups, last + 1))
                {
                    last++;
                }

                var start = groups[first].Start;
                // The bracket of an area code goes with it.
                var isInBrackets = start > 0 && text[start - 1] == '(' && text.AsSpan(start, groups[last].End - start).Contains(')');
                marks.Add(new Mark(isInBrackets ? start - 1 : start, groups[last].End, Mark.Phone));
            }

            isBehindPhone = verdict is not Verdict.None;
            (first, thing) = isBehindPhone ? (last, Thing.None) : (first, thing);
        }
    }

    private Place PlaceOf(List<DigitGroup> groups, int first, bool isBehindPhone)
    {
        var isPhone = _context.IsPhone(groups[first].Start);
        return new(first, Thing.None, isBehindPhone, isPhone, isPhone || _context.IsNumber(groups[first].Start));
    }

    // A group may begin with 0 within a number, or begin the next: what lets no digits stay behind it is preferred, and of that the longest.
    private (int Last, Verdict Verdict) Best(List<DigitGroup> groups, Place place)
    {
        var first = place.First;
        if (IsTooLong(groups[first]))
        {
            // Nobody says so many digits one by one of anything else: a card of which one was not understood, or two numbers.
            return (first, groups[first] is { IsSaid: true, IsList: false } && place.Thing is Thing.None ? Verdict.Phone : Verdict.None);
        }

        (int Last, Verdict Verdict)? longest = null;
        for (var last = Furthest(groups, first); last >= first; last--)
        {
            if (Of(groups, place, last) is not Verdict.None and var verdict)
            {
                longest ??= (last, verdict);
                if (last + 1 == groups.Count || groups[last + 1].HasPlus || Begins(groups, last + 1))
                {
                    return (last, verdict);
                }
            }
        }

        return longest ?? (first, Verdict.None);
    }

    // Whether another number follows at once.
    private bool Begins(List<DigitGroup> groups, int first)
    {
        var place = PlaceOf(groups, first, isBehindPhone: true);
        var last = IsTooLong(groups[first]) ? first - 1 : Furthest(groups, first);
        while (last >= first && Of(groups, place, last) is Verdict.None)
        {
            last--;
        }

        return last >= first;
    }

    private static bool IsTooLong(DigitGroup group) => group.Digits.Length > MaxDigits + (group.IsSaid ? 0 : MaxPrefix);

    private static int Furthest(List<DigitGroup> groups, int first)
    {
        var (last, length) = (first, groups[first].Digits.Length);
        while (last + 1 < groups.Count && !groups[last + 1].HasPlus && length + groups[last + 1].Digits.Length is var longer and <= MaxDigits + MaxPrefix)
        {
            length = longer;
            last++;
        }

        return last;
    }

    private Verdict Of(List<DigitGroup> groups, Place place, int last)
    {
        var digits = string.Concat(groups.Take(place.First..(last + 1)).Select(group => group.Digits));
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

        return digits.Length <= MaxDigits + (digits[0] == '0' ? MaxPrefix : 0) && _forms.IsPhone(groups, place, last, digits) ? Verdict.Phone : Verdict.None;
    }

    // As it is written here or from abroad: one is the end of the other.
    private static bool IsSame(string known, string core) =>
        known.EndsWith(core, StringComparison.Ordinal) ? core.Length >= Math.Min(known.Length, PhoneForms.MinSaid) : core.EndsWith(known, StringComparison.Ordinal);

    private enum Verdict
    {
        None,
        Phone,
        Own,
    }
}
