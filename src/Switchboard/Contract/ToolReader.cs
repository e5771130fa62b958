using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Reads <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
internal static class ToolReader
{
    /// <summary>The most tools in a request, and the most calls in a message: OpenAI's own limit.</summary>
    public const int MaxTools = 128;

    // OpenAI: leaving the parameters out declares a function that has none.
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static void Read(JsonElement body, ChatOptions options)
    {
        options.AllowMultipleToolCalls = JsonFields.OptionalBoolean(body, "parallel_tool_calls");
        if (JsonFields.TryGetArray(body, "tools", null, out var tools))
        {
            JsonFields.EnsureCount(tools, "tools", MaxTools);
            var declared = new List<AITool>(tools.GetArrayLength());
            foreach (var tool in tools.EnumerateArray())
            {
                declared.Add(Tool(tool, $"tools[{declared.Count}]"));
            }

            options.Tools = declared;
        }

        options.ToolMode = Choice(body, options.Tools);
    }

    private static ClientTool Tool(JsonElement tool, string path)
    {
        JsonFields.EnsureObject(tool, path);
        if (JsonFields.RequiredString(tool, "type", path) is not "function")
        {
            throw ApiException.UnsupportedValue($"{path}.type", "only function is supported");
        }

        var function = JsonFields.RequiredObject(tool, "function", path);
        path = $"{path}.function";
        var name = JsonFields.RequiredName(function, "name", path);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw ApiException.InvalidValue($"{path}.name", "must not be blank");
        }

        return new ClientTool(
            name,
            JsonFields.OptionalString(function, "description", path),
            JsonFields.TryGetObject(function, "parameters", path, out var parameters) ? parameters.Clone() : NoParameters,
            JsonFields.OptionalBoolean(function, "strict", path));
    }

    private static ChatToolMode? Choice(JsonElement body, IList<AITool>? tools)
    {
        if (!JsonFields.TryGet(body, "tool_choice", out var choice))
        {
            return null;
        }

        if (choice.ValueKind is JsonValueKind.Object)
        {
            var name = JsonFields.RequiredString(JsonFields.RequiredObject(choice, "function", "tool_choice"), "name", "tool_choice.function");
            return tools?.Any(tool => tool.Name == name) is true
                ? ChatToolMode.RequireSpecific(name)
                : throw ApiException.InvalidValue("tool_choice.function.name", "no such tool in 'tools'");
        }

        return JsonFields.String(choice, "tool_choice") switch
        {
            "none" => ChatToolMode.None,
            "auto" => ChatToolMode.Auto,
            "required" => ChatToolMode.RequireAny,
            _ => throw ApiException.InvalidValue("tool_choice", "expected none, auto, required or a function"),
        };
    }
}
