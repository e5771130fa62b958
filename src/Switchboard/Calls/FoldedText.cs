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
            if (char.GetUnicodeCategory(source[index]) is not UnicodeCategory.Format and not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(char.ToLowerInvariant(Plain(source[index])));
                _places.Add(index);
            }
        }

        _places.Add(source.Length);
        Text = folded.ToString();
    }

    public string Text { get; }

    /// <summary>The part of the source that became the characters from <paramref name="index"/> on.</summary>
    public Range Source(int index, int length) => _places[index].._places[index + length];

    private static char Plain(char character) => character switch
    {
        // Full-width forms stand in the order of ASCII.
        >= '\uff01' and <= '\uff5e' => (char)(character - 0xfee0),
        '‹' or '«' or '〈' or '《' or '⟨' or '〈' or '﹤' or '❮' or '≪' or '˂' => '<',
        '›' or '»' or '〉' or '》' or '⟩' or '〉' or '﹥' or '❯' or '≫' or '˃' => '>',
        '﹛' or '❴' or '⦃' => '{',
        '﹜' or '❵' or '⦄' => '}',
        '∕' or '⁄' => '/',
        _ => character,
    };
}
