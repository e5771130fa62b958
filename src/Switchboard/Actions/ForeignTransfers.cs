using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>
/// The transfers of a platform's own tools, where no action of the model says where its calls may go: only to what the tool lists itself, or where it takes no number.
/// And its other tools that may ring somebody up: to what they list, and to the numbers of the settings.
/// </summary>
/// <param name="tools">The tools that transfer.</param>
/// <param name="diallers">The others.</param>
/// <param name="isAllowed">Whether the settings allow a number.</param>
internal sealed class ForeignTransfers(IReadOnlyList<PlatformTool> tools, IReadOnlyList<AITool> diallers, Func<string, bool> isAllowed)
{
    /// <summary>Whether a call of a tool may go out.</summary>
    public bool Allows(FunctionCallContent call) =>
        tools.FirstOrDefault(tool => tool.Tool.Name == call.Name) is { } tool ? call.Exception is null && Allows(tool.Schema, JsonElement.Parse(ToolCallJson.Arguments(call)), 0)
        : diallers.FirstOrDefault(tool => tool.Name == call.Name) is not { } dialler
        || (dialler is AIFunctionDeclaration { JsonSchema: var schema } ? call.Exception is null && !Dials(JsonElement.Parse(ToolCallJson.Arguments(call)), schema)
            : !TransferRule.IsDialled(ToolCallJson.Arguments(call)));

    // What stands in the schema with quotes is a value that it lists.
    private bool Dials(JsonElement value, JsonElement schema) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(field => Dials(field.Value, schema)),
        JsonValueKind.Array => value.EnumerateArray().Any(item => Dials(item, schema)),
        JsonValueKind.String or JsonValueKind.Number when (value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText()) is var text =>
            (PlatformTool.LooksDialled(text) || PlatformTool.IsAddress(text)) && !isAllowed(text) && !schema.GetRawText().Contains($"\"{text}\"", StringComparison.Ordinal),
        _ => false,
    };

    private static bool Allows(ToolSchema schema, JsonElement arguments, int depth)
    {
        if (depth > ToolSchema.Deepest)
        {
            return false;
        }

        var known = schema.Properties.Concat(schema.Alternatives.SelectMany(alternative => alternative.Properties)).ToLookup(property => property.Name, property => property.Schema, StringComparer.Ordinal);
        // Of a name that stands twice nobody knows which one the platform takes.
        var names = new HashSet<string>(StringComparer.Ordinal);
        return arguments.EnumerateObject().All(field => names.Add(field.Name) && (known[field.Name].FirstOrDefault() is { Here.ValueKind: JsonValueKind.Object } property
            ? Allows(field.Name, property, field.Value, depth)
            : !PlatformTool.CouldBeDialled(field.Value)));
    }

    private static bool Allows(string name, ToolSchema schema, JsonElement value, int depth)
    {
        if (schema.Listed.ToList() is { Count: > 0 } listed)
        {
            return value.ValueKind is JsonValueKind.Null || listed.Exists(each => JsonElement.DeepEquals(each.Value, value)
                || (each.Value.ValueKind is JsonValueKind.String && value.ValueKind is JsonValueKind.String && PhoneNumbers.AreSame(each.Value.GetString()!, value.GetString()!)));
        }

        return (PlatformTool.RoleOf(name, schema), value.ValueKind) switch
        {
            (PropertyRole.Line or PropertyRole.Note or PropertyRole.Reason, JsonValueKind.String) => true,
            (_, JsonValueKind.Object) => Allows(schema, value, depth + 1),
            (PropertyRole.Number, JsonValueKind.String) => false,
            _ => !PlatformTool.CouldBeDialled(value),
        };
    }
}
