namespace Infra.Tests;

/// <summary>GUIDs as https://learn.microsoft.com/azure/role-based-access-control/built-in-roles documents them.</summary>
[Collection(InfrastructureTestGroup.Name)]
public sealed class RoleTests(CompiledInfrastructure infrastructure)
{
    private const string App = "the app's identity";
    private const string StorageBlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string StorageBlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    private const string StorageBlobDataReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
    private const string SettingsContainer = "Microsoft.Storage/storageAccounts/blobServices/containers";
    private const string StorageTableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string KeyVaultSecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
    private const string KeyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private const string MonitoringMetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string CognitiveServicesOpenAiUser = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd";

    private static readonly RoleAssignment[] Always =
    [
        new("Microsoft.Storage/storageAccounts", StorageBlobDataOwner, App),
        new("Microsoft.Storage/storageAccounts", StorageTableDataContributor, App),
        new("Microsoft.KeyVault/vaults", KeyVaultSecretsUser, App),
        new("Microsoft.Insights/components", MonitoringMetricsPublisher, App),
        new("Microsoft.KeyVault/vaults/secrets", KeyVaultSecretsUser, CompiledInfrastructure.PrincipalId),
        new("Microsoft.KeyVault/vaults/secrets", KeyVaultSecretsUser, CompiledInfrastructure.PrincipalId),
    ];

    [BicepTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Roles_WithoutOpenAi_AreExactlyThese(bool vnet) => Assert.Equivalent(Always, Assigned(vnet, openAi: false), strict: true);

    [BicepTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Roles_WithOpenAi_AddTheOneThatAsksTheModel(bool vnet)
    {
        RoleAssignment[] expected = [.. Always, new("Microsoft.CognitiveServices/accounts", CognitiveServicesOpenAiUser, App)];

        Assert.Equivalent(expected, Assigned(vnet, openAi: true), strict: true);
    }

    [BicepFact]
    public void Roles_WithTranscriptsSettingsAndSecrets_AddTheirTablesTheirKeyTheContainerAndTheVault()
    {
        RoleAssignment[] expected =
        [
            .. Always,
            new("Microsoft.CognitiveServices/accounts", CognitiveServicesOpenAiUser, App),
            new("Microsoft.Storage/storageAccounts", StorageTableDataContributor, App),
            new("Microsoft.KeyVault/vaults/secrets", KeyVaultSecretsUser, CompiledInfrastructure.PrincipalId),
            new(SettingsContainer, StorageBlobDataReader, App),
            new(SettingsContainer, StorageBlobDataContributor, CompiledInfrastructure.PrincipalId),
            new("Microsoft.KeyVault/vaults", KeyVaultSecretsOfficer, CompiledInfrastructure.PrincipalId),
        ];

        Assert.Equivalent(expected, Assigned(infrastructure.Tuned), strict: true);
    }

    [BicepFact]
    public void KeyReader_NoPrincipalGiven_IsNobody()
    {
        var assignments = infrastructure.Templates.SelectMany(CompiledInfrastructure.ResourcesOf)
            .Where(resource => (string?)resource["properties"]?["principalId"] == "[parameters('keyReaderPrincipalId')]")
            .ToList();

        Assert.Equal(
            ["[and(not(empty(parameters('settingsContainerName'))), not(empty(parameters('keyReaderPrincipalId'))))]", "[not(empty(parameters('keyReaderPrincipalId')))]", "[and(parameters('keyReaderWritesSecrets'), not(empty(parameters('keyReaderPrincipalId'))))]", "[not(empty(parameters('keyReaderPrincipalId')))]", "[and(not(empty(parameters('keyReaderPrincipalId'))), not(empty(parameters('operatorSecretName'))))]"],
            assignments.Select(assignment => (string?)assignment["condition"]));
        Assert.Equal("", (string?)infrastructure.Template["parameters"]!["principalId"]!["defaultValue"]);
    }

    private RoleAssignment[] Assigned(bool vnet, bool openAi) => Assigned(infrastructure.Deploy(vnet, openAi));

    private static RoleAssignment[] Assigned(Deployment deployment)
    {
        var identity = Deployment.Text(deployment.Single("Microsoft.ManagedIdentity/userAssignedIdentities")["id"]);
        var principal = $"[reference('{identity}', '2024-11-30').principalId]";
        return [.. deployment.Roles.Select(role => role.Principal == principal ? role with { Principal = App } : role)];
    }
}
