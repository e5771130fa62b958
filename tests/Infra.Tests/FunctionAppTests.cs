using System.Globalization;
using System.Text.Json.Nodes;
using LocalHost;
using Switchboard.Hosting;
using Switchboard.Upstream;

namespace Infra.Tests;

[Collection(InfrastructureTestGroup.Name)]
public sealed class FunctionAppTests(CompiledInfrastructure infrastructure)
{
    [BicepFact]
    public void Plan_Sku_IsFlexConsumptionOnLinux()
    {
        var plan = infrastructure.Deploy(vnet: false, openAi: false).Single("Microsoft.Web/serverfarms");

        Assert.Equal("FC1", (string?)plan["sku"]!["name"]);
        Assert.Equal("FlexConsumption", (string?)plan["sku"]!["tier"]);
        Assert.True((bool?)plan["properties"]!["reserved"]);
    }

    [BicepFact]
    public void Runtime_OfTheApp_IsDotNet10Isolated() => Assert.Equal(
        """{"name":"dotnet-isolated","version":"10.0"}""", Configuration()["runtime"]!.ToJsonString());

    [BicepFact]
    public void Scale_Defaults_KeepOneInstanceReady() => Assert.Equal(
        """{"instanceMemoryMB":2048,"maximumInstanceCount":40,"alwaysReady":[{"name":"http","instanceCount":1}],"triggers":{"http":{"perInstanceConcurrency":100}}}""",
        Configuration()["scaleAndConcurrency"]!.ToJsonString());

    [BicepTheory]
    [InlineData("instanceMemoryMB", 2048)]
    [InlineData("maximumInstanceCount", 40)]
    [InlineData("httpPerInstanceConcurrency", 100)]
    [InlineData("alwaysReadyHttpInstances", 1)]
    public void Scale_Parameter_CanBeSetAndHasADefault(string name, int value)
    {
        var parameter = infrastructure.Template["parameters"]![name]!;
        var passedOn = infrastructure.Template["resources"]!["functionApp"]!["properties"]!["parameters"]![name]!;

        Assert.Equal(value, (int?)parameter["defaultValue"]);
        Assert.Equal($"[parameters('{name}')]", (string?)passedOn["value"]);
    }

    [BicepFact]
    public void AppSettings_Default_LeaveTheModelsToThePublishedFile() => Assert.Equal(Common, Settings(openAi: false));

    [BicepFact]
    public void AppSettings_WithOpenAi_AskTheDeploymentByEntraId()
    {
        var deployment = infrastructure.Deploy(vnet: false, openAi: true);
        var account = Deployment.Text(deployment.Single("Microsoft.CognitiveServices/accounts")["properties"]!["customSubDomainName"]);
        var model = Deployment.Text(deployment.Single("Microsoft.CognitiveServices/accounts/deployments")["name"]).Split('/')[^1];

        Assert.Equal(
            [
                .. Common,
                "Models__reception__Accept__Audio=false",
                "Models__reception__Accept__Images=false",
                "Models__reception__Accept__MaxTokens=4096",
                "Models__reception__Responder=upstream",
                $"Models__reception__Upstreams__0__BaseUrl=https://{account}.openai.azure.com/openai/v1",
                "Models__reception__Upstreams__0__Credential=entra",
                $"Models__reception__Upstreams__0__Model={model}",
            ],
            Settings(openAi: true));
    }

    [BicepFact]
    public async Task AppSettings_WithOpenAi_MakeTheReceptionOfTheFileARealAgent()
    {
        await using var app = LocalHostApp.Build("http://127.0.0.1:0", ModelSettings(), folder: new LocalSettingsFolder(Repository.Root));

        var models = app.Settings().Models;
        var agent = Assert.Single(models, model => model.Id == "reception");

        Assert.Equal(["demo", "reception"], models.Select(model => model.Id));
        Assert.Equal(("upstream", false, 4096), (agent.Responder, agent.Accept.Images, agent.Accept.MaxTokens));
        Assert.Equal(UpstreamCredential.Entra, Assert.Single(agent.Upstreams).Credential);
        Assert.Contains("Hotel Aurora", agent.Prompt, StringComparison.Ordinal);
        Assert.NotEmpty(agent.Apology!);
        Assert.Equal("hangup", Assert.Single(agent.Actions).Name);
    }

    // The key that the file names is another service's: with it beside Entra ID the app would not start.
    [BicepFact]
    public async Task AppSettings_WithOpenAi_TakeThePlaceOfTheFilesKey()
    {
        var folder = Directory.CreateTempSubdirectory("switchboard-infra-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "switchboard.json"),
                """{"Models":[{"Id":"reception","Responder":"upstream","Upstreams":[{"BaseUrl":"https://api.openai.com/v1","Model":"gpt","ApiKeySecret":"openai-key"}]}]}""",
                TestContext.Current.CancellationToken);
            await using var app = LocalHostApp.Build("http://127.0.0.1:0", ModelSettings(), folder: new LocalSettingsFolder(folder.FullName));

            var upstream = Assert.Single(Assert.Single(app.Settings().Models).Upstreams);

            Assert.Equal((UpstreamCredential.Entra, true), (upstream.Credential, string.IsNullOrEmpty(upstream.ApiKeySecret)));
            Assert.EndsWith(".openai.azure.com", upstream.BaseUrl!.Host, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [BicepFact]
    public void Bodies_ThatTheHostReads_MayBeALittleLargerThanOurs()
    {
        foreach (var settings in infrastructure.Deployments.Append(infrastructure.Tuned).Select(deployment => deployment.AppSettings))
        {
            var ours = long.Parse(settings["Limits__MaxRequestBytes"], CultureInfo.InvariantCulture);
            var hosts = long.Parse(settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"], CultureInfo.InvariantCulture);

            Assert.InRange(hosts, ours + 1, ours + (1024 * 1024));
        }
    }

    [BicepFact]
    public void Callers_Default_AreNotRestrictedByAddress()
    {
        var site = infrastructure.Deploy(vnet: false, openAi: false).Single("Microsoft.Web/sites")["properties"]!["siteConfig"]!;

        Assert.Equal("Allow", (string?)site["ipSecurityRestrictionsDefaultAction"]);
        Assert.Equal("[]", site["ipSecurityRestrictions"]!.ToJsonString());
        Assert.DoesNotContain("Access__RequireFunctionKey", infrastructure.Deploy(vnet: false, openAi: false).AppSettings.Keys);
    }

    [BicepFact]
    public void App_Tag_IsTheServiceOfAzd() => Assert.Equal(
        "api", (string?)infrastructure.Deploy(vnet: false, openAi: false).Single("Microsoft.Web/sites")["tags"]!["azd-service-name"]);

    // What only Azure can tell stands as the output of a module: <module.output>.
    private static string[] Common =>
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING=Authorization=AAD;ClientId=<identity.clientId>",
        "APPLICATIONINSIGHTS_CONNECTION_STRING=<monitoring.connectionString>",
        "AZURE_CLIENT_ID=<identity.clientId>",
        "Access__KeyVault__CallbackSecretName=ims-callback-token",
        "Access__KeyVault__SecretName=chat-completions-api-key",
        "Access__KeyVault__Uri=<vault.uri>",
        "AzureWebJobsDisableHomepage=true",
        "AzureWebJobsStorage__accountName=<storage account>",
        "AzureWebJobsStorage__clientId=<identity.clientId>",
        "AzureWebJobsStorage__credential=managedidentity",
        "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT=8650752",
        "Limits__MaxRequestBytes=8388608",
        "Limits__RequestsPerMinute=600",
    ];

    private JsonObject Configuration() => infrastructure.Deploy(vnet: false, openAi: false)
        .Single("Microsoft.Web/sites")["properties"]!["functionAppConfig"]!.AsObject();

    private IEnumerable<KeyValuePair<string, string?>> ModelSettings() => infrastructure.Deploy(vnet: false, openAi: true).AppSettings
        .Where(setting => setting.Key.StartsWith("Models__", StringComparison.Ordinal))
        .Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value))
        .Append(new("Access:ApiKeys:0", TestHost.Key));

    private IEnumerable<string> Settings(bool openAi)
    {
        var deployment = infrastructure.Deploy(vnet: false, openAi);
        var storage = Deployment.Text(deployment.Single("Microsoft.Storage/storageAccounts")["name"]);
        return deployment.AppSettings
            .Select(setting => $"{setting.Key}={(setting.Value == storage ? "<storage account>" : ModuleOutput.Shorten(setting.Value))}")
            .Order(StringComparer.Ordinal);
    }
}
