namespace Infra.Tests;

[Collection(InfrastructureTestGroup.Name)]
public sealed class SwitchTests(CompiledInfrastructure infrastructure)
{
    [BicepTheory]
    [InlineData("network", "[parameters('vnetEnabled')]")]
    [InlineData("privateEndpoints", "[parameters('vnetEnabled')]")]
    [InlineData("openAi", "[parameters('openAiEnabled')]")]
    [InlineData("operatorKey", "[parameters('transcriptsEnabled')]")]
    [InlineData("transcripts", "[parameters('transcriptsEnabled')]")]
    public void Module_OfASwitch_IsConditional(string module, string condition) =>
        Assert.Equal(condition, (string?)infrastructure.Template["resources"]![module]!["condition"]);

    [BicepTheory]
    [InlineData("vnetEnabled")]
    [InlineData("openAiEnabled")]
    [InlineData("transcriptsEnabled")]
    [InlineData("consoleEnabled")]
    [InlineData("settingsBlobEnabled")]
    [InlineData("functionKeyRequired")]
    [InlineData("secretsWriteEnabled")]
    public void Switch_Default_IsOff(string name) =>
        Assert.False((bool?)infrastructure.Template["parameters"]![name]!["defaultValue"]);

    [BicepFact]
    public void VnetOff_Deployment_HasNoNetworkAndIsReachable()
    {
        var deployment = infrastructure.Deploy(vnet: false, openAi: true);

        Assert.DoesNotContain(deployment.Resources, resource => Deployment.Text(resource["type"]).StartsWith("Microsoft.Network/", StringComparison.Ordinal));
        Assert.Null(deployment.Single("Microsoft.Web/sites")["properties"]!["virtualNetworkSubnetId"]);
        Assert.Equal(["Enabled/Allow", "Enabled/Allow", "Enabled/Allow"], Exposure(deployment));
    }

    [BicepFact]
    public void VnetOn_Deployment_ReachesEverythingByPrivateEndpoint()
    {
        var deployment = infrastructure.Deploy(vnet: true, openAi: true);

        Assert.Equal(["Disabled/Deny", "Disabled/Deny", "Disabled/Deny"], Exposure(deployment));
        Assert.Equal(["account", "blob", "table", "vault"], EndpointGroups(deployment));
        Assert.Equal(4, deployment.OfType("Microsoft.Network/privateDnsZones").Count());
        Assert.Equal(4, deployment.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        Assert.Equal(4, deployment.OfType("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());
    }

    [BicepFact]
    public void VnetOn_WithoutOpenAi_HasNoEndpointForIt() =>
        Assert.Equal(["blob", "table", "vault"], EndpointGroups(infrastructure.Deploy(vnet: true, openAi: false)));

    [BicepFact]
    public void VnetOn_App_StandsInTheDelegatedSubnet()
    {
        var deployment = infrastructure.Deploy(vnet: true, openAi: false);
        var subnets = deployment.Single("Microsoft.Network/virtualNetworks")["properties"]!["subnets"]!.AsArray();
        var app = Assert.Single(subnets, subnet => (string?)subnet!["name"] == "app")!;

        Assert.Equal("Microsoft.App/environments", (string?)app["properties"]!["delegations"]![0]!["properties"]!["serviceName"]);
        Assert.Equal(
            "<network.appSubnetId>",
            ModuleOutput.Shorten(Deployment.Text(deployment.Single("Microsoft.Web/sites")["properties"]!["virtualNetworkSubnetId"])));
    }

    [BicepTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpenAiOff_Deployment_HasNoModel(bool vnet) => Assert.DoesNotContain(
        infrastructure.Deploy(vnet, openAi: false).Resources,
        resource => Deployment.Text(resource["type"]).StartsWith("Microsoft.CognitiveServices/", StringComparison.Ordinal));

    // Of storage, vault and Azure OpenAI: whether the internet reaches it, and what happens to a stranger.
    private static IEnumerable<string> Exposure(Deployment deployment) =>
        ((string[])["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.CognitiveServices/accounts"])
        .Select(type => deployment.Single(type)["properties"]!)
        .Select(properties => $"{properties["publicNetworkAccess"]}/{properties["networkAcls"]!["defaultAction"]}");

    private static IEnumerable<string> EndpointGroups(Deployment deployment) =>
        deployment.OfType("Microsoft.Network/privateEndpoints")
        .Select(endpoint => Deployment.Text(endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!["groupIds"]![0]))
        .Order(StringComparer.Ordinal);
}
