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
        // ElevenLabs' setting for no limit is -1; whether it is sent is not documented.
        var maxTokens = body.Find("max_tokens") is { } most && !(most.Value.ValueKind is JsonValueKind.Number && most.Value.TryGetInt32(out var given) && given == -1)
            ? most.Integer(1) : (int?)null;
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

/// <summary>Reads <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>, and their elders <c>functions</c> and <c>function_call</c>.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools</remarks>
internal static class ToolReader
{
    /// <summary>The most tools in a request, and the most calls in a message: OpenAI's own limit.</summary>
    public const int MaxTools = 128;

    // OpenAI: leaving the parameters out declares a function that has none.
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}""");

    /// <returns>Whether the client knows functions alone, as before there were tools: it reads a call of one in that form only.</returns>
    public static bool Read(JsonField body, ChatOptions options)
    {
        options.AllowMultipleToolCalls = body.Find("parallel_tool_calls")?.Boolean();
        options.Tools = body.Find("tools") is { } tools ? [.. tools.Items(MaxTools).Select(Tool).OfType<AITool>()] : null;
        options.ToolMode = body.Find("tool_choice") is { } choice ? Choice(choice, options) : null;
        if (options.Tools is { Count: > 0 } || body.Find("functions") is not { } functions)
        {
            return false;
        }

        options.Tools = [.. functions.Items(MaxTools).Select(function => Function(function.Object()))];
        options.ToolMode = body.Find("function_call") is { } call ? LegacyChoice(call, options.Tools) : null;
        // An answer has room for one.
        options.AllowMultipleToolCalls = options.Tools.Count > 0 ? false : null;
        return options.Tools.Count > 0;
    }

    // What only OpenAI itself runs (web_search, mcp, …) is left out rather than the call refused: the answer then does without.
    private static AITool? Tool(JsonField tool) => tool.Object().RequiredText("type") switch
    {
        "function" => Function(tool.Required("function").Object()),
        "custom" => Custom(tool.Required("custom").Object()),
        _ => null,
    };

    private static CustomTool Custom(JsonField custom) =>
        new(custom.RequiredName("name") is var name && !string.IsNullOrWhiteSpace(name) ? name : throw custom.Invalid("name", "must not be blank"), custom.Value.Clone());

    private static ClientTool Function(JsonField function)
    {
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

    private static ChatToolMode? Choice(JsonField choice, ChatOptions options)
    {
        IList<AITool> tools = options.Tools ?? [];
        if (choice.Value.ValueKind is JsonValueKind.Object)
        {
            switch (choice.Find("type")?.Text())
            {
                case "custom":
                    Known(choice.Required("custom").Object(), tools);
                    Keep(choice, options);
                    return null;
                case "allowed_tools":
                    foreach (var allowed in choice.Required("allowed_tools").Object().Required("tools").Items(MaxTools))
                    {
                        _ = (allowed.Object().Find("function") ?? allowed.Find("custom")) is { } tool ? Known(tool.Object(), tools) : null;
                    }

                    Keep(choice, options);
                    return null;
                case null or "function":
                    return ChatToolMode.RequireSpecific(Known(choice.Required("function").Object(), tools));
                default:
                    // Of a tool that was left out.
                    return null;
            }
        }

        return choice.Text() switch
        {
            "none" => ChatToolMode.None,
            "auto" => ChatToolMode.Auto,
            "required" => ChatToolMode.RequireAny,
            _ => throw choice.Invalid("expected none, auto, required or a function"),
        };
    }

    private static ChatToolMode LegacyChoice(JsonField choice, IList<AITool> functions) => choice.Value.ValueKind is JsonValueKind.Object
        ? ChatToolMode.RequireSpecific(Known(choice, functions))
        : choice.Text() switch
        {
            "none" => ChatToolMode.None,
            "auto" => ChatToolMode.Auto,
            _ => throw choice.Invalid("expected none, auto or a function"),
        };

    private static string Known(JsonField function, IList<AITool> tools) => function.RequiredText("name") is var name && tools.Any(tool => tool.Name == name) ? name
        : throw function.Invalid("name", "there is no such tool in the request");

    // ChatToolMode has no member for it: it goes on as it came, to a service that knows it.
    private static void Keep(JsonField choice, ChatOptions options) => (options.AdditionalProperties ??= [])[ToolWriter.Choice] = choice.Value.Clone();
}

/// <summary>A tool of the client's that is called with any text, or one of its own grammar. It exists only at services that know it.</summary>
/// <param name="name">Its name.</param>
/// <param name="declaration">The value of <c>custom</c>, as sent.</param>
internal sealed class CustomTool(string name, JsonElement declaration) : AITool
{
    public override string Name => name;

    public JsonElement Declaration => declaration;
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
