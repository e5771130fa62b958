using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Caller.Platform;

/// <summary>Puts values into a platform's texts.</summary>
internal static partial class Filling
{
    /// <summary>The text with its values; null when one of them is missing.</summary>
    public static string? Text(string text, TurnValues values)
    {
        var missing = false;
        var filled = Place().Replace(text, match =>
        {
            var value = values[match.Groups[1].Value];
            missing |= value is null;
            return value?.ToString() ?? "";
        });
        return missing ? null : filled;
    }

    /// <summary>The text with its values, and with nothing where one is missing.</summary>
    public static string Prompt(string text, TurnValues values) => Place().Replace(text, match => values[match.Groups[1].Value]?.ToString() ?? "");

    /// <summary>The JSON object with its values. A property without its value is left out, and so is an object that has lost all of its properties.</summary>
    public static JsonObject Object(string json, TurnValues values) => Fill(JsonNode.Parse(json), values) as JsonObject ?? [];

    private static JsonNode? Fill(JsonNode? node, TurnValues values) => node switch
    {
        JsonObject item => Fill(item, values),
        JsonArray items => new JsonArray([.. items.Select(item => Fill(item, values)).Where(item => item is not null)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Fill(text, values),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Fill(string text, TurnValues values) =>
        Place().Match(text) is { Success: true } match && match.Length == text.Length ? values[match.Groups[1].Value] : Text(text, values);

    private static JsonObject? Fill(JsonObject item, TurnValues values)
    {
        var filled = new JsonObject();
        foreach (var (name, node) in item)
        {
            if (node is null)
            {
                filled[name] = null;
                continue;
            }

            var value = Fill(node, values);
            if (name == "..." && value is JsonObject more)
            {
                // Its properties stand among the others.
                foreach (var (inner, content) in more)
                {
                    filled[inner] = content?.DeepClone();
                }
            }
            else if (name != "..." && value is not null)
            {
                filled[name] = value;
            }
        }

        return filled.Count == 0 && item.Count > 0 ? null : filled;
    }

    [GeneratedRegex(@"\{([A-Za-z0-9]+)\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
