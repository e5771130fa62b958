using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

/// <summary>A request as a fixture server understood it.</summary>
public sealed record AskedTurn(JsonObject Body, string Id, long Created)
{
    public string Model => Body["model"]?.GetValue<string>() ?? ServerBehaviour.Model;

    public bool IncludeUsage => Body["stream_options"]?["include_usage"]?.GetValue<bool>() == true;

    public bool OffersTools => (Body["tools"] ?? Body["functions"]) is JsonArray { Count: > 0 };

    public int Words => Texts.Sum(text => text.Split(' ').Length);

    public int Characters => Texts.Sum(text => text.Length);

    public string Said => TextOf(((JsonArray)Body["messages"]!)[^1]!);

    private IEnumerable<string> Texts => ((JsonArray)Body["messages"]!).Select(message => TextOf(message!));

    private static string TextOf(JsonNode message) => message["content"] switch
    {
        JsonValue text => text.GetValue<string>(),
        JsonArray parts => string.Concat(parts.Select(part => part!["text"]?.GetValue<string>())),
        _ => "",
    };
}
