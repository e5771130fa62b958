using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>How the call actions of a model leave in one turn: as the tools that the request offers for them, as IMS has them, or not at all.</summary>
internal sealed class ActionForms
{
    // livekit/agents, livekit-agents/livekit/agents/beta/tools/end_call.py says so in the description of its tool: it asks for the goodbye afterwards.
    private const string NoOtherText = "any other text";

    private readonly CallControl _control;
    private readonly Dictionary<CallAction, PlatformTool[]> _tools = [];

    /// <param name="actions">The actions of the model.</param>
    /// <param name="call">The call.</param>
    /// <param name="tools">What the request offers.</param>
    public ActionForms(IReadOnlyList<CallAction> actions, CallContext call, IList<AITool>? tools)
    {
        var dialect = Dialects.Of(call);
        Platform = dialect.Name;
        _control = dialect.Control;
        if (!_control.HasTools || tools is null || (actions.Count == 0 && ReadsDirectives))
        {
            return;
        }

        var known = tools.Select(PlatformTool.Of).OfType<PlatformTool>().ToList();
        foreach (var action in actions)
        {
            // One that takes a number before one that takes none, since that goes where the platform's own settings say.
            if (known.Where(tool => tool.IsTransfer == action.IsTransfer).OrderBy(tool => tool.NumberPaths.Count == 0).ToArray() is { Length: > 0 } taken)
            {
                _tools[action] = taken;
            }
        }

        // What an unknown client offers beside is its own affair.
        if (!ReadsDirectives)
        {
            Foreign = [.. known.Where(tool => tool.IsTransfer && !_tools.Keys.Any(action => action.IsTransfer))];
            Diallers = [.. tools.Where(tool => NameWords.IsDialling(tool.Name) && !known.Exists(each => each.Tool.Name == tool.Name))];
        }
    }

    public string Platform { get; }

    /// <summary>Whether directives in the text are obeyed.</summary>
    public bool ReadsDirectives => _control.ReadsDirectives;

    /// <summary>Whether the platform takes one tool call of an answer.</summary>
    public bool TakesOneCall => _control.TakesOneCall;

    /// <summary>Whether the platform runs tool calls that stand in the text.</summary>
    public bool AreWrittenCallsRun => _control.RunsWrittenCalls;

    /// <summary>The tools that transfer the call, of a platform that is known, where no action of the model does.</summary>
    public IReadOnlyList<PlatformTool> Foreign { get; } = [];

    /// <summary>The tools of such a platform that may ring somebody up, and are no form of a call action.</summary>
    public IReadOnlyList<AITool> Diallers { get; } = [];

    /// <summary>The action that takes over each tool of the platform, by the tool's name.</summary>
    public IEnumerable<KeyValuePair<string, CallAction>> TakenOver => _tools.SelectMany(form => form.Value, (form, tool) => KeyValuePair.Create(tool.Tool.Name, form.Key));

    /// <summary>Whether text may have to wait for a call.</summary>
    public bool WantsLastWordsInCall => _tools.Any(form => LastWordsOf(form.Key) is not LastWords.BeforeCall);

    /// <summary>Whether an action leaves as one of the platform's tools.</summary>
    public bool IsTool(CallAction action) => _tools.ContainsKey(action);

    /// <summary>Whether an action leaves as IMS has it.</summary>
    public bool IsDirective(CallAction action) => ReadsDirectives && !IsTool(action);

    /// <summary>Where the last words of an action belong.</summary>
    public LastWords LastWordsOf(CallAction action) => !_tools.TryGetValue(action, out var tools) ? LastWords.BeforeCall
        : _control.LastWords is LastWords.AfterCall
            ? AsksForLastWords(action) ? LastWords.AfterCall : LastWords.BeforeCall
        // A line that a tool must have is spoken by the platform, so that the text would be heard beside it.
        : Array.Exists(tools, tool => LineOf(tool) is { } line && (_control.LastWords is LastWords.InCall || tool.Schema.IsRequired(line) || line.StartsWith("system__", StringComparison.Ordinal)))
            ? LastWords.InCall : LastWords.BeforeCall;

    /// <summary>Whether the platform asks for the last words when the action is done, whatever was said before.</summary>
    public bool AsksForLastWords(CallAction action) => _control.LastWords is LastWords.AfterCall && !action.IsTransfer && _tools.TryGetValue(action, out var tools)
        && Array.Exists(tools, tool => tool.Tool.Description.Length == 0 || tool.Tool.Description.Contains(NoOtherText, StringComparison.OrdinalIgnoreCase));

    /// <summary>The tool call for an action; null when no tool of the platform can be told all that it must be told.</summary>
    /// <param name="action">The action.</param>
    /// <param name="asked">The responder's call.</param>
    /// <param name="ask">What there is to tell.</param>
    public FunctionCallContent? Fill(CallAction action, FunctionCallContent asked, ToolAsk ask)
    {
        foreach (var tool in _tools[action])
        {
            if (new ToolArguments(ask, asked.Exception is null ? asked.Arguments : null).Fill(tool, action.Choices - 1) is { } arguments)
            {
                var id = asked.CallId is { Length: > 0 } given ? given : $"call_{Guid.NewGuid():N}";
                return ToolCallJson.ToContent(id, tool.Tool.Name, arguments);
            }
        }

        return null;
    }

    /// <summary>The line that the responder gave as an argument of the platform's tool; null for none.</summary>
    public string? LineIn(CallAction action, FunctionCallContent asked) =>
        asked.Exception is not null || !_tools.TryGetValue(action, out var tools) ? null
        : tools.Select(LineOf).OfType<string>().Select(name => asked.Arguments?.TryGetValue(name, out var value) is true ? value?.ToString() : null).FirstOrDefault(line => line is { Length: > 0 });

    /// <summary>A call of an action with its number where the action looks for it, also where the responder named it as the platform's tool does.</summary>
    public FunctionCallContent WithNumber(CallAction action, FunctionCallContent call)
    {
        if (!action.IsTransfer || call.Exception is not null || call.Arguments?.ContainsKey(TransferAction.Number) is not false || !_tools.TryGetValue(action, out var tools))
        {
            return call;
        }

        var arguments = JsonElement.Parse(ToolCallJson.Arguments(call));
        var numbers = tools.SelectMany(tool => tool.NumberPaths).Distinct().Select(path => At(arguments, path)).OfType<string>().Distinct().ToList();
        if (numbers.Count == 0)
        {
            return call;
        }

        // Of two nobody knows which is meant, so that both must be allowed: they are not.
        var named = new Dictionary<string, object?>(call.Arguments, StringComparer.Ordinal) { [TransferAction.Number] = string.Join(" or ", numbers) };
        return new FunctionCallContent(call.CallId, call.Name, named);
    }

    /// <summary>The declaration of an action, with what else its tool must or may be told.</summary>
    public AIFunctionDeclaration Declare(CallAction action)
    {
        var declared = action.Declaration;
        if (!_tools.TryGetValue(action, out var tools) || JsonNode.Parse(declared.JsonSchema.GetRawText()) is not JsonObject schema)
        {
            return declared;
        }

        var properties = schema["properties"]!.AsObject();
        var last = LastWordsOf(action);
        foreach (var (name, property) in tools[0].Schema.Properties)
        {
            var role = PlatformTool.RoleOf(name, property);
            var isRequired = tools[0].Schema.IsRequired(name);
            if (role is PropertyRole.Number or PropertyRole.ShownNumber || properties.ContainsKey(name) || property.IsObject
                || (role is PropertyRole.Line && last is not LastWords.InCall) || (role is PropertyRole.Unknown && !isRequired))
            {
                continue;
            }

            var copy = JsonNode.Parse(property.Here.GetRawText());
            if (role is PropertyRole.Line && copy is JsonObject line)
            {
                line["description"] = "What the caller hears last. Say it here, and write no text beside it.";
            }

            properties[name] = copy;
            if (role is PropertyRole.Unknown)
            {
                (schema["required"] ??= new JsonArray()).AsArray().Add((JsonNode)name);
            }
        }

        foreach (var definitions in new[] { "$defs", "definitions" })
        {
            if (tools[0].Schema.Root.TryGetProperty(definitions, out var shared))
            {
                schema[definitions] = JsonNode.Parse(shared.GetRawText());
            }
        }

        return AIFunctionFactory.CreateDeclaration(declared.Name, declared.Description, JsonElement.Parse(schema.ToJsonString()));
    }

    private static string? LineOf(PlatformTool tool) =>
        tool.Schema.Properties.FirstOrDefault(property => PlatformTool.RoleOf(property.Name, property.Schema) is PropertyRole.Line && property.Schema.Takes("string")).Name;

    private static string? At(JsonElement arguments, string path)
    {
        foreach (var step in path.Split('.'))
        {
            if (arguments.ValueKind is not JsonValueKind.Object || !arguments.TryGetProperty(step, out arguments))
            {
                return null;
            }
        }

        return arguments.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => arguments.GetString(),
            _ => arguments.GetRawText(),
        };
    }
}
