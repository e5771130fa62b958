using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Switchboard.Contract;

/// <summary>Reads fields of a foreign answer: what has an unexpected type counts as absent, and a string is read however it was escaped.</summary>
internal static class JsonText
{
    // Far above any real id; what is longer is not taken, since ids stand on every update and in telemetry.
    private const int MaxIdBytes = 256;

    /// <summary>Moves from a property's name over its value.</summary>
    /// <returns>The value if it is a string, else null.</returns>
    public static string? ReadNext(ref Utf8JsonReader json) => MoveTo(ref json, JsonTokenType.String) ? Read(ref json) : null;

    /// <summary>Moves from a property's name over its value. The head of every chunk is the same: it is made a string once.</summary>
    /// <returns>The value if it is a string and no longer than an id is; else what is known.</returns>
    public static string? ReadNextId(ref Utf8JsonReader json, string? known) =>
        !MoveTo(ref json, JsonTokenType.String) || json.ValueSpan.Length > MaxIdBytes || json.ValueTextEquals(known) ? known : Read(ref json);

    /// <summary>Moves from a property's name over its value.</summary>
    /// <returns>The value if it is a whole number, else null.</returns>
    public static long? ReadNextInteger(ref Utf8JsonReader json) => MoveTo(ref json, JsonTokenType.Number) && json.TryGetInt64(out var value) ? value : null;

    /// <summary>Moves from a property's name to its value.</summary>
    /// <returns>Whether the value begins with <paramref name="token"/>; if not, it was skipped.</returns>
    public static bool MoveTo(ref Utf8JsonReader json, JsonTokenType token)
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
            // A server that cuts its text in UTF-16 sends the halves of a surrogate pair in two chunks, each as an escape. The escapes of
            // JSON, and the reader lets no others through, mean the same in a pattern.
            return Regex.Unescape(Encoding.UTF8.GetString(json.ValueSpan));
        }
    }
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

    public static string ToText(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            node.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
