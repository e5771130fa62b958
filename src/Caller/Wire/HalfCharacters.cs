using System.Globalization;

namespace Caller.Wire;

/// <summary>
/// Half characters in JSON text: a character beyond the basic plane is a pair of escapes (RFC 8259, section 7), and a server
/// that cuts its text anywhere may send one without the other. It is still JSON, but no reader can make text of it.
/// </summary>
internal static class HalfCharacters
{
    private const int EscapeLength = 6;

    public static bool AreIn(string json) => Next(json, 0) >= 0;

    /// <summary>Puts the sign for what cannot be shown (U+FFFD) in the place of each.</summary>
    public static string Replace(string json)
    {
        for (var at = Next(json, 0); at >= 0; at = Next(json, at + EscapeLength))
        {
            json = string.Concat(json.AsSpan(0, at), @"\uFFFD", json.AsSpan(at + EscapeLength));
        }

        return json;
    }

    private static int Next(string json, int start)
    {
        for (var at = json.IndexOf('\\', start); at >= 0; at = at < json.Length ? json.IndexOf('\\', at) : -1)
        {
            if (Unit(json, at) is not { } unit)
            {
                // Another escape: a backslash and what it stands before.
                at += 2;
            }
            else if (char.IsHighSurrogate(unit) && Unit(json, at + EscapeLength) is { } second && char.IsLowSurrogate(second))
            {
                at += 2 * EscapeLength;
            }
            else if (char.IsSurrogate(unit))
            {
                return at;
            }
            else
            {
                at += EscapeLength;
            }
        }

        return -1;
    }

    private static char? Unit(string json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit : null;
}
