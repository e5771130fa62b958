using System.Text.Json.Nodes;

namespace Switchboard.Tests.Infrastructure;

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

        Assert.Equal(["ServicePrincipal", "ServicePrincipal"], readers.Select(reader => (string?)reader["properties"]!["principalType"]));
    }

    [BicepFact]
    public void OpenAi_Deployment_IsTheModelAsked()
    {
        var deployment = infrastructure.Tuned.Single("Microsoft.CognitiveServices/accounts/deployments");

        Assert.Equal("""{"name":"DataZoneStandard","capacity":3}""", deployment["sku"]!.ToJsonString());
        Assert.Equal(
            """{"format":"OpenAI","name":"some-model","version":"2026-01-01"}""",
            deployment["properties"]!["model"]!.ToJsonString());
        Assert.Equal("some-model", infrastructure.Tuned.AppSettings["Models__0__Upstreams__0__Model"]);
    }

    [BicepFact]
    public void Transcripts_OfTheApp_AreAsSet() => Assert.Equal(
        ["Access__KeyVault__OperatorSecretName=operator-api-key", "Transcripts__Redact=True", "Transcripts__RetentionDays=7", "Transcripts__TableServiceUri=<storage.tableServiceUri>"],
        infrastructure.Tuned.AppSettings
            .Where(setting => setting.Key.StartsWith("Transcripts__", StringComparison.Ordinal) || setting.Key.Contains("Operator", StringComparison.Ordinal))
            .Select(setting => $"{setting.Key}={ModuleOutput.Shorten(setting.Value)}")
            .Order(StringComparer.Ordinal));

    [BicepFact]
    public void Console_OfTheApp_IsAsSet() => Assert.Equal("true", infrastructure.Tuned.AppSettings["Console__Enabled"]);

    private JsonNode Properties(string type) => infrastructure.Tuned.Single(type)["properties"]!;
}
