using System.Text.RegularExpressions;

namespace Infra.Tests;

[Collection(InfrastructureTestGroup.Name)]
public sealed partial class AzdTests(CompiledInfrastructure infrastructure)
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf("azure.yaml"));

    [Fact]
    public void Service_Project_IsTheShell()
    {
        Assert.Contains("  api:", Lines);
        Assert.Contains("    project: src/FunctionsApp", Lines);
        Assert.Contains("    language: dotnet", Lines);
        Assert.Contains("    host: function", Lines);
    }

    [BicepTheory]
    [InlineData("posix", "sh")]
    [InlineData("windows", "pwsh")]
    public void PostDeploy_OfEachShell_ShowsOutputsOfTheTemplate(string platform, string shell)
    {
        var hook = Hook("postdeploy", platform);
        var outputs = infrastructure.Template["outputs"]!.AsObject();
        var shown = hook.SelectMany(line => Variable().Matches(line)).Select(match => match.Groups["name"].Value).ToList();

        Assert.Contains($"      shell: {shell}", hook);
        Assert.Contains("      interactive: true", hook);
        Assert.Equal(["SWITCHBOARD_BASE_URL", "SWITCHBOARD_READ_KEY_COMMAND"], shown);
        Assert.All(shown, name => Assert.True(outputs.ContainsKey(name), name));
    }

    // What azd uploads has been checked, on whichever machine.
    [Theory]
    [InlineData("posix", "sh", "      run: dotnet run --project src/LocalHost -- --check")]
    [InlineData("windows", "pwsh", "        dotnet run --project src/LocalHost -- --check", "        exit $LASTEXITCODE")]
    public void PreDeploy_OfEachShell_ChecksWhatIsPublished(string platform, string shell, params string[] commands)
    {
        var hook = Hook("predeploy", platform);

        Assert.Contains($"      shell: {shell}", hook);
        Assert.Equal(commands, hook.TakeLast(commands.Length));
    }

    [BicepFact]
    public void BaseUrl_Output_EndsWhereThePlatformAppendsItsRoute() => Assert.Equal(
        "https://<functionApp.hostName>/v1",
        ModuleOutput.Shorten(Deployment.Text(infrastructure.Deploy(vnet: false, openAi: false).Outputs["SWITCHBOARD_BASE_URL"])));

    private static List<string> Hook(string name, string platform) =>
    [
        .. Lines.SkipWhile(line => line != $"  {name}:").SkipWhile(line => line != $"    {platform}:").Skip(1).TakeWhile(line => line.StartsWith("      ", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"\$(?:env:)?(?<name>SWITCHBOARD_\w+)")]
    private static partial Regex Variable();
}
