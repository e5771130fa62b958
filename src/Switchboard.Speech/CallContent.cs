using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Switchboard.Speech;

/// <summary>Makes calls of what was read.</summary>
internal static class CallContent
{
    /// <summary>A JSON value; null where the text is none, or holds half of a surrogate pair.</summary>
    public static JsonElement? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            EnsureDecodable(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Half of a surrogate pair would fail whoever reads it, far from here.
    private static void EnsureDecodable(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    _ = property.Name;
                    EnsureDecodable(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var each in json.EnumerateArray())
                {
                    EnsureDecodable(each);
                }

                break;
            case JsonValueKind.String:
                _ = json.GetString();
                break;
        }
    }

    /// <summary>The text of a JSON string.</summary>
    public static string Text(JsonElement json) => json.GetString()!;

    /// <summary>A call with these arguments.</summary>
    public static FunctionCallContent Content(string name, JsonObject arguments) => Content(name, arguments.ToJsonString());

    /// <summary>A call with these arguments: an object, or the text of one.</summary>
    public static FunctionCallContent Content(string name, JsonElement? arguments) => arguments switch
    {
        null or { ValueKind: JsonValueKind.Null } => Content(name, "{}"),
        { ValueKind: JsonValueKind.String } text => Content(name, Text(text) is { Length: > 0 } inner ? inner : "{}"),
        { } json => Content(name, json.GetRawText()),
    };

    /// <summary>A call whose arguments are this text.</summary>
    public static FunctionCallContent Content(string name, string arguments)
    {
        if (Parse(arguments) is not { ValueKind: JsonValueKind.Object } json)
        {
            return Broken(name, arguments);
        }

        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            values[property.Name] = property.Value;
        }

        return new FunctionCallContent(NewId(), name, values.Count > 0 ? values : null);
    }

    /// <summary>As a call whose arguments the service itself could not finish.</summary>
    public static FunctionCallContent Broken(string name, string arguments) => new(NewId(), name)
    {
        Exception = new JsonException("The arguments of the call are no JSON object."),
        AdditionalProperties = new() { ["arguments"] = arguments },
    };

    private static string NewId() => $"call_{Guid.NewGuid():N}";
}
