using System.Globalization;
using System.Text;

namespace Switchboard.Common;

/// <summary>
/// A text in a log line. Ids, names and codes come from outside: a line break in one could forge an entry, and a long one fill the log.
/// Every log line takes its texts as this or as <see cref="FailureText"/>, and a test holds them to it.
/// </summary>
internal readonly struct LogText(string? text)
{
    /// <summary>The longest that a name stands in a log line, in UTF-16 characters.</summary>
    public const int MaxLength = 128;

    public static implicit operator LogText(string? text) => new(text);

    /// <summary>The text without what is unfit for a log line or a tag, and cut.</summary>
    public static string? Clean(string? text, int maxLength = MaxLength)
    {
        if (text is null || (text.Length <= maxLength && AsciiText.IsPrintable(text)))
        {
            return text;
        }

        var clean = new StringBuilder(Math.Min(text.Length, maxLength) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maxLength)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(IsFit(rune) ? rune.ToString() : "_");
        }

        return clean.ToString();
    }

    public override string ToString() => Clean(text) ?? "-";

    // Line ends of any kind, marks that reverse the direction of the text after them, letters without a shape, and halves of characters.
    private static bool IsFit(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
