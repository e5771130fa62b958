using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Switchboard.Contract;

/// <summary>Reads fields of a foreign answer: what has an unexpected type counts as absent, and a string is read however it was escaped.</summary>
internal static class JsonText
{
    /// <summary>Moves from a property's name over its value.</summary>
    /// <returns>The value if it is a string, else null.</returns>
    public static string? ReadNext(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.String)
        {
            return Read(ref json);
        }

        json.Skip();
        return null;
    }

    /// <summary>Moves from a property's name over its value.</summary>
    /// <returns>The value if it is a whole number, else null.</returns>
    public static long? ReadNextInteger(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.Number)
        {
            return json.TryGetInt64(out var value) ? value : null;
        }

        json.Skip();
        return null;
    }

    /// <summary>Moves from a property's name to its value.</summary>
    /// <returns>Whether the value begins with <paramref name="token"/>; if not, it was skipped.</returns>
    public static bool MoveInto(ref Utf8JsonReader json, JsonTokenType token)
    {
        json.Read();
        if (json.TokenType == token)
        {
            return true;
        }

        json.Skip();
        return false;
    }

    public static string Read(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A server that cuts its text in UTF-16 sends the halves of a surrogate pair in two chunks, each as an escape.
            return Unescape(Encoding.UTF8.GetString(json.ValueSpan));
        }
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is not '\\')
            {
                plain.Append(text[index]);
                continue;
            }

            index++;
            if (text[index] is 'u')
            {
                plain.Append((char)ushort.Parse(text.AsSpan(index + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                index += 4;
            }
            else
            {
                plain.Append(Escaped(text[index]));
            }
        }

        return plain.ToString();
    }

    private static char Escaped(char letter) => letter switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => letter,
    };
}

/// <summary>How this project writes JSON by hand.</summary>
internal static class WireJson
{
    /// <summary>
    /// The relaxed encoder leaves Chinese and quotes of other scripts readable and short; it still escapes U+0085, U+2028 and
    /// U+2029, which some event-stream clients take for line ends. Nothing written here is put into HTML.
    /// </summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };
}
