using Switchboard.Common;

namespace Switchboard.Keys;

/// <summary>What a key looks like, and how a secret's value lists several.</summary>
internal static class KeyText
{
    /// <summary>The fewest characters of a key: even of hex digits so many cannot be guessed, and no word, brace or number of a file is so long.</summary>
    public const int MinLength = 20;

    /// <summary>What a key must be, for messages.</summary>
    public const string Rule = "a key is 20 or more printable ASCII characters without spaces and does not begin with #";

    private const char Comment = '#';

    /// <summary>Whether <paramref name="text"/> is fit to be a key.</summary>
    public static bool IsKey(ReadOnlySpan<char> text) => text.Length >= MinLength && text[0] != Comment && CanBePresented(text);

    /// <summary>Whether <paramref name="text"/> can arrive in a header as a key: a blank or one with spaces would not survive it.</summary>
    public static bool CanBePresented(ReadOnlySpan<char> text) => !text.IsEmpty && AsciiText.IsPrintableWithoutSpaces(text);

    /// <summary>
    /// Reads a secret's value: one key a line; blank lines, lines that begin with # and spaces around a key don't count. In JSON, markup or a
    /// certificate no line is a key, however long: anybody may know it.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="unusable">The numbers of the lines that are neither, counted from 1. They must not become keys that can be guessed.</param>
    public static KeyDigest[] Read(string value, out IReadOnlyList<int> unusable)
    {
        var others = new List<int>();
        var keys = new List<KeyDigest>();
        var isDocument = value.AsSpan().TrimStart() is ['{' or '[' or '"' or '<', ..] or ['-', '-', '-', ..];
        var number = 0;
        foreach (var raw in value.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == Comment)
            {
                continue;
            }

            if (!isDocument && IsKey(line))
            {
                keys.Add(KeyDigest.Of(line));
            }
            else
            {
                others.Add(number);
            }
        }

        unusable = others;
        return [.. keys];
    }
}
