using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Switchboard.Hosting;

/// <summary>
/// Makes JSON of settings, for those whose value is JSON: a configuration knows only texts, so one that reads as a number or a truth value
/// is one, and names that count from 0 make a list.
/// </summary>
internal static class SettingsJson
{
    public static JsonNode? Of(IConfigurationSection section)
    {
        var children = section.GetChildren().ToArray();
        return children.Length == 0 ? Value(section.Value)
            : children.Select((child, index) => child.Key == index.ToString(CultureInfo.InvariantCulture)).All(counts => counts) ? new JsonArray([.. children.Select(Of)])
            : new JsonObject(children.Select(child => KeyValuePair.Create(child.Key, Of(child))));
    }

    private static JsonNode? Value(string? text)
    {
        if (bool.TryParse(text, out var truth))
        {
            return truth;
        }

        try
        {
            return text is ['-' or (>= '0' and <= '9'), ..] ? JsonNode.Parse(text) : text;
        }
        catch (JsonException)
        {
            // A date, say.
            return text;
        }
    }
}
