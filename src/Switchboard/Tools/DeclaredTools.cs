using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tools;

/// <summary>The tools that the responder may call, under whatever name it calls them.</summary>
/// <param name="tools">The tools of the turn, by name.</param>
/// <param name="actions">The function of each call action of the model, by the action's name, by which it is known too.</param>
/// <param name="takenOver">The function of the call action that takes over a tool of the platform, by the tool's name.</param>
internal sealed class DeclaredTools(IReadOnlyDictionary<string, AITool> tools, IReadOnlyDictionary<string, string> actions, IReadOnlyDictionary<string, string> takenOver)
{
    /// <summary>What the responder is told of a call whose arguments are no JSON object.</summary>
    public const string NotJson = "The tool was not run: its arguments are no JSON object, or were cut off. Call it again with correct ones.";

    /// <summary>The call by the name that its tool was declared with, where there is no doubt which it is; else the call itself.</summary>
    public FunctionCallContent Resolve(FunctionCallContent call)
    {
        var name = tools.ContainsKey(call.Name) ? call.Name
            : (actions.TryGetValue(call.Name, out var function) || takenOver.TryGetValue(Last(Bare(call.Name)), out function)) && tools.ContainsKey(function) ? function
            : Only(Bare(call.Name)) ?? Only(Last(Bare(call.Name))) ?? call.Name;
        call = tools.TryGetValue(name, out var tool) ? ToolCallJson.Of(tool, call) : call;
        // There is nothing that could be missing.
        var needsNone = call.Exception is not null && tool is not null && TakesNothing(tool);
        return name == call.Name && !needsNone ? call : ToolCallJson.With(call, name, withArguments: !needsNone);
    }

    /// <summary>What the responder is told of a call that cannot be made; null for one that can, and for that of a call action, which judges its arguments itself.</summary>
    public string? Refusal(FunctionCallContent call) =>
        !tools.TryGetValue(call.Name, out var tool) ? $"There is no tool '{McpFunction.NameOf(call.Name)}'. {Known}"
        : call.Exception is null || (actions.Values.Contains(call.Name) && tool is not ClientTool) ? null
        : NotJson;

    /// <summary>Whether a step further out runs the tool, and tells the responder what came of it.</summary>
    public bool IsRunHere(FunctionCallContent call) => tools.TryGetValue(call.Name, out var tool) && tool is AIFunction;

    private string Known => tools.Count == 0 ? "There are no tools: answer in words." : $"The tools are: {string.Join(", ", tools.Keys)}. Use one of these, or answer in words.";

    // Kimi writes functions.get_hours:0, Harmony's channels stand behind a name where a server cuts them badly.
    private static string Bare(string name)
    {
        var channel = name.IndexOf('<', StringComparison.Ordinal);
        name = channel > 0 ? name[..channel] : name;
        var colon = name.LastIndexOf(':');
        return colon > 0 && !name.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9') ? name[..colon] : name;
    }

    // Gemini writes default_api.get_hours.
    private static string Last(string name) => name[(name.LastIndexOfAny(['.', '/', ':']) + 1)..];

    private string? Only(string name)
    {
        var wanted = Letters(name);
        var found = wanted.Length == 0 ? [] : tools.Keys.Where(tool => Letters(tool) == wanted).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static bool TakesNothing(AITool tool) => tool is AIFunctionDeclaration { JsonSchema: { ValueKind: JsonValueKind.Object } schema }
        && (schema.TryGetProperty("properties", out var properties)
            ? properties.ValueKind is JsonValueKind.Object && !properties.EnumerateObject().Any()
            : schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind is JsonValueKind.False);
}
