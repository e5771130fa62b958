using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Switchboard.Speech;

/// <summary>The tools that the model was offered: only these can be called by text.</summary>
internal sealed class DeclaredTools
{
    private readonly Dictionary<string, AIFunctionDeclaration> _tools;

    private DeclaredTools(Dictionary<string, AIFunctionDeclaration> tools) => _tools = tools;

    /// <summary>The tools of a request; null where there are none, or none may be called.</summary>
    public static DeclaredTools? From(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools || options.ToolMode is NoneChatToolMode)
        {
            return null;
        }

        var declared = new Dictionary<string, AIFunctionDeclaration>(StringComparer.Ordinal);
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            declared[tool.Name] = tool;
        }

        return declared.Count > 0 ? new DeclaredTools(declared) : null;
    }

    /// <summary>The tool that is meant: Harmony and Kimi write <c>functions.</c> before its name, Kimi numbers the calls, Gemma has an api.</summary>
    public string? Resolve(ReadOnlySpan<char> written)
    {
        var name = written.Trim(" \t\r\n\"'`:");
        var colon = name.LastIndexOf(':');
        if (colon > 0 && !name[(colon + 1)..].ContainsAnyExceptInRange('0', '9'))
        {
            name = name[..colon];
        }

        foreach (var prefix in (ReadOnlySpan<string>)["", "functions.", "default_api.", "api."])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && _tools.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[prefix.Length..], out var tool))
            {
                return tool.Name;
            }
        }

        return null;
    }

    /// <summary>The names of a tool's parameters, in order.</summary>
    public IEnumerable<string> Parameters(string tool) => Properties(tool) is { } properties ? properties.EnumerateObject().Select(property => property.Name) : [];

    /// <summary>A value that is written without a type, as the tool's schema wants it.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="text">The value.</param>
    /// <param name="isString">What the text says of its type, if anything.</param>
    public JsonNode? Value(string tool, string parameter, string text, bool? isString)
    {
        var types = Types(tool, parameter);
        if (types.Contains("string") || (types.Length == 0 && isString is true))
        {
            return JsonValue.Create(text);
        }

        try
        {
            return JsonNode.Parse(text is "True" or "False" or "None" ? text is "None" ? "null" : text.ToLowerInvariant() : text);
        }
        catch (JsonException)
        {
            // What is no JSON is text, whatever the schema says: the tool tells what it wants.
            return JsonValue.Create(text);
        }
    }

    private string[] Types(string tool, string parameter) =>
        Properties(tool) is not { } properties || !properties.TryGetProperty(parameter, out var schema) || schema.ValueKind is not JsonValueKind.Object
            || !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind is JsonValueKind.Array ? [.. type.EnumerateArray().Select(each => each.ToString())] : [type.ToString()];

    private JsonElement? Properties(string tool) =>
        _tools[tool].JsonSchema is { ValueKind: JsonValueKind.Object } schema && schema.TryGetProperty("properties", out var properties) && properties.ValueKind is JsonValueKind.Object
            ? properties : null;
}
