using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Switchboard.Common;

namespace Switchboard.Contract;

/// <summary>
/// Parses a body as strict JSON (RFC 8259) in UTF-8. Property names must be unique: with a doubled name it is unclear
/// what was meant, and two readers of one body could take different sides of it.
/// </summary>
internal static class JsonBody
{
    private const int MaxDepth = 64;
    private const int MaxPathLength = 200;
    private const int EscapeLength = 6;

    /// <exception cref="ApiException">The body is no JSON object; the exception says where.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            throw ApiException.InvalidJson("The body is empty; a JSON object is expected.");
        }

        if (!Utf8.IsValid(body.Span))
        {
            throw ApiException.InvalidJson("The body is not valid UTF-8.");
        }

        body = WithWholeCharacters(body);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
        }
        catch (JsonException exception) when (exception.LineNumber is not null)
        {
            throw ApiException.InvalidJson(
                $"The body is not valid JSON, or is nested deeper than {MaxDepth} levels, at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
        catch (JsonException)
        {
            var path = FindDoubled(body.Span);
            throw ApiException.InvalidJson(path is null ? "The body is not valid JSON." : $"'{path}' appears twice in the same object.", path);
        }

        if (document.RootElement.ValueKind is JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw ApiException.InvalidJson("The body must be a JSON object.");
    }

    /// <summary>
    /// Finds a string or name that no reader can decode: RFC 8259 allows an escape such as \ud83d without its other half, but it names no
    /// character.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is one.</exception>
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

    /// <summary>The same of JSON that stands in a string of another: what a tool was called with, or what an application gave its platform.</summary>
    public static string WithWholeCharacters(string json) =>
        json.Contains("\\u", StringComparison.Ordinal) || json.AsSpan().ContainsAnyInRange('\ud800', '\udfff')
            // The encoding itself puts the same in the place of a half that is no escape.
            ? Encoding.UTF8.GetString(WithWholeCharacters(Encoding.UTF8.GetBytes(json)).Span)
            : json;

    /// <summary>
    /// Puts U+FFFD in the place of each escape that is half of a character. Platforms cut texts by UTF-16, through an emoji too, and one such
    /// half in the history must not end the call. Escapes are of one length, so everything stays where it is.
    /// </summary>
    private static ReadOnlyMemory<byte> WithWholeCharacters(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        byte[]? whole = null;
        var at = bytes.IndexOf((byte)'\\');
        while (at >= 0 && at < bytes.Length)
        {
            var length = 2;
            if (Unit(bytes[at..]) is { } unit)
            {
                var isPair = char.IsHighSurrogate(unit) && Unit(bytes[(at + EscapeLength)..]) is { } next && char.IsLowSurrogate(next);
                length = isPair ? 2 * EscapeLength : EscapeLength;
                if (!isPair && char.IsSurrogate(unit))
                {
                    whole ??= body.ToArray();
                    "\\ufffd"u8.CopyTo(whole.AsSpan(at));
                }
            }

            at = Math.Min(at + length, bytes.Length);
            at = bytes[at..].IndexOf((byte)'\\') is var more and >= 0 ? at + more : -1;
        }

        return whole ?? body;
    }

    // The UTF-16 unit of an escape; null where none begins.
    private static char? Unit(ReadOnlySpan<byte> text) =>
        text.StartsWith("\\u"u8) && text.Length >= EscapeLength
            && Utf8Parser.TryParse(text[2..EscapeLength], out ushort unit, out var read, 'X') && read == EscapeLength - 2 ? (char)unit : null;

    /// <summary>Finds the name that the parser refuses without a word of where, since it stands twice in an object.</summary>
    private static string? FindDoubled(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        // A path is put together once the place is found: for each element of a large body it would cost their product.
        var levels = new Stack<Level>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                levels.Pop();
            }
            else if (reader.TokenType is JsonTokenType.PropertyName)
            {
                if (!levels.Peek().Names!.Add(levels.Peek().Name = reader.GetString()!))
                {
                    return Path(levels);
                }
            }
            else
            {
                if (levels.TryPeek(out var level))
                {
                    level.Index++;
                }

                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    levels.Push(new Level { Names = reader.TokenType is JsonTokenType.StartObject ? new(StringComparer.Ordinal) : null });
                }
            }
        }

        return null;
    }

    private static string? Path(Stack<Level> levels)
    {
        string[] steps = [.. levels.Reverse().Where(level => level.Names is null || level.Name is not null)
            .Select(level => level.Names is null ? $"[{level.Index}]" : $".{level.Name}")];
        var path = string.Concat(steps);
        // At the root a name has no dot before it.
        path = path.StartsWith('.') ? path[1..] : path;
        return steps.Length == 0 ? null : path.Length <= MaxPathLength ? path : $"{TextCut.Cut(path, MaxPathLength)}…";
    }

    /// <summary>An object or array on the way to what is read: its names, if it is an object, and the name or index that was come to.</summary>
    private sealed class Level
    {
        public HashSet<string>? Names { get; init; }

        public string? Name { get; set; }

        public int Index { get; set; } = -1;
    }
}
