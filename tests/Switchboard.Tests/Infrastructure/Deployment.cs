using System.Text.Json.Nodes;

namespace Switchboard.Tests.Infrastructure;

/// <summary>What one deployment creates, as <c>bicep snapshot</c> predicts it.</summary>
internal sealed class Deployment(JsonObject snapshot)
{
    public IReadOnlyList<JsonObject> Resources { get; } =
        [.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())];

    public JsonObject Outputs { get; } = snapshot["outputs"]!.AsObject();

    public IReadOnlyList<RoleAssignment> Roles =>
        [.. OfType("Microsoft.Authorization/roleAssignments").Select(RoleAssignment.From)];

    public IReadOnlyDictionary<string, string> AppSettings =>
        Single("Microsoft.Web/sites")["properties"]!["siteConfig"]!["appSettings"]!.AsArray()
            .ToDictionary(setting => Text(setting!["name"]), setting => Text(setting!["value"]));

    public IEnumerable<JsonObject> OfType(string type) =>
        Resources.Where(resource => string.Equals(Text(resource["type"]), type, StringComparison.OrdinalIgnoreCase));

    public JsonObject Single(string type) => Assert.Single(OfType(type));

    public static string Text(JsonNode? node) => Assert.IsAssignableFrom<JsonValue>(node).GetValue<string>();
}
