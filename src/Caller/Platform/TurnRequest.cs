using System.Text.Json.Nodes;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>A request that a platform makes for a turn.</summary>
/// <param name="Platform">Who asks.</param>
/// <param name="Call">The call.</param>
/// <param name="Turn">The turn.</param>
/// <param name="Body">The body, which may still be changed.</param>
internal sealed record TurnRequest(VoicePlatform Platform, CallFacts Call, TurnFacts Turn, JsonObject Body)
{
    public string Text => TurnBody.Text(Body);

    /// <summary>Writes the request, with the system message first.</summary>
    public static TurnRequest Create(VoicePlatform platform, CallFacts call, TurnFacts turn, IEnumerable<JsonObject> messages)
    {
        var values = new TurnValues(call, turn);
        JsonObject[] system = platform.System is { } prompt ? [ChatMessages.Plain("system", Filling.Prompt(prompt, values))] : [];
        var body = Filling.Object(platform.Body, values
            .With("messages", () => new JsonArray([.. system.Concat(messages).Select(message => message.DeepClone())]))
            .With("tools", () => Offered(platform, values)));
        return new TurnRequest(platform, call, turn, body);
    }

    /// <summary>The tools that the platform offers; null: none.</summary>
    public static JsonArray? Offered(VoicePlatform platform, TurnValues values) => platform.Tools is { } tools
        ? (JsonArray)Filling.Object($$"""{"tools":{{tools}}}""", values)["tools"]!.DeepClone() : null;

    /// <summary>The request as it is sent.</summary>
    /// <param name="attempt">How many times it was sent before.</param>
    public Ask Ask(int attempt = 0)
    {
        var values = new TurnValues(Call, Turn, attempt);
        var added = Call.Headers.Select(pair => (Name: pair[..pair.IndexOf('=', StringComparison.Ordinal)], Value: pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
        (string Name, string Value)[] headers = [.. Platform.Headers.Append(Platform.Key).Concat(added)
            .Select(header => (header.Name, Value: Filling.Text(header.Value, values))).Where(header => header.Value is not null).Select(header => (header.Name, header.Value!))];
        return new Ask
        {
            Body = Text,
            Coding = Platform.Compressed ? "br" : null,
            Headers = headers,
            HasKey = headers.Any(header => header.Name.Equals(Platform.Key.Name, StringComparison.OrdinalIgnoreCase)),
            Call = Call.Id,
        };
    }
}
