using System.Text.Json;
using System.Text.Unicode;

namespace Switchboard.Contract;

/// <summary>
/// Parses a body as strict JSON (RFC 8259) in UTF-8. Property names must be unique: with a doubled name it is unclear
/// what was meant, and two readers of one body could take different sides of it.
/// </summary>
internal static class JsonBody
{
    private const int MaxDepth = 64;

    /// <exception cref="ApiException">The body is no JSON object; the exception says where.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            throw ApiException.InvalidJson("The body is empty; a JSON object is expected.");
        }

        if (!Utf8.IsValid(body.Span))
        {
            throw ApiException.InvalidJson("The body is not UTF-8.");
        }

        try
        {
            EnsureDecodable(body.Span);
            var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind is JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            throw ApiException.InvalidJson("The body must be a JSON object.");
        }
        catch (JsonException fault) when (fault.LineNumber is not null)
        {
            throw NoJson(fault);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Misfit(body);
        }
    }

    private static ApiException NoJson(JsonException fault) =>
        ApiException.InvalidJson($"The body is not valid JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}; at most {MaxDepth} levels deep).");

    private static ApiException Misfit(ReadOnlyMemory<byte> body)
    {
        try
        {
            var (path, what) = JsonFaultFinder.Find(body);
            return ApiException.InvalidJson(path is null ? $"The body {what}." : $"'{path}' {what}.", path);
        }
        catch (JsonException fault)
        {
            // What cannot be decoded was met first, and further on it is no JSON either.
            return NoJson(fault);
        }
    }

    /// <summary>
    /// Finds a string or name that no reader can decode. Parts of a body are passed on without being read here, so it is found
    /// now: RFC 8259 allows an escape such as \ud83d without its other half, but it names no character.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
    /// <exception cref="JsonException">It is no JSON; that is only looked at where there are escapes.</exception>
    public static void EnsureDecodable(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }
}
