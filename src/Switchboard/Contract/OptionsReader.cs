using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Maps the parameters of a request to <see cref="ChatOptions"/>.</summary>
internal static class OptionsReader
{
    // Parameters without a member of ChatOptions that a responder may still want: kept as sent, under their own names.
    private static readonly string[] PassedOn =
        ["logit_bias", "metadata", "prompt_cache_key", "reasoning_effort", "safety_identifier", "service_tier", "store", "top_k", "user", "verbosity"];

    // OpenAI takes four, others some more.
    private const int MaxStops = 16;

    // Of JSON: a thousand entries of logit_bias, and more than OpenAI takes as metadata.
    private const int MaxPassedOn = 32 * 1024;

    public static void Read(JsonElement body, ChatOptions options)
    {
        options.Temperature = JsonFields.OptionalNumber(body, "temperature", 0, 2);
        options.TopP = JsonFields.OptionalNumber(body, "top_p", 0, 1);
        options.FrequencyPenalty = JsonFields.OptionalNumber(body, "frequency_penalty", -2, 2);
        options.PresencePenalty = JsonFields.OptionalNumber(body, "presence_penalty", -2, 2);
        options.Seed = JsonFields.OptionalLong(body, "seed");
        // max_tokens is the older name of max_completion_tokens; both are checked, the newer one wins.
        var maxTokens = JsonFields.OptionalInteger(body, "max_tokens", 1, int.MaxValue);
        options.MaxOutputTokens = JsonFields.OptionalInteger(body, "max_completion_tokens", 1, int.MaxValue) ?? maxTokens;
        options.StopSequences = Stop(body);
        options.ResponseFormat = Format(body, options);
        foreach (var name in PassedOn)
        {
            if (JsonFields.TryGet(body, name, out var value))
            {
                (options.AdditionalProperties ??= [])[name] = PassOn(value, name);
            }
        }
    }

    private static JsonElement PassOn(JsonElement value, string name)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            _ = JsonFields.Name(JsonFields.String(value, name), name);
        }
        else if (JsonMarshal.GetRawUtf8Value(value).Length > MaxPassedOn)
        {
            throw ApiException.InvalidValue(name, $"expected at most {MaxPassedOn} bytes");
        }

        return value.Clone();
    }

    private static List<string>? Stop(JsonElement body)
    {
        if (!JsonFields.TryGet(body, "stop", out var stop))
        {
            return null;
        }

        if (stop.ValueKind is not JsonValueKind.Array)
        {
            return [JsonFields.Name(JsonFields.String(stop, "stop"), "stop")];
        }

        JsonFields.EnsureCount(stop, "stop", MaxStops);
        var sequences = new List<string>(stop.GetArrayLength());
        foreach (var item in stop.EnumerateArray())
        {
            var path = $"stop[{sequences.Count}]";
            sequences.Add(JsonFields.Name(JsonFields.String(item, path), path));
        }

        return sequences;
    }

    private static ChatResponseFormat? Format(JsonElement body, ChatOptions options)
    {
        if (!JsonFields.TryGetObject(body, "response_format", null, out var format))
        {
            return null;
        }

        return JsonFields.RequiredString(format, "type", "response_format") switch
        {
            "text" => ChatResponseFormat.Text,
            "json_object" => ChatResponseFormat.Json,
            "json_schema" => Schema(JsonFields.RequiredObject(format, "json_schema", "response_format"), options),
            _ => throw ApiException.InvalidValue("response_format.type", "expected text, json_object or json_schema"),
        };
    }

    private static ChatResponseFormatJson Schema(JsonElement format, ChatOptions options)
    {
        const string Path = "response_format.json_schema";
        var name = JsonFields.RequiredName(format, "name", Path);
        var description = JsonFields.OptionalString(format, "description", Path);
        if (JsonFields.OptionalBoolean(format, "strict", Path) is { } strict)
        {
            (options.AdditionalProperties ??= [])[OptionsWriter.Strict] = strict;
        }

        return ChatResponseFormat.ForJsonSchema(JsonFields.RequiredObject(format, "schema", Path).Clone(), name, description);
    }
}

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

/// <summary>A tool that the client declared in its request and runs itself.</summary>
internal sealed class ClientTool(string name, string? description, JsonElement parameters, bool? strict) : AIFunctionDeclaration
{
    private readonly AdditionalPropertiesDictionary _properties = strict is { } value ? new() { ["strict"] = value } : [];

    public override string Name => name;

    public override string Description => description ?? "";

    public override JsonElement JsonSchema => parameters;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => _properties;
}
