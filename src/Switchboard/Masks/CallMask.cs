using System.Text;

namespace Switchboard.Masks;

/// <summary>A piece of a text that is masked.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it is over.</param>
/// <param name="Name">What stands in its place.</param>
internal readonly record struct Mark(int Start, int End, string Name)
{
    public const string Phone = "[phone]";
    public const string Card = "[card]";
    public const string Mail = "[e-mail]";
    public const string Iban = "[iban]";

    /// <summary>Stands in a text that is being searched where something was found: it belongs to nothing.</summary>
    public const char Taken = '\u0001';
}

/// <summary>Masks numbers and addresses of persons in what is kept of calls. The marks are fixed and tell nothing of what stood there.</summary>
/// <param name="own">The operator's numbers, which stay.</param>
internal sealed class NumberMask(IReadOnlyList<string> own)
{
    // So many countries are tried; who has numbers in more names few of them in one call.
    private const int MaxRegions = 4;

    private readonly PhoneBook _book = new();

    // Read once: each turn has a mask of its own.
    private readonly List<string> _own = [.. own.Select(Digits).Where(digits => digits.Length >= CallMask.MinKnown)];

    // Only where a number is there to be read: it takes the plans of all countries.
    private List<string> OwnRegions => field ??= [.. own.Select(_book.RegionOf).OfType<string>().Distinct()];

    /// <summary>Masks what is of no call that is known.</summary>
    public CallMask Any => field ??= Of(null, null);

    /// <summary>Masks what is said on a call.</summary>
    /// <param name="persons">The number of the person; null where it is not known. It is masked however it is written.</param>
    /// <param name="line">The number of the operator's line; null where it is not known. It tells the country, and stays.</param>
    public CallMask Of(string? persons, string? line) => new(
        _book,
        line is not null && Digits(line) is { Length: >= CallMask.MinKnown } called ? [.. _own, called] : _own,
        persons is { } number && Digits(number) is { Length: >= CallMask.MinKnown } person ? [person] : [],
        [.. new[] { persons, line }.Select(_book.RegionOf).OfType<string>().Concat(OwnRegions).Distinct().Take(MaxRegions)]);

    private static string Digits(string number) => string.Concat(NumberRuns.Plain(number).Where(char.IsAsciiDigit)).TrimStart('0');
}

/// <summary>
/// Masks one call's texts: phone numbers, cards, e-mail addresses and accounts, in digits of every script and in words. What could be a number and is none, such as an order's,
/// a date or a price, stays: see <see cref="PhoneRules"/>. The time grows as the length of a text.
/// </summary>
internal sealed class CallMask(PhoneBook book, IReadOnlyList<string> own, IReadOnlyList<string> persons, IReadOnlyList<string> regions)
{
    /// <summary>The fewest digits by which a number is known again.</summary>
    public const int MinKnown = 6;

    /// <summary>The text with its numbers masked.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What the text is the value of, such as <c>phone_number</c>; null where it is of nothing.</param>
    public string Text(string text, string? name = null) => Texts([text], name)[0];

    /// <summary>Texts that are one when they are read: a number may begin in one and be over in another. Its mark stands where it begins.</summary>
    public IReadOnlyList<string> Texts(IReadOnlyList<string> texts, string? name)
    {
        var whole = string.Concat(texts);
        if (whole.Length == 0 || Marks(whole, name) is not { Count: > 0 } marks)
        {
            return texts;
        }

        var masked = new List<string>();
        var (at, next, end) = (0, 0, 0);
        foreach (var text in texts)
        {
            var part = new StringBuilder(text.Length);
            end += text.Length;
            for (; next < marks.Count && marks[next].Start < end; next++)
            {
                part.Append(whole, at, marks[next].Start - at).Append(marks[next].Name);
                at = marks[next].End;
            }

            if (at < end)
            {
                part.Append(whole, at, end - at);
                at = end;
            }

            masked.Add(part.ToString());
        }

        return masked;
    }

    private List<Mark> Marks(string text, string? name)
    {
        var plain = NumberRuns.Plain(text);
        var marks = new List<Mark>();
        Addresses.FindMail(plain, marks);
        Addresses.FindIban(plain, marks);
        var rules = new PhoneRules(plain, name, book, own, persons, regions);
        foreach (var run in NumberRuns.Of(plain))
        {
            rules.Judge(run, marks);
        }

        marks.Sort((one, other) => one.Start.CompareTo(other.Start));
        return marks;
    }
}
