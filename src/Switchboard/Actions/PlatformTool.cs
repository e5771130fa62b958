using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>A tool that a request offers for a call action, known by the words of its name and by what it takes.</summary>
internal sealed class PlatformTool
{
    private PlatformTool(ClientTool tool, bool isTransfer)
    {
        Tool = tool;
        IsTransfer = isTransfer;
        Schema = ToolSchema.Of(tool.JsonSchema).Followed();
        NumberPaths = isTransfer ? [.. Numbers(Schema, "", 0)] : [];
    }

    public ClientTool Tool { get; }

    public bool IsTransfer { get; }

    public ToolSchema Schema { get; }

    /// <summary>Where it takes the number of a transfer, as <c>destination.number</c>; none where it takes none.</summary>
    public IReadOnlyList<string> NumberPaths { get; }

    /// <summary>What <paramref name="tool"/> is for; null when for no call action.</summary>
    public static PlatformTool? Of(AITool tool)
    {
        if (tool is not ClientTool client)
        {
            return null;
        }

        if (NameWords.IsHangUp(client.Name))
        {
            return new PlatformTool(client, isTransfer: false);
        }

        var known = NameWords.IsTransfer(client.Name) ? new PlatformTool(client, isTransfer: true) : null;
        // One that takes something else, such as the index of another agent, is no transfer to a number.
        return known is { NumberPaths.Count: 0 } && known.Schema.Properties.Any(property => known.Schema.IsRequired(property.Name) && !IsTold(property.Name)) ? null : known;
    }

    /// <summary>What a property holds: by its name, or by the numbers that are listed or spoken of there.</summary>
    public static PropertyRole RoleOf(string name, ToolSchema schema) => NameWords.RoleOf(name) switch
    {
        PropertyRole.Number when TakesNumber(schema, 0) => PropertyRole.Number,
        PropertyRole.Number => PropertyRole.Unknown,
        PropertyRole.Unknown when IsNumber(schema) => PropertyRole.Number,
        var role => role,
    };

    /// <summary>Whether <paramref name="value"/> could be dialled as it stands.</summary>
    public static bool LooksDialled(string value) =>
        value.Count(char.IsAsciiDigit) >= 5 && value.All(character => char.IsAsciiDigit(character) || character is '+' or ' ' or '-' or '(' or ')' or '.' or '/');

    /// <summary>Whether <paramref name="value"/> is the address of a telephone.</summary>
    public static bool IsAddress(string value) => value.AsSpan().Trim() is var text
        && (text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("sips:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether anything in <paramref name="value"/> could be dialled.</summary>
    public static bool CouldBeDialled(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TransferRule.IsDialled(value.GetString()!),
        JsonValueKind.Number => value.GetRawText().Length > 3,
        JsonValueKind.Array => value.EnumerateArray().Any(CouldBeDialled),
        JsonValueKind.Object => value.EnumerateObject().Any(field => CouldBeDialled(field.Value)),
        _ => false,
    };

    private static bool IsTold(string name) => NameWords.RoleOf(name) is PropertyRole.Line or PropertyRole.Note or PropertyRole.Reason;

    private static bool TakesNumber(ToolSchema schema, int depth) => depth < ToolSchema.Deepest
        && (schema.Takes("string") || schema.Listed.Any() || schema.Properties.Any() || schema.Alternatives.Any(alternative => TakesNumber(alternative, depth + 1))
            || (schema.Items is { } items && TakesNumber(items, depth + 1)))
        && !(schema.Takes("integer") && !schema.Takes("string"));

    private static bool IsNumber(ToolSchema schema) =>
        schema.Listed.Any(listed => listed.Value.ValueKind is JsonValueKind.String && LooksDialled(listed.Value.GetString()!))
        || (schema.Takes("string") && (schema.Format is "phone" or "phone-number" or "tel" || schema.Description.Contains("E.164", StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<string> Numbers(ToolSchema schema, string path, int depth)
    {
        if (depth > ToolSchema.Deepest)
        {
            yield break;
        }

        foreach (var (name, property) in schema.Properties)
        {
            var role = RoleOf(name, property);
            if (role is PropertyRole.Number && !property.IsObject && !property.Alternatives.Any(alternative => alternative.IsObject))
            {
                yield return path + name;
            }
            else if (role is PropertyRole.Number or PropertyRole.Unknown)
            {
                foreach (var below in property.Alternatives.Prepend(property).SelectMany(inner => Numbers(inner, $"{path}{name}.", depth + 1)).Distinct())
                {
                    yield return below;
                }
            }
        }
    }
}
