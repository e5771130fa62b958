using System.Text.Json.Nodes;

namespace Infra.Tests;

[Collection(InfrastructureTestGroup.Name)]
public sealed class CompilationTests(CompiledInfrastructure infrastructure)
{
    [BicepFact]
    public void Build_Main_WarnsOfNothing()
    {
        Assert.Equal("", infrastructure.Build.Diagnostics);
        Assert.Equal(0, infrastructure.Build.ExitCode);
    }

    [BicepFact]
    public void BuildParams_ParameterFile_WarnsOfNothing()
    {
        Assert.Equal("", infrastructure.BuildParameters.Diagnostics);
        Assert.Equal(0, infrastructure.BuildParameters.ExitCode);
    }

    [BicepTheory]
    [InlineData("@description('x')\nparam unused string", "no-unused-params")]
    [InlineData("param undescribed string\noutput o string = undescribed", "use-description-params")]
    [InlineData("#disable-next-line no-unused-vars\nvar url = 'https://management.azure.com'", "no-hardcoded-env-urls")]
    public async Task Build_FaultyText_WarnsByTheRulesOfTheProject(string bicep, string rule)
    {
        var run = await infrastructure.BuildTextAsync(bicep);

        Assert.Contains($"Warning {rule}:", run.Diagnostics, StringComparison.Ordinal);
    }

    [BicepFact]
    public void ParameterFile_EmptyEnvironment_KeepsEveryDefaultOfMain()
    {
        var declared = infrastructure.Template["parameters"]!.AsObject();
        var given = infrastructure.Parameters["parameters"]!.AsObject();

        var differing = given.Where(parameter => declared[parameter.Key]!["defaultValue"] is { } value
            && !JsonNode.DeepEquals(value, parameter.Value!["value"]));

        Assert.Empty(differing);
        Assert.Equal(
            ["environmentName", "location"],
            declared.Where(parameter => parameter.Value!["defaultValue"] is null).Select(parameter => parameter.Key));
    }

    [BicepFact]
    public void Template_Parameters_AreAllDescribed() => Assert.Empty(Undescribed("parameters"));

    [BicepFact]
    public void Template_Outputs_AreAllDescribed() => Assert.Empty(Undescribed("outputs"));

    [BicepFact]
    public void Sources_Modules_AreFilesOfThisRepository()
    {
        var references = Directory.EnumerateFiles(Repository.PathOf("infra"), "*.bicep", SearchOption.AllDirectories)
            .SelectMany(file => File.ReadLines(file)
                .Where(line => line.StartsWith("module ", StringComparison.Ordinal))
                .Select(line => Path.Combine(Path.GetDirectoryName(file)!, line.Split('\'')[1])))
            .ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(File.Exists(reference), reference));
    }

    private IEnumerable<string> Undescribed(string section) => infrastructure.Templates
        .SelectMany(template => template[section]?.AsObject() ?? [])
        .Where(entry => string.IsNullOrWhiteSpace((string?)entry.Value!["metadata"]?["description"]))
        .Select(entry => entry.Key);
}
