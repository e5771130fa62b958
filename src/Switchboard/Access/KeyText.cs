namespace Switchboard.Access;

/// <summary>What a key looks like, and how a secret's value lists several.</summary>
internal static class KeyText
{
    /// <summary>Whether <paramref name="text"/> can be a key: a blank or one with spaces would not survive a header.</summary>
    public static bool IsKey(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character is <= ' ' or > '~')
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    /// <summary>Reads a secret's value: one key a line, blank lines and spaces around a key don't count.</summary>
    /// <param name="value">The value.</param>
    /// <param name="unusable">How many lines can't be a key, such as a remark. They must not become keys that can be guessed.</param>
    public static KeyDigest[] Read(string value, out int unusable)
    {
        unusable = 0;
        var keys = new List<KeyDigest>();
        foreach (var raw in value.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            if (IsKey(line))
            {
                keys.Add(KeyDigest.Of(line));
            }
            else if (!line.IsEmpty)
            {
                unusable++;
            }
        }

        return [.. keys];
    }
}
