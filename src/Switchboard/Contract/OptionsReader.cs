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

    public static void Read(JsonField body, ChatOptions options)
    {
        options.Temperature = body.Find("temperature")?.Number(0, 2);
        options.TopP = body.Find("top_p")?.Number(0, 1);
        options.FrequencyPenalty = body.Find("frequency_penalty")?.Number(-2, 2);
        options.PresencePenalty = body.Find("presence_penalty")?.Number(-2, 2);
        options.Seed = body.Find("seed")?.Long();
        // max_tokens is the older name of max_completion_tokens; both are checked, the newer one wins.
        var maxTokens = body.Find("max_tokens")?.Integer(1);
        options.MaxOutputTokens = body.Find("max_completion_tokens")?.Integer(1) ?? maxTokens;
        options.StopSequences = body.Find("stop") switch
        {
            null => null,
            { Value.ValueKind: JsonValueKind.Array } list => [.. list.Items(MaxStops).Select(item => item.Name())],
            { } one => [one.Name()],
        };
        options.ResponseFormat = body.Find("response_format") is { } format ? Format(format.Object(), options) : null;
        foreach (var name in PassedOn)
        {
            if (body.Find(name) is { } parameter)
            {
                (options.AdditionalProperties ??= [])[name] = PassOn(parameter);
            }
        }
    }

    private static JsonElement PassOn(JsonField parameter)
    {
        if (parameter.Value.ValueKind is JsonValueKind.String)
        {
            _ = parameter.Name();
        }
        else if (JsonMarshal.GetRawUtf8Value(parameter.Value).Length > MaxPassedOn)
        {
            throw parameter.Invalid($"expected at most {MaxPassedOn} bytes of JSON");
        }

        return parameter.Value.Clone();
    }

    private static ChatResponseFormat Format(JsonField format, ChatOptions options) => format.RequiredText("type") switch
    {
        "text" => ChatResponseFormat.Text,
        "json_object" => ChatResponseFormat.Json,
        "json_schema" => Schema(format.Required("json_schema").Object(), options),
        _ => throw format.Invalid("type", "expected text, json_object or json_schema"),
    };

    private static ChatResponseFormatJson Schema(JsonField format, ChatOptions options)
    {
        var name = format.RequiredName("name");
        var description = format.Find("description")?.Text();
        if (format.Find("strict")?.Boolean() is { } strict)
        {
            (options.AdditionalProperties ??= [])[OptionsWriter.Strict] = strict;
        }

        return ChatResponseFormat.ForJsonSchema(format.Required("schema").Object().Value.Clone(), name, description);
    }
}

/// <summary>Reads <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
internal static class ToolReader
{
    /// <summary>The most tools in a request, and the most calls in a message: OpenAI's own limit.</summary>
    public const int MaxTools = 128;

    // OpenAI: leaving the parameters out declares a function that has none.
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    public static void Read(JsonField body, ChatOptions options)
    {
        options.AllowMultipleToolCalls = body.Find("parallel_tool_calls")?.Boolean();
        options.Tools = body.Find("tools") is { } tools ? [.. tools.Items(MaxTools).Select(Tool)] : null;
        options.ToolMode = body.Find("tool_choice") is { } choice ? Choice(choice, options.Tools ?? []) : null;
    }

    private static ClientTool Tool(JsonField tool)
    {
        if (tool.Object().RequiredText("type") is not "function")
        {
            throw ApiException.UnsupportedValue($"{tool.Path}.type", "only function tools are supported");
        }

        var function = tool.Required("function").Object();
        var name = function.RequiredName("name");
        if (string.IsNullOrWhiteSpace(name))
        {
            throw function.Invalid("name", "must not be blank");
        }

        return new ClientTool(
            name,
            function.Find("description")?.Text(),
            function.Find("parameters")?.Object().Value.Clone() ?? NoParameters,
            function.Find("strict")?.Boolean());
    }

    private static ChatToolMode Choice(JsonField choice, IList<AITool> tools)
    {
        if (choice.Value.ValueKind is JsonValueKind.Object)
        {
            var function = choice.Required("function").Object();
            var name = function.RequiredText("name");
            return tools.Any(tool => tool.Name == name) ? ChatToolMode.RequireSpecific(name) : throw function.Invalid("name", "there is no such tool in 'tools'");
        }

        return choice.Text() switch
        {
            "none" => ChatToolMode.None,
            "auto" => ChatToolMode.Auto,
            "required" => ChatToolMode.RequireAny,
            _ => throw choice.Invalid("expected none, auto, required or a function"),
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
