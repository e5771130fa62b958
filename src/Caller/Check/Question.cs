using System.Text.Json.Nodes;
using Caller.Wire;

namespace Caller.Check;

/// <summary>A request that a run will make.</summary>
/// <param name="Name">One of <see cref="ProbeNames"/>.</param>
/// <param name="Kind">How its answer may be judged.</param>
/// <param name="Said">The texts of all messages in it.</param>
/// <param name="Ask">The request.</param>
internal sealed record Question(string Name, ProbeKind Kind, string Said, Ask Ask)
{
    /// <summary>The texts of the messages, joined without anything between.</summary>
    public static string TextsOf(JsonObject body) => body["messages"] is JsonArray messages
        ? string.Concat(messages.OfType<JsonObject>().Select(message => message["content"]).OfType<JsonValue>().Select(content => content.ToString()))
        : "";
}
