using System.Text.Json.Nodes;

namespace Infra.Tests;

/// <summary>Every setting that the parameter file reads arrives at the resource that it is for.</summary>
[Collection(InfrastructureTestGroup.Name)]
public sealed class OperatorSettingsTests(CompiledInfrastructure infrastructure)
{
    [BicepFact]
    public void Scale_OfTheApp_IsAsSet() => Assert.Equal(
        """{"instanceMemoryMB":512,"maximumInstanceCount":7,"alwaysReady":[],"triggers":{"http":{"perInstanceConcurrency":25}}}""",
        Properties("Microsoft.Web/sites")["functionAppConfig"]!["scaleAndConcurrency"]!.ToJsonString());

    [BicepFact]
    public void Vault_AllowedRanges_LetInNobodyElse()
    {
        var vault = Properties("Microsoft.KeyVault/vaults");

        Assert.Equal("Enabled", (string?)vault["publicNetworkAccess"]);
        Assert.Equal("Deny", (string?)vault["networkAcls"]!["defaultAction"]);
        Assert.Equal("""[{"value":"203.0.113.7"},{"value":"198.51.100.0/24"}]""", vault["networkAcls"]!["ipRules"]!.ToJsonString());
    }

    [BicepFact]
    public void Vault_Recover_TakesBackTheDeletedOne() =>
        Assert.Equal("recover", (string?)Properties("Microsoft.KeyVault/vaults")["createMode"]);

    [BicepFact]
    public void KeyReader_Pipeline_IsAServicePrincipal()
    {
        var readers = infrastructure.Tuned.OfType("Microsoft.Authorization/roleAssignments")
            .Where(role => (string?)role["properties"]!["principalId"] == CompiledInfrastructure.PrincipalId)
            .ToList();

        Assert.Equal(5, readers.Count);
        Assert.All(readers, reader => Assert.Equal("ServicePrincipal", (string?)reader["properties"]!["principalType"]));
    }

    [BicepFact]
    public void OpenAi_Deployment_IsTheModelAsked()
    {
        var deployment = infrastructure.Tuned.Single("Microsoft.CognitiveServices/accounts/deployments");

        Assert.Equal("""{"name":"DataZoneStandard","capacity":3}""", deployment["sku"]!.ToJsonString());
        Assert.Equal(
            """{"format":"OpenAI","name":"some-model","version":"2026-01-01"}""",
            deployment["properties"]!["model"]!.ToJsonString());
        Assert.Equal("some-model", infrastructure.Tuned.AppSettings["Models__front_desk__Upstreams__0__Model"]);
        Assert.Equal("1000", infrastructure.Tuned.AppSettings["Models__front_desk__Accept__MaxTokens"]);
    }

    [BicepFact]
    public void Transcripts_OfTheApp_AreAsSet() => Assert.Equal(
        ["Access__KeyVault__OperatorSecretName=operator-api-key", "Transcripts__Redact=Numbers", "Transcripts__RetentionDays=7", "Transcripts__TableServiceUri=<transcripts.tableServiceUri>"],
        infrastructure.Tuned.AppSettings
            .Where(setting => setting.Key.StartsWith("Transcripts__", StringComparison.Ordinal) || setting.Key.Contains("Operator", StringComparison.Ordinal))
            .Select(setting => $"{setting.Key}={ModuleOutput.Shorten(setting.Value)}")
            .Order(StringComparer.Ordinal));

    [BicepFact]
    public void Transcripts_Account_IsNotThatOfTheDeploymentPackage()
    {
        var accounts = infrastructure.Tuned.OfType("Microsoft.Storage/storageAccounts").Select(account => Deployment.Text(account["name"])).ToList();
        var containers = infrastructure.Tuned.OfType("Microsoft.Storage/storageAccounts/blobServices/containers").Select(container => Deployment.Text(container["name"]));
        var endpoints = infrastructure.Tuned.OfType("Microsoft.Network/privateEndpoints")
            .SelectMany(endpoint => endpoint["properties"]!["privateLinkServiceConnections"]!.AsArray())
            .Select(connection => Deployment.Text(connection!["properties"]!["groupIds"]![0]));

        Assert.Equal(2, accounts.Distinct().Count());
        Assert.Equal([$"{accounts[0]}/default/deployments", $"{accounts[0]}/default/settings"], containers);
        Assert.Equal(["account", "blob", "table", "table", "vault"], endpoints.Order(StringComparer.Ordinal));
        // A network is linked to the zone of both table endpoints once.
        Assert.Single(infrastructure.Tuned.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks")
            .Select(link => Deployment.Text(link["name"])).Where(name => name.Contains(".table.", StringComparison.Ordinal)).Distinct());
    }

    [BicepFact]
    public void Transcripts_Diagnostics_TellReadsToo()
    {
        var setting = Assert.Single(infrastructure.Tuned.OfType("Microsoft.Insights/diagnosticSettings"), setting =>
            Deployment.Text(setting["id"]).Contains("/tableServices/", StringComparison.Ordinal));

        Assert.Equal(
            ["StorageDelete", "StorageRead", "StorageWrite"],
            setting["properties"]!["logs"]!.AsArray().Select(log => Deployment.Text(log!["category"])).Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public void Settings_OfTheApp_AreReadFromTheContainer()
    {
        var address = infrastructure.Tuned.AppSettings["Settings__BlobUri"];

        Assert.StartsWith("[format('{0}{1}', reference(", address, StringComparison.Ordinal);
        Assert.EndsWith(".outputs.blobServiceUri.value, 'settings')]", address, StringComparison.Ordinal);
        Assert.DoesNotContain("Settings__BlobUri", infrastructure.Deploy(vnet: false, openAi: true).AppSettings.Keys);
    }

    [BicepFact]
    public void Limits_OfTheApp_AreAsSet()
    {
        var settings = infrastructure.Tuned.AppSettings;

        Assert.Equal(("2097152", "2359296", "60"), (settings["Limits__MaxRequestBytes"], settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"], settings["Limits__RequestsPerMinute"]));
    }

    [BicepFact]
    public void Callers_OfTheApp_AreAsSet()
    {
        var site = Properties("Microsoft.Web/sites")["siteConfig"]!;

        Assert.Equal("Deny", (string?)site["ipSecurityRestrictionsDefaultAction"]);
        Assert.Equal(
            ["Allow 203.0.113.9/32", "Allow 198.51.100.0/24"],
            site["ipSecurityRestrictions"]!.AsArray().Select(rule => $"{rule!["action"]} {rule["ipAddress"]}"));
        Assert.Equal("true", infrastructure.Tuned.AppSettings["Access__RequireFunctionKey"]);
        Assert.StartsWith("az functionapp keys list ", Deployment.Text(infrastructure.Tuned.Outputs["SWITCHBOARD_READ_FUNCTION_KEY_COMMAND"]), StringComparison.Ordinal);
    }

    [BicepFact]
    public void Workspace_DailyCap_IsAsSetAndHasADefault()
    {
        Assert.Equal(2, (int?)Properties("Microsoft.OperationalInsights/workspaces")["workspaceCapping"]!["dailyQuotaGb"]);
        Assert.Equal(5, (int?)infrastructure.Template["parameters"]!["logDailyCapGB"]!["defaultValue"]);
    }

    [BicepFact]
    public void Console_OfTheApp_IsAsSet() => Assert.Equal("true", infrastructure.Tuned.AppSettings["Console__Enabled"]);

    private JsonNode Properties(string type) => infrastructure.Tuned.Single(type)["properties"]!;
}
