using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Switchboard.Common;

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

    private bool IsFull => _tools.Count == McpLimits.Tools;

    /// <summary>The tools that are left out, each with its reason, for the log; null when none is.</summary>
    public string? LeftOut => _leftOut.Count == 0 ? null
        : string.Join(", ", _leftOut.Take(NamedInLog)) + (_leftOut.Count > NamedInLog ? $" and {_leftOut.Count - NamedInLog} more" : "");

    /// <summary>Lists the tools of a server, and has <paramref name="client"/> know them.</summary>
    /// <exception cref="JsonException">A page is none.</exception>
    public static async Task<McpToolList> ReadAsync(McpClient client, CancellationToken cancellationToken)
    {
        var list = new McpToolList();
        string? cursor = null;
        for (var page = 0; page == 0 || cursor is not null; page++)
        {
            if (page == McpLimits.Pages || list.IsFull)
            {
                list.LeaveOut($"all tools after page {page}", "the listing has too many pages");
                break;
            }

            var request = new JsonRpcRequest { Method = RequestMethods.ToolsList, Params = cursor is null ? [] : new JsonObject { ["cursor"] = cursor } };
            cursor = list.Add((await client.SendRequestAsync(request, cancellationToken)).Result);
        }

        client.ClearKnownTools();
        foreach (var (name, tool) in list.Tools.ToList())
        {
            try
            {
                client.AddKnownTools([tool]);
            }
            catch (ArgumentException)
            {
                list._tools.Remove(name);
                list.LeaveOut(name, "its x-mcp-header is not valid");
            }
        }

        return list;
    }

    // Gives where the next page begins; null after the last.
    private string? Add(JsonNode? page)
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
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            throw new JsonException("A page of tools is expected.", failure);
        }
    }

    // More than are told of need not be kept.
    private void LeaveOut(string? name, string reason) =>
        _leftOut.Add(_leftOut.Count < NamedInLog ? $"{LogText.Clean(name) ?? "a tool"} ({reason})" : "");

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
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or JsonException)
        {
            LeaveOut(name, "it cannot be read");
        }
    }

    // The reason why it is not offered.
    private string? Offer(string? name, JsonElement tool)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
        {
            return "its name is missing or not valid";
        }

        if (name.Length > McpLimits.NameLength)
        {
            return $"its name has more than {McpLimits.NameLength} characters";
        }

        if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("inputSchema", out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            return "its inputSchema is missing or is not an object";
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
            return $"{McpLimits.Tools} tools come before it";
        }

        var neutral = McpText.Neutralise(JsonObject.Create(schema)!);
        if (McpSchema.Failure(neutral) is { } failure)
        {
            return $"its inputSchema {failure}";
        }

        var offered = new Tool { Name = name, Description = McpText.Description(Text(tool, "description")), InputSchema = JsonElement.Parse(neutral.ToJsonString()), Annotations = Hints(tool) };
        if (_length + LengthOf(offered) > McpLimits.OfferedLength)
        {
            return $"the tools before it take up the {McpLimits.OfferedLength} characters that there are";
        }

        _length += LengthOf(offered);
        _tools.Add(told, offered);
        return null;
    }

    private static ToolAnnotations? Hints(JsonElement tool) => tool.TryGetProperty("annotations", out var hints) && hints.ValueKind == JsonValueKind.Object
        ? new() { ReadOnlyHint = IsTrue(hints, "readOnlyHint"), IdempotentHint = IsTrue(hints, "idempotentHint") }
        : null;

    private static bool IsTrue(JsonElement hints, string name) => hints.TryGetProperty(name, out var hint) && hint.ValueKind == JsonValueKind.True;

    /// <summary>What a tool adds to a request, in characters.</summary>
    public static int LengthOf(Tool tool) => tool.Name.Length + (tool.Description?.Length ?? 0) + tool.InputSchema.GetRawText().Length;

    private static string? Text(JsonElement tool, string name) =>
        tool.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
