using System.Text.Json.Nodes;

namespace Infra.Tests;

[Collection(InfrastructureTestGroup.Name)]
public sealed class HardeningTests(CompiledInfrastructure infrastructure)
{
    /// <summary>Resource type, path of the property, value that it must have wherever the type is deployed.</summary>
    public static TheoryData<string, string, string> Required => new()
    {
        { "Microsoft.Storage/storageAccounts", "properties.allowSharedKeyAccess", "false" },
        { "Microsoft.Storage/storageAccounts", "properties.allowBlobPublicAccess", "false" },
        { "Microsoft.Storage/storageAccounts", "properties.allowCrossTenantReplication", "false" },
        { "Microsoft.Storage/storageAccounts", "properties.supportsHttpsTrafficOnly", "true" },
        { "Microsoft.Storage/storageAccounts", "properties.minimumTlsVersion", "\"TLS1_2\"" },
        { "Microsoft.Storage/storageAccounts/blobServices/containers", "properties.publicAccess", "\"None\"" },
        { "Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization", "true" },
        { "Microsoft.KeyVault/vaults", "properties.enablePurgeProtection", "true" },
        { "Microsoft.KeyVault/vaults", "properties.enableSoftDelete", "true" },
        { "Microsoft.KeyVault/vaults", "properties.createMode", "\"default\"" },
        { "Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", "true" },
        { "Microsoft.Insights/components", "properties.DisableLocalAuth", "true" },
        { "Microsoft.CognitiveServices/accounts", "properties.disableLocalAuth", "true" },
        { "Microsoft.Web/sites", "properties.httpsOnly", "true" },
        { "Microsoft.Web/sites", "properties.siteConfig.ftpsState", "\"Disabled\"" },
        { "Microsoft.Web/sites", "properties.siteConfig.minTlsVersion", "\"1.2\"" },
        { "Microsoft.Web/sites", "properties.siteConfig.scmMinTlsVersion", "\"1.2\"" },
        { "Microsoft.Web/sites", "identity.type", "\"UserAssigned\"" },
        { "Microsoft.Web/sites", "properties.functionAppConfig.deployment.storage.authentication.type", "\"UserAssignedIdentity\"" },
        { "Microsoft.Web/sites/basicPublishingCredentialsPolicies", "properties.allow", "false" },
    };

    [BicepTheory]
    [MemberData(nameof(Required))]
    public void Resource_WhateverTheSwitches_HasTheProperty(string type, string path, string json)
    {
        var resources = infrastructure.Deployments.SelectMany(deployment => deployment.OfType(type)).ToList();

        Assert.NotEmpty(resources);
        Assert.All(resources, resource => Assert.Equal(json, Find(resource, path)?.ToJsonString()));
    }

    [BicepFact]
    public void PublishingCredentials_FtpAndScm_AreBothNamed()
    {
        var names = infrastructure.Deploy(vnet: false, openAi: false)
            .OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
            .Select(policy => Deployment.Text(policy["name"]).Split('/')[^1]);

        Assert.Equal(["ftp", "scm"], names.Order());
    }

    [BicepFact]
    public void TlsVersions_OfEveryResource_AreAtLeast12()
    {
        var versions = infrastructure.Deployments
            .SelectMany(deployment => deployment.Resources)
            .SelectMany(resource => Properties(resource))
            .Where(property => property.Key.Contains("tls", StringComparison.OrdinalIgnoreCase))
            .Select(property => property.Value!.ToString())
            .ToList();

        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.Contains(version, (string[])["TLS1_2", "TLS1_3", "1.2", "1.3"]));
    }

    [BicepFact]
    public void Diagnostics_OfEveryServiceThatHoldsSomething_GoToTheWorkspace()
    {
        var scopes = infrastructure.Deploy(vnet: false, openAi: true)
            .OfType("Microsoft.Insights/diagnosticSettings")
            .Select(setting => Deployment.Text(setting["id"]).Split("/providers/")[1].Split('/'))
            .Select(parts => string.Join('/', parts.Where((_, index) => index == 0 || index % 2 == 1)));

        Assert.Equal(
            [
                "Microsoft.CognitiveServices/accounts",
                "Microsoft.KeyVault/vaults",
                "Microsoft.Storage/storageAccounts/blobServices",
                "Microsoft.Web/sites",
            ],
            scopes.Order(StringComparer.Ordinal));
    }

    private static JsonNode? Find(JsonNode resource, string path) =>
        path.Split('.').Aggregate((JsonNode?)resource, (node, name) => node?[name]);

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Properties(JsonNode? node) => node switch
    {
        JsonObject value => value.Concat(value.SelectMany(property => Properties(property.Value))),
        JsonArray items => items.SelectMany(Properties),
        _ => [],
    };
}
