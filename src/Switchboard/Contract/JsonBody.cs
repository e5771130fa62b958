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

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
            EnsureDecodable(body.Span);
        }
        catch (JsonException exception) when (exception.LineNumber is not null)
        {
            throw ApiException.InvalidJson(
                $"The body is not valid JSON, or is nested deeper than {MaxDepth} levels, at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            var (path, failure) = FindUnreadable(body.Span);
            throw ApiException.InvalidJson(path is null ? $"The body {failure}." : $"'{path}' {failure}.", path);
        }

        if (document.RootElement.ValueKind is JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw ApiException.InvalidJson("The body must be a JSON object.");
    }

    /// <summary>
    /// Finds a string or name that no reader can decode. Parts of a body are passed on without being read here, so it is found
    /// now: RFC 8259 allows an escape such as \ud83d without its other half, but it names no character.
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

    /// <summary>Finds what the parser refuses without a word of where: a doubled name, or a string that cannot be decoded.</summary>
    private static (string? Path, string Failure) FindUnreadable(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        // A path is put together once the place is found: for each element of a large body it would cost their product.
        var levels = new Stack<Level>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    levels.Pop();
                }
                else if (reader.TokenType is JsonTokenType.PropertyName)
                {
                    // What cannot be decoded has no name in a path.
                    levels.Peek().Name = null;
                    if (!levels.Peek().Names!.Add(levels.Peek().Name = reader.GetString()!))
                    {
                        return (Path(levels), "appears twice in the same object");
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
                    else if (reader.TokenType is JsonTokenType.String)
                    {
                        _ = reader.GetString();
                    }
                }
            }
        }
        catch (InvalidOperationException)
        {
            return (Path(levels), reader.TokenType is JsonTokenType.PropertyName
                ? "contains a property name with an unpaired surrogate escape" : "contains an unpaired surrogate escape");
        }

        return (null, "is not valid JSON");
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
