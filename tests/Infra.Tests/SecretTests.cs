using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Infra.Tests;

[Collection(InfrastructureTestGroup.Name)]
public sealed partial class SecretTests(CompiledInfrastructure infrastructure)
{
    [BicepFact]
    public void Template_Everywhere_ReadsNoKey() => Assert.Empty(KeyReadingFunction().Matches(infrastructure.Template.ToJsonString()));

    [BicepFact]
    public void Outputs_Everywhere_CarryNoSecret()
    {
        foreach (var template in infrastructure.Templates)
        {
            var secure = (template["parameters"]?.AsObject() ?? [])
                .Where(parameter => ((string?)parameter.Value!["type"])?.StartsWith("secure", StringComparison.OrdinalIgnoreCase) == true)
                .Select(parameter => $"parameters('{parameter.Key}')")
                .ToList();
            foreach (var (name, output) in template["outputs"]?.AsObject() ?? [])
            {
                var value = output!["value"]!.ToJsonString();
                Assert.DoesNotContain(secure, reference => value.Contains(reference, StringComparison.Ordinal));
                Assert.DoesNotContain("vaults/secrets", value, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("newGuid", value, StringComparison.OrdinalIgnoreCase);
                Assert.False(name.Contains("password", StringComparison.OrdinalIgnoreCase), name);
            }
        }
    }

    [BicepFact]
    public void ReadKeyCommand_Output_NamesTheVaultAndTheSecretThatTheAppReads()
    {
        var deployment = infrastructure.Deploy(vnet: false, openAi: false);
        var vault = Deployment.Text(deployment.Single("Microsoft.KeyVault/vaults")["name"]);

        Assert.Equal(
            $"az keyvault secret show --vault-name {vault} --name {deployment.AppSettings["Access__KeyVault__SecretName"]} --query value --output tsv",
            Deployment.Text(deployment.Outputs["SWITCHBOARD_READ_KEY_COMMAND"]));
    }

    [BicepFact]
    public void OperatorKey_Output_NamesTheVaultAndTheSecretThatTheAppReads()
    {
        var vault = Deployment.Text(infrastructure.Tuned.Single("Microsoft.KeyVault/vaults")["name"]);

        Assert.Equal(
            $"az keyvault secret show --vault-name {vault} --name {infrastructure.Tuned.AppSettings["Access__KeyVault__OperatorSecretName"]} --query value --output tsv",
            Deployment.Text(infrastructure.Tuned.Outputs["SWITCHBOARD_READ_OPERATOR_KEY_COMMAND"]));
        Assert.Equal("", Deployment.Text(infrastructure.Deploy(vnet: false, openAi: false).Outputs["SWITCHBOARD_READ_OPERATOR_KEY_COMMAND"]));
    }

    [BicepFact]
    public void CallbackToken_Outputs_NameTheRouteTheVaultAndTheSecretThatTheAppReads()
    {
        var deployment = infrastructure.Deploy(vnet: false, openAi: false);
        var vault = Deployment.Text(deployment.Single("Microsoft.KeyVault/vaults")["name"]);

        Assert.Equal(
            $"az keyvault secret show --vault-name {vault} --name {deployment.AppSettings["Access__KeyVault__CallbackSecretName"]} --query value --output tsv",
            Deployment.Text(deployment.Outputs["SWITCHBOARD_READ_CALLBACK_TOKEN_COMMAND"]));
        Assert.EndsWith("/ims/events", ModuleOutput.Shorten(Deployment.Text(deployment.Outputs["SWITCHBOARD_CALLBACK_URL"])), StringComparison.Ordinal);
    }

    [BicepTheory]
    [InlineData("apiKey")]
    [InlineData("operatorKey")]
    [InlineData("callbackToken")]
    public void Key_Resource_IsWrittenOnlyWhereThereIsNone(string module)
    {
        var (template, secret) = Key(module);

        Assert.NotNull(secret["@options"]?["onlyIfNotExists"]);
        Assert.Equal("2.0", (string?)template["languageVersion"]);
    }

    [BicepTheory]
    [InlineData("apiKey")]
    [InlineData("operatorKey")]
    [InlineData("callbackToken")]
    public void Key_Value_IsTwoFreshGuidsThatNobodyPassesIn(string module)
    {
        var (template, secret) = Key(module);
        var halves = template["parameters"]!.AsObject().Where(parameter => (string?)parameter.Value!["type"] == "securestring").ToList();

        Assert.Equal(2, halves.Count);
        foreach (var (name, half) in halves)
        {
            Assert.Equal("[newGuid()]", (string?)half!["defaultValue"]);
            Assert.Contains($"parameters('{name}')", Deployment.Text(secret["properties"]!["value"]), StringComparison.Ordinal);
            Assert.False(infrastructure.Template["resources"]![module]!["properties"]!["parameters"]!.AsObject().ContainsKey(name));
        }
    }

    private (JsonObject Template, JsonObject Secret) Key(string module)
    {
        var template = infrastructure.Template["resources"]![module]!["properties"]!["template"]!.AsObject();
        return (template, CompiledInfrastructure.ResourcesOf(template)
            .Single(resource => (string?)resource["type"] == "Microsoft.KeyVault/vaults/secrets" && resource["existing"] is null));
    }

    // listKeys, listAccountSas, list(…): every ARM function that answers with a key starts so.
    [GeneratedRegex(@"\blist(?:[A-Z]\w*)?\(|AccountKey=|SharedAccessKey|SharedAccessSignature|SharedKey=", RegexOptions.IgnoreCase)]
    private static partial Regex KeyReadingFunction();
}
