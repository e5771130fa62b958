using System.Text.Json;
using System.Text.Json.Nodes;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>What a platform does with a tool call.</summary>
/// <param name="Shown">In words.</param>
/// <param name="Result">What its message with the result says; null: the model is not asked again.</param>
/// <param name="Ends">Whether the call is over: at once, or after the goodbye where there is a result.</param>
/// <param name="Speaks">What is spoken, out of the arguments; null: nothing.</param>
internal sealed record ToolOutcome(string Shown, string? Result = null, bool Ends = false, string? Speaks = null);

/// <summary>Runs the tools of a platform.</summary>
internal sealed class PlatformTools(VoicePlatform platform, IReadOnlyList<OfferedTool> offered)
{
    private const string Done = """{"status":"done"}""";

    // ElevenLabs: the page calls it message or client_message, the live schema this.
    private static readonly string[] SpokenArguments = ["system__message_to_speak", "client_message", "message"];

    public ToolOutcome Run(ToolUse call)
    {
        var shown = $"tool call {call.Name}({call.Arguments})";
        if (offered.Count == 0)
        {
            return new ToolOutcome($"{shown}: the platform offered no tools and does nothing");
        }

        if (offered.FirstOrDefault(tool => tool.Name == call.Name)?.Refuses(call.Arguments) is { } refused)
        {
            return new ToolOutcome($"{shown}: the platform refuses it, since {refused}", platform.AsksAgain ? $"Error: {refused}" : null);
        }

        if (!offered.Any(tool => tool.Name == call.Name))
        {
            return new ToolOutcome($"{shown}: the platform does not know it", platform.AsksAgain ? $"Error: there is no tool {call.Name}" : null);
        }

        var speaks = JsonReading.ParseObject(call.Arguments) is { } arguments ? SpokenArguments.Select(name => arguments.FindText(name)).FirstOrDefault(text => text is not null) : null;
        return call.Name == platform.EndTool ? new ToolOutcome($"the platform hangs up{(platform.EndResult is null ? "" : " after one more answer")}: {shown}", platform.EndResult, Ends: true, speaks)
            : call.Name == platform.TransferTool ? new ToolOutcome($"the platform transfers the call: {shown}", Ends: true, Speaks: speaks)
            : call.Name == VoicePlatforms.SkipTurn ? new ToolOutcome($"the platform says nothing and listens: {shown}")
            : new ToolOutcome($"the platform runs it{(platform.AsksAgain ? " and asks again" : "")}: {shown}", platform.AsksAgain ? Done : null);
    }
}

/// <summary>A tool that a request offers.</summary>
internal sealed record OfferedTool(string Name, JsonElement? Parameters)
{
    public static IReadOnlyList<OfferedTool> In(JsonObject body)
    {
        var root = JsonReading.Parse(TurnBody.Text(body));
        var tools = (root?.Find("tools")).Items().Select(tool => tool.Find("function")).Concat((root?.Find("functions")).Items().Select(function => (JsonElement?)function));
        return [.. tools.Where(tool => tool?.FindText("name") is not null).Select(tool => new OfferedTool(tool!.Value.FindText("name")!, tool.Value.Find("parameters")))];
    }

    /// <summary>What is wrong with the arguments by the schema, as far as platforms look: the required ones, types, enumerations, unknown names; null: nothing.</summary>
    public string? Refuses(string text)
    {
        if (JsonReading.ParseObject(text) is not { } arguments)
        {
            return $"its arguments are not a JSON object: {(text.Length > 0 ? text : "empty")}";
        }

        var known = Parameters?.Find("properties");
        if ((Parameters?.Find("required")).Items().Select(name => name.ToString()).FirstOrDefault(name => arguments.Find(name) is null) is { } missing)
        {
            return $"{missing} is missing";
        }

        foreach (var argument in arguments.EnumerateObject())
        {
            if (known?.Find(argument.Name) is not { } schema)
            {
                if (Parameters?.Find("additionalProperties") is { ValueKind: JsonValueKind.False })
                {
                    return $"there is no argument {argument.Name}";
                }

                continue;
            }

            if (schema.FindText("type") is { } type && !Fits(argument.Value, type))
            {
                return $"{argument.Name} is not of type {type}";
            }

            var allowed = schema.Find("enum").Items().ToList();
            if (allowed.Count > 0 && !allowed.Exists(value => value.GetRawText() == argument.Value.GetRawText() || value.ToString() == argument.Value.ToString()))
            {
                return $"{argument.Name} is {argument.Value}, which is not one of {string.Join(", ", allowed)}";
            }
        }

        return null;
    }

    private static bool Fits(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => true,
    };
}
