using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchboard.Tests.Upstream;

/// <summary>
/// Brings a request into the form in which two are compared. The order of an object's properties does not count in JSON and is left to
/// the comparison; what is changed here is all that the two clients may write differently.
/// </summary>
internal static class RequestNormal
{
    public static JsonObject Of(JsonNode request)
    {
        var normal = request.AsObject();
        foreach (var message in normal["messages"]!.AsArray().Select(message => message!.AsObject()))
        {
            foreach (var call in message["tool_calls"]?.AsArray() ?? [])
            {
                call!["function"]!["arguments"] = Arguments(call["function"]!["arguments"]!.GetValue<string>());
            }

            if (message["role"]!.GetValue<string>() == "tool")
            {
                message["content"] = Result(message["content"]!.GetValue<string>());
            }
        }

        foreach (var tool in normal["tools"]?.AsArray() ?? [])
        {
            // The package writes an empty description for a tool that has none.
            RemoveIf(tool!["function"]!.AsObject(), "description", "");
        }

        // By the API's documentation the same as leaving it out, which we do where nobody asked for it.
        RemoveIf(normal, "tool_choice", "auto");
        return normal;
    }

    // JSON inside a string: the package writes it anew, indented and with other escapes; we pass on what was received. Where a call
    // has no arguments the package writes null, which is no object; we write {}.
    private static JsonNode Arguments(string text) => text == "null" ? new JsonObject() : JsonNode.Parse(text)!;

    // The result of a tool that is JSON is indented by the package.
    private static JsonNode Result(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject parsed ? parsed : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static void RemoveIf(JsonObject owner, string name, string value)
    {
        if (owner[name] is JsonValue found && found.TryGetValue<string>(out var text) && text == value)
        {
            owner.Remove(name);
        }
    }
}
