using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Switchboard.Common;
using Switchboard.Platforms;

namespace Switchboard.Tools;

/// <summary>
/// What a server says of its tools, taken in page by page. It is foreign text that the responder reads as instructions and that is sent
/// with every request: a tool that is not fit for that is left out by its name, and the others are offered.
/// </summary>
internal sealed class McpToolList
{
    private const int NamedInLog = 10;

    private readonly List<string> _leftOut = [];
    private readonly Dictionary<string, Tool> _tools = new(StringComparer.Ordinal);
    private int _length;

    /// <summary>The tools that may be offered, by the name that the responder is told.</summary>
    public IReadOnlyDictionary<string, Tool> Tools => _tools;

    /// <summary>Whether there is no room for another tool.</summary>
    public bool IsFull => _tools.Count == McpLimits.Tools;

    /// <summary>The tools that are left out, each with its reason, for the log; null when none is.</summary>
    public string? LeftOut => _leftOut.Count == 0 ? null
        : string.Join(", ", _leftOut.Take(NamedInLog)) + (_leftOut.Count > NamedInLog ? $" and {_leftOut.Count - NamedInLog} more" : "");

    /// <summary>Takes a page in.</summary>
    /// <returns>Where the next page begins; null after the last.</returns>
    /// <exception cref="JsonException">It is no page.</exception>
    public string? Add(JsonNode? page)
    {
        try
        {
            if (page is not JsonObject root || root["tools"] is not JsonArray tools)
            {
                throw new JsonException("A page of tools is expected.");
            }

            foreach (var tool in tools)
            {
                Take(tool);
            }

            return root["nextCursor"] is JsonValue next && next.TryGetValue(out string? cursor) ? cursor : null;
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("A page of tools is expected.", fault);
        }
    }

    /// <summary>Leaves out a tool after all.</summary>
    public void Remove(string name, string reason)
    {
        _tools.Remove(name);
        LeaveOut(name, reason);
    }

    private void LeaveOut(string? name, string reason)
    {
        // More than are told of need not be kept.
        _leftOut.Add(_leftOut.Count < NamedInLog ? $"{LogText.Clean(name) ?? "one"} ({reason})" : "");
    }

    /// <summary>Tells that the listing goes on beyond where it was read.</summary>
    public void LeaveOutRest() => LeaveOut("all after page " + McpLimits.Pages.ToString(CultureInfo.InvariantCulture), "it lists on and on");

    private void Take(JsonNode? tool)
    {
        string? name = null;
        try
        {
            name = tool is JsonObject fields && fields["name"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
            using var document = JsonDocument.Parse(tool?.ToJsonString() ?? "null");
            if (Offer(name, document.RootElement) is { } reason)
            {
                LeaveOut(name, reason);
            }
        }
        // Half of a surrogate pair, or a field that is there twice.
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or JsonException)
        {
            LeaveOut(name, "it cannot be read");
        }
    }

    // The reason why it is not offered.
    private string? Offer(string? name, JsonElement tool)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
        {
            return "its name is none";
        }

        if (name.Length > McpLimits.NameLength)
        {
            return $"its name has more than {McpLimits.NameLength} characters";
        }

        if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("inputSchema", out var schema) || !IsSchema(schema))
        {
            return "its inputSchema is none of an object";
        }

        if (schema.GetRawText().Length > McpLimits.SchemaLength)
        {
            return $"its inputSchema has more than {McpLimits.SchemaLength} characters";
        }

        var told = McpFunction.NameOf(name);
        if (_tools.ContainsKey(told))
        {
            return "another tool has its name";
        }

        if (IsFull)
        {
            return $"there are {McpLimits.Tools} before it";
        }

        var harmless = Harmless(JsonNode.Parse(schema.GetRawText()))!.ToJsonString();
        var offered = new Tool { Name = name, Description = McpText.Description(Text(tool, "description")), InputSchema = JsonElement.Parse(harmless) };
        if (_length + LengthOf(offered) > McpLimits.OfferedLength)
        {
            return $"the tools before it take up the {McpLimits.OfferedLength} characters that there are";
        }

        _length += LengthOf(offered);
        _tools.Add(told, offered);
        return null;
    }

    /// <summary>What a tool adds to a request, in characters.</summary>
    public static int LengthOf(Tool tool) => tool.Name.Length + (tool.Description?.Length ?? 0) + tool.InputSchema.GetRawText().Length;

    private static string? Text(JsonElement tool, string name) =>
        tool.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    // Else a service would refuse the whole request, turn by turn.
    private static bool IsSchema(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && Text(schema, "type") == "object"
        && (!schema.TryGetProperty("properties", out var properties) || IsObjectOfSchemas(properties))
        && (!schema.TryGetProperty("required", out var required) || IsArrayOfStrings(required));

    private static bool IsObjectOfSchemas(JsonElement properties) =>
        properties.ValueKind == JsonValueKind.Object
        && properties.EnumerateObject().All(property => property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False);

    private static bool IsArrayOfStrings(JsonElement names) =>
        names.ValueKind == JsonValueKind.Array && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String);

    // Every text in a schema is read by the responder, whatever it is called.
    private static JsonNode? Harmless(JsonNode? node) => node switch
    {
        JsonObject fields => Harmless(fields),
        JsonArray items => new JsonArray([.. items.Select(Harmless)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(ImsMarks.Neutralise(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    private static JsonObject Harmless(JsonObject fields)
    {
        var harmless = new JsonObject();
        foreach (var (name, value) in fields)
        {
            var text = name is "description" && value is JsonValue said && said.GetValueKind() == JsonValueKind.String ? JsonValue.Create(McpText.Description(said.GetValue<string>())) : null;
            harmless.Add(ImsMarks.Neutralise(name), text ?? Harmless(value));
        }

        return harmless;
    }
}

/// <summary>Text of a server for the responder.</summary>
internal static class McpText
{
    /// <summary>A description that is no longer than services take, without marks of IMS, and without characters that nobody sees.</summary>
    public static string? Description(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var cut = TextCut.Cut(text, McpLimits.DescriptionLength);
        var seen = new StringBuilder(cut.Length);
        // By the character, not by its halves: the invisible letters that instructions hide in are beyond U+FFFF.
        foreach (var character in cut.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(character) is not UnicodeCategory.Format)
            {
                seen.Append(Rune.IsControl(character) && character.Value is not '\n' ? " " : character.ToString());
            }
        }

        return TextCut.Cut(ImsMarks.Neutralise(seen.ToString()), McpLimits.DescriptionLength);
    }
}
