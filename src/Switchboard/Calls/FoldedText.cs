using System.Globalization;
using System.Text;

namespace Switchboard.Calls;

/// <summary>
/// A text as a reader would take it: small letters, full-width and look-alike brackets as the plain ones, invisible characters
/// gone. It knows where each of its characters stands in the text itself.
/// </summary>
internal sealed class FoldedText
{
    private readonly List<int> _places;

    public FoldedText(string source)
    {
        var folded = new StringBuilder(source.Length);
        _places = new List<int>(source.Length + 1);
        for (var index = 0; index < source.Length; index++)
        {
            if (TryFold(source[index], out var plain))
            {
                folded.Append(plain);
                _places.Add(index);
            }
        }

        _places.Add(source.Length);
        Text = folded.ToString();
    }

    public string Text { get; }

    /// <summary>Where the character at <paramref name="index"/> stands in the source; its length past the end.</summary>
    public int Place(int index) => _places[index];

    /// <summary>The part of the source that became the characters from <paramref name="index"/> on.</summary>
    public Range Source(int index, int length) => _places[index].._places[index + length];

    /// <summary>One character as a reader would take it; false for one that is not seen.</summary>
    public static bool TryFold(char character, out char plain)
    {
        plain = character;
        if (char.IsAscii(character))
        {
            plain = char.ToLowerInvariant(character);
            return !char.IsControl(character) || char.IsWhiteSpace(character);
        }

        if (char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            || (char.IsControl(character) && !char.IsWhiteSpace(character)))
        {
            return false;
        }

        plain = char.ToLowerInvariant(Plain(character));
        return true;
    }

    /// <summary>A full-width or look-alike mark as the plain one; any other character as it is.</summary>
    public static char Plain(char character) => character switch
    {
        // Full-width forms stand in the order of ASCII.
        >= '\uff01' and <= '\uff5e' => (char)(character - 0xfee0),
        '‹' or '«' or '〈' or '《' or '⟨' or '〈' or '﹤' or '❮' or '≪' or '˂' => '<',
        '›' or '»' or '〉' or '》' or '⟩' or '〉' or '﹥' or '❯' or '≫' or '˃' => '>',
        '﹛' or '❴' or '⦃' => '{',
        '﹜' or '❵' or '⦄' => '}',
        '∕' or '⁄' => '/',
        '“' or '”' or '„' or '‟' => '"',
        '‘' or '’' or '‚' or '‛' => '\'',
        _ => character,
    };
}
