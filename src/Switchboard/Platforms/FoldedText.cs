using System.Buffers;
using System.Globalization;
using System.Text;

namespace Switchboard.Platforms;

/// <summary>
/// A text as a reader would take it: small letters, full-width and look-alike characters as the plain ones, invisible ones gone, and what is
/// written as an HTML entity or a JSON escape as what it stands for, also where that is one more. It knows where each of its characters stands in
/// the text itself.
/// </summary>
/// <remarks>A closing bracket that is written so stays as it is: whoever looks for one knows both ways to write it.</remarks>
internal sealed class FoldedText
{
    // Entities that stand for nothing that is seen have no character.
    private const char Nothing = '\0';
    private const int LongestEntity = 8;

    // What can stand in an opening, in its name and between its attributes.
    private static readonly Dictionary<string, char> Entities = new(StringComparer.Ordinal)
    {
        ["amp"] = '&',
        ["lt"] = '<',
        ["lang"] = '<',
        ["laquo"] = '<',
        ["lsaquo"] = '<',
        ["bsol"] = '\\',
        ["sol"] = '/',
        ["lcub"] = '{',
        ["lbrace"] = '{',
        ["rcub"] = '}',
        ["rbrace"] = '}',
        ["quot"] = '"',
        ["apos"] = '\'',
        ["equals"] = '=',
        ["lowbar"] = '_',
        ["hyphen"] = '-',
        ["ndash"] = '-',
        ["nbsp"] = ' ',
        ["ensp"] = ' ',
        ["emsp"] = ' ',
        ["thinsp"] = ' ',
        ["tab"] = ' ',
        ["newline"] = ' ',
        ["shy"] = Nothing,
        ["zwj"] = Nothing,
        ["zwnj"] = Nothing,
        ["lrm"] = Nothing,
        ["rlm"] = Nothing,
    };

    private static readonly Dictionary<string, char>.AlternateLookup<ReadOnlySpan<char>> EntitiesBySpan = Entities.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    private readonly StringBuilder _folded;
    private readonly List<int> _places;
    private readonly List<int> _ends;
    private int _number = -1;

    public FoldedText(string source)
    {
        _folded = new StringBuilder(source.Length);
        _places = new List<int>(source.Length + 1);
        _ends = new List<int>(source.Length);
        for (var index = 0; index < source.Length; index++)
        {
            if (char.IsHighSurrogate(source[index]) && index + 1 < source.Length && char.IsLowSurrogate(source[index + 1]))
            {
                AddPair(source, index++);
            }
            else if (char.IsHighSurrogate(source[index]) && index + 1 == source.Length)
            {
                // What it is half of is not known yet.
                break;
            }
            else if (LookAlikes.TryFold(source[index], out var plain))
            {
                EndNumber(plain, index);
                Add(plain, index, index + 1);
                Decode(index + 1);
            }
        }

        _places.Add(source.Length);
        Text = _folded.ToString();
    }

    public string Text { get; }

    /// <summary>Whether <paramref name="rest"/>, which begins with <c>&amp;</c> or a backslash and ends with the text, may yet become another character.</summary>
    public static bool MayBecomeAnother(ReadOnlySpan<char> rest)
    {
        var name = rest[1..];
        if (rest[0] is '\\')
        {
            return name.Length < 5 && (name.Length == 0 || (name[0] is 'u' && IsHexadecimal(name[1..])));
        }

        if (name.Length > 0 && name[0] is '#')
        {
            return IsNumber(name[1..]);
        }

        foreach (var entity in Entities.Keys)
        {
            if (entity.AsSpan().StartsWith(name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the character at <paramref name="index"/> stands in the source; its length past the end.</summary>
    public int Place(int index) => _places[index];

    /// <summary>Where the character at <paramref name="index"/> ends in the source.</summary>
    public int End(int index) => _ends[index];

    /// <summary>The part of the source that became the characters from <paramref name="index"/> on.</summary>
    public Range Source(int index, int length) => _places[index].._places[index + length];

    private static bool IsHexadecimal(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hexadecimal);

    private static bool IsNumber(ReadOnlySpan<char> text) =>
        text.Length > 0 && text[0] is 'x' ? IsHexadecimal(text[1..]) : !text.ContainsAnyExceptInRange('0', '9');

    private void AddPair(string source, int index)
    {
        var point = char.ConvertToUtf32(source[index], source[index + 1]);
        if (CharUnicodeInfo.GetUnicodeCategory(point) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark)
        {
            return;
        }

        var letter = LookAlikes.Letter(point);
        EndNumber(' ', index);
        if (letter is not null)
        {
            Add(letter.Value, index, index + 2);
        }
        else
        {
            Add(source[index], index, index + 1);
            Add(source[index + 1], index + 1, index + 2);
        }
    }

    private void Add(char character, int place, int end)
    {
        if (character is '#' && _folded.Length > 0 && _folded[^1] is '&')
        {
            _number = _folded.Length - 1;
        }

        _folded.Append(character);
        _places.Add(place);
        _ends.Add(end);
    }

    // A number without its semicolon ends with the first character that is no digit.
    private void EndNumber(char next, int place)
    {
        var first = _number + 2;
        var isPart = char.IsAsciiDigit(next) || next is ';' || (first == _folded.Length ? next is 'x' : char.IsAsciiHexDigit(next) && _number >= 0 && _folded[first] is 'x');
        if (_number >= 0 && !isPart)
        {
            DecodeNumber(place);
        }
    }

    private void Decode(int end)
    {
        if (_folded[^1] is ';')
        {
            if (_number >= 0)
            {
                DecodeNumber(end);
                return;
            }

            for (var length = 1; length <= LongestEntity && length + 1 < _folded.Length; length++)
            {
                if (_folded[^(length + 2)] is '&')
                {
                    if (EntitiesBySpan.TryGetValue(Tail(_folded.Length - 1 - length).AsSpan(0, length), out var stands))
                    {
                        Become(_folded.Length - length - 2, stands, end);
                    }

                    return;
                }
            }
        }
        else if (_folded.Length >= 6 && _folded[^5] is 'u' && _folded[^6] is '\\' && Tail(_folded.Length - 4) is var digits && IsHexadecimal(digits))
        {
            Become(_folded.Length - 6, ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), end);
        }
    }

    private void DecodeNumber(int end)
    {
        var (start, digits) = (_number, Tail(_number + 2).TrimEnd(';'));
        _number = -1;
        var isHexadecimal = digits.StartsWith('x');
        if (uint.TryParse(isHexadecimal ? digits[1..] : digits, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            Become(start, code, end);
        }
    }

    private void Become(int start, uint code, int end)
    {
        if (code is 0 or > char.MaxValue || char.IsSurrogate((char)code))
        {
            return;
        }

        if (!LookAlikes.TryFold((char)code, out var plain))
        {
            plain = Nothing;
        }

        if (plain is not '>')
        {
            Become(start, plain, end);
        }
    }

    private void Become(int start, char character, int end)
    {
        var place = _places[start];
        _folded.Length = start;
        _places.RemoveRange(start, _places.Count - start);
        _ends.RemoveRange(start, _ends.Count - start);
        if (character is not Nothing)
        {
            Add(character, place, end);
            Decode(end);
        }
    }

    private string Tail(int start) => _folded.ToString(start, _folded.Length - start);
}
