using System.Collections.Frozen;
using System.Globalization;

namespace Switchboard.Platforms;

/// <summary>Characters that a reader takes for plain ones.</summary>
internal static class LookAlikes
{
    // From a character of ASCII to its full-width form.
    private const int FullWidth = 0xfee0;

    // Letters that a reader takes for those of "imsagent": accented ones, those of other scripts, superscripts. A list, since this app has no data of cultures.
    private static readonly FrozenDictionary<char, char> Letters = new (char Plain, string Others)[]
    {
        ('i', "ìíîïĩīĭįİıɩɪіιⅰⁱᵢⓘℐℑℹ"),
        ('m', "ḿṁṃмµμⅿⓜₘᵐℳ"),
        ('s', "śŝşšșſѕṡṣẛⓢˢₛ"),
        ('a', "àáâãäåāăąǎạảɑаαⓐªᵃₐ"),
        ('g', "ĝğġģǧǵɡԍⓖᵍℊ"),
        ('e', "èéêëēĕėęěẹẻẽеёεⓔᵉₑℯℰ"),
        ('n', "ñńņňǹηνⓝⁿₙℕ"),
        ('t', "ţťțŧтτⓣᵗₜ"),
    }.SelectMany(row => row.Others.Select(other => KeyValuePair.Create(other, row.Plain))).ToFrozenDictionary();

    // Marks that a reader takes for the plain ones.
    private static readonly (char Plain, string Others)[] Marks =
    [
        ('<', "‹«〈《⟨\u2329﹤❮≪˂⟪❰ᐸ≺⋖⧼︿︽"),
        ('>', "›»〉》⟩\u232a﹥❯≫˃⟫❱ᐳ≻⋗⧽﹀︾"),
        ('{', "﹛❴⦃"),
        ('}', "﹜❵⦄"),
        ('/', "∕⁄"),
        ('"', "“”„‟"),
        ('\'', "‘’‚‛"),
    ];

    private static readonly FrozenDictionary<char, char> PlainMarks =
        Marks.SelectMany(row => row.Others.Select(other => KeyValuePair.Create(other, row.Plain))).ToFrozenDictionary();

    /// <summary>A character as a reader would take it; false for one that is not seen.</summary>
    public static bool TryFold(char character, out char plain)
    {
        plain = character;
        if (char.IsAscii(character))
        {
            plain = char.ToLowerInvariant(character);
            return !char.IsControl(character) || char.IsWhiteSpace(character);
        }

        var category = char.GetUnicodeCategory(character);
        if (category is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            || character is '\u115f' or '\u1160' or '\u2800' or '\u3164' or '\uffa0'
            || (char.IsControl(character) && !char.IsWhiteSpace(character)))
        {
            return false;
        }

        plain = category switch
        {
            UnicodeCategory.DashPunctuation => '-',
            UnicodeCategory.ConnectorPunctuation => '_',
            _ => char.ToLowerInvariant(Plain(character)),
        };
        plain = Letters.GetValueOrDefault(plain, plain);
        return true;
    }

    /// <summary>The plain letter that a character beyond 16 bits is read as: letters for mathematics, and those in boxes and circles. Null for any other one.</summary>
    // In 13 alphabets of capitals and small ones.
    public static char? Letter(int point) =>
        point is >= 0x1d400 and < 0x1d6a4 ? (char)('a' + ((point - 0x1d400) % 26))
        : point is >= 0x1f130 and < 0x1f18a && (point - 0x1f130) % 32 < 26 ? (char)('a' + ((point - 0x1f130) % 32))
        : null;

    /// <summary>A full-width or look-alike mark as the plain one; any other character as it is.</summary>
    // Full-width forms stand in the order of ASCII.
    public static char Plain(char character) =>
        character is >= '\uff01' and <= '\uff5e' ? (char)(character - FullWidth) : PlainMarks.GetValueOrDefault(character, character);

    /// <summary>All characters that <see cref="Plain"/> takes for one of <paramref name="marks"/>, and these: what a search for them must look for.</summary>
    public static string WaysToWrite(string marks) => string.Concat(
        marks.Select(mark => $"{mark}{(char)(mark + FullWidth)}{Marks.FirstOrDefault(row => row.Plain == mark).Others}"));
}
