using System.Buffers;
using Switchboard.Common;

namespace Switchboard.Keys;

/// <summary>What a key and its name look like, and how a secret's value lists several.</summary>
internal static class KeyText
{
    /// <summary>The fewest characters of a key: even of hex digits so many cannot be guessed, and no word, brace or number of a file is so long.</summary>
    public const int MinLength = 20;

    /// <summary>What a key must be, for messages.</summary>
    public const string Rule = "a key is 20 or more printable ASCII characters without spaces and does not begin with #";

    /// <summary>What the name of a key must be, for messages.</summary>
    public const string NameRule = "a name is 1 to 40 letters, digits, dots, hyphens and underscores, a letter or digit first, and neither 8 hex digits nor none";

    private const int MaxName = 40;

    private const char Comment = '#';

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    /// <summary>Whether <paramref name="text"/> is fit to be a key.</summary>
    public static bool IsKey(ReadOnlySpan<char> text) => text.Length >= MinLength && text[0] != Comment && CanBePresented(text);

    /// <summary>Whether <paramref name="text"/> can arrive in a header as a key: a blank or one with spaces would not survive it.</summary>
    public static bool CanBePresented(ReadOnlySpan<char> text) => !text.IsEmpty && AsciiText.IsPrintableWithoutSpaces(text);

    /// <summary>Whether <paramref name="text"/> is fit to be the name of a key.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxName || !char.IsAsciiLetterOrDigit(text[0]) || text.ContainsAnyExcept(NameCharacters))
        {
            return false;
        }

        // It stands where a key without a name is called by its digits, or none was sent.
        return !(text.Length == KeyDigest.NameLength && !text.ContainsAnyExcept(HexDigits)) && !text.Equals("none", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Reads an entry of a list: a key, or <c>name: key</c>. There is a space after the colon then, which no key has: a colon without one is a part of the key.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="key">The key; all of the entry where it has no name.</param>
    /// <returns>The name; null where it has none.</returns>
    public static string? Split(string entry, out string key)
    {
        var colon = entry.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && colon + 1 < entry.Length && entry[colon + 1] is ' ' or '\t' && entry.AsSpan(0, colon).Trim() is var name && IsName(name))
        {
            key = entry[(colon + 1)..].Trim();
            return name.ToString();
        }

        key = entry;
        return null;
    }

    /// <summary>The key of an entry, without its name.</summary>
    public static string KeyOf(string entry)
    {
        _ = Split(entry, out var key);
        return key;
    }

    /// <summary>The names in a list.</summary>
    public static IEnumerable<string> NamesOf(IEnumerable<string> entries) => entries.Select(entry => Split(entry, out _)).OfType<string>();

    /// <summary>Whether an entry is a key as a whole, but looks as if it was meant as a name and a key.</summary>
    public static bool LooksNamed(string entry) =>
        entry.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && IsKey(entry) && IsName(entry.AsSpan(0, colon)) && IsKey(entry.AsSpan(colon + 1));

    /// <summary>
    /// Reads a secret's value: one key a line, or <c>name: key</c>; blank lines, lines that begin with # and spaces around them don't count. In JSON, markup or a
    /// certificate no line is a key, however long: anybody may know it.
    /// </summary>
    public static KeyLines Read(string value)
    {
        var keys = new List<KnownKey>();
        var unusable = new List<int>();
        var unnamed = new List<int>();
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

            var entry = line.ToString();
            var name = Split(entry, out var key);
            if (isDocument || !IsKey(key))
            {
                unusable.Add(number);
                continue;
            }

            keys.Add(new KnownKey(KeyDigest.Of(key), name));
            if (LooksNamed(entry))
            {
                unnamed.Add(number);
            }
        }

        return new KeyLines([.. keys], unusable, unnamed);
    }
}

/// <summary>What a secret's value holds; lines are counted from 1.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Unusable">The lines that are neither keys nor remarks. They must not become keys that can be guessed.</param>
/// <param name="Unnamed">The lines whose colon is a part of the key, though it may be meant to follow a name.</param>
internal sealed record KeyLines(KnownKey[] Keys, IReadOnlyList<int> Unusable, IReadOnlyList<int> Unnamed);
