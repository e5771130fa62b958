using System.Text.Json.Nodes;

namespace Infra.Tests;

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

/// <param name="ScopeType">Type of the resource that the role is given on, e.g. <c>Microsoft.KeyVault/vaults</c>.</param>
/// <param name="RoleId">GUID of the role definition.</param>
/// <param name="Principal">Principal id, or the expression that reads it when the deployment runs.</param>
internal sealed record RoleAssignment(string ScopeType, string RoleId, string Principal)
{
    private const string Separator = "/providers/Microsoft.Authorization/roleAssignments/";

    public static RoleAssignment From(JsonObject resource)
    {
        var id = Deployment.Text(resource["id"]);
        var properties = resource["properties"]!;
        return new RoleAssignment(
            TypeOf(id[..id.IndexOf(Separator, StringComparison.Ordinal)]),
            Deployment.Text(properties["roleDefinitionId"]).Split('/')[^1],
            Deployment.Text(properties["principalId"]));
    }

    // /subscriptions/s/resourceGroups/g/providers/Vendor/type/name/childType/childName → Vendor/type/childType;
    // a group or a subscription has no /providers/ and gives "".
    private static string TypeOf(string scope)
    {
        var parts = scope.Split("/providers/");
        return parts.Length < 2 ? "" : string.Join('/', parts[^1].Split('/').Where((_, index) => index == 0 || index % 2 == 1));
    }
}
