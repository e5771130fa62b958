using System.Diagnostics.CodeAnalysis;
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

/// <summary>Finds the field at fault where the parser does not say it: a doubled name, or a string that no reader can decode.</summary>
/// <remarks>
/// The path is put together only once the fault is found, on the way back up: names as long as the body, above elements as
/// many as fit into it, would otherwise cost their product.
/// </remarks>
internal static class JsonFaultFinder
{
    private const int MaxPathLength = 200;

    public static (string? Path, string Fault) Find(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var way = new List<string>();
        return Find(document.RootElement, way) is { } fault ? (Path(way), fault) : (null, "has a fault that cannot be placed");
    }

    // On the way back each level adds its own step, so the innermost stands first.
    private static string? Find(JsonElement element, List<string> way) => element.ValueKind switch
    {
        JsonValueKind.Object => FindInObject(element, way),
        JsonValueKind.Array => FindInArray(element, way),
        JsonValueKind.String when !TryDecode(element.GetString, out _) => "has an unpaired surrogate escape",
        _ => null,
    };

    private static string? FindInArray(JsonElement array, List<string> way)
    {
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (Find(item, way) is { } fault)
            {
                way.Add($"[{index}]");
                return fault;
            }

            index++;
        }

        return null;
    }

    private static string? FindInObject(JsonElement owner, List<string> way)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in owner.EnumerateObject())
        {
            if (!TryDecode(() => property.Name, out var name))
            {
                return "has a property whose name has an unpaired surrogate escape";
            }

            if ((names.Add(name) ? Find(property.Value, way) : "stands there twice") is { } fault)
            {
                way.Add($".{name}");
                return fault;
            }
        }

        return null;
    }

    private static string? Path(List<string> way)
    {
        var path = new StringBuilder();
        for (var step = way.Count - 1; step >= 0 && path.Length <= MaxPathLength; step--)
        {
            // At the root a name has no dot before it.
            path.Append(path.Length == 0 ? way[step][(way[step][0] is '.' ? 1 : 0)..] : way[step]);
        }

        return way.Count == 0 ? null : path.Length <= MaxPathLength ? path.ToString() : $"{TextCut.Cut(path.ToString(), MaxPathLength)}…";
    }

    private static bool TryDecode(Func<string?> read, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = read();
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            // The decoders have no Try form.
            text = null;
            return false;
        }
    }
}
