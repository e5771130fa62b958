namespace Switchboard.Masks;

/// <summary>Finds the numbers of cards by their last digit, which is one to check by.</summary>
internal static class Cards
{
    /// <summary>The most digits that one has.</summary>
    public const int Max = 19;

    private const int Min = 13;

    // Most have so many; what follows in groups is the date to which one is valid.
    private const int Usual = 16;

    // So many digits at the end are a phone number behind a year.
    private const int MaxLast = 7;

    /// <summary>Marks the cards in a run, and says which of its groups they take.</summary>
    /// <param name="run">The run.</param>
    /// <param name="taken">By group, whether one takes it.</param>
    /// <param name="marks">Where they are marked.</param>
    /// <param name="isNamed">Whether the words before a place speak of a card: then its last digit need not be right, for a digit may be misheard.</param>
    public static void Find(List<DigitGroup> run, bool[] taken, List<Mark> marks, Func<int, bool> isNamed)
    {
        Span<char> digits = stackalloc char[Max];
        for (var first = 0; first < run.Count; first++)
        {
            if (run[first].Digits[0] is < '2' or > '6')
            {
                // ISO/IEC 7812: cards of banks begin with 2 to 6.
                continue;
            }

            var (length, end, isSaid) = (0, -1, true);
            bool? named = null;
            for (var index = first; index < run.Count && !run[index].HasPlus && length + run[index].Digits.Length <= Max; index++)
            {
                run[index].Digits.CopyTo(digits[length..]);
                length += run[index].Digits.Length;
                isSaid &= IsSaid(run[index]);
                if (length >= Min && (isSaid || IsWritten(run, first, index))
                    && (IsProven(digits[..length]) || ((isSaid || index == first || length <= Usual) && (named ??= isNamed(run[first].Start)))))
                {
                    end = index;
                }
            }

            if (end < 0)
            {
                continue;
            }

            // Where one more digit was heard than was said, a part may be proven by chance.
            while (IsSaid(run[first]) && IsSaid(run[end]) && end + 1 < run.Count && IsSaid(run[end + 1]) && !run[end + 1].HasPlus)
            {
                end++;
            }

            marks.Add(new Mark(run[first].Start, run[end].End, Mark.Card));
            taken.AsSpan(first, end - first + 1).Fill(true);
            first = end;
        }
    }

    private static bool IsSaid(DigitGroup group) => group.IsSaid || group.Digits.Length == 1;

    // In one, or by four or four and six; or else said by the digit. Any other is a card by chance.
    private static bool IsWritten(List<DigitGroup> run, int first, int last)
    {
        var isWritten = last == first || run[first].Digits.Length == 4;
        for (var index = first + 1; index <= last; index++)
        {
            isWritten &= run[index].Digits.Length is 4 or 6 || (index == last && run[index].Digits.Length < MaxLast);
        }

        return isWritten;
    }

    // The last digit is one to check by.
    private static bool IsProven(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var index = 0; index < digits.Length; index++)
        {
            var digit = digits[^(index + 1)] - '0';
            sum += index % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }
}
