using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Infra.Tests;

/// <summary>
/// What both shells are published with, and what <c>dotnet publish -t:PublishContainer</c> would make of LocalHost. Whether that image starts is not tested: there is no registry and
/// no engine.
/// </summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task Image_OfLocalHost_RunsAsNobodySpecialOnItsPort()
    {
        var project = await EvaluateAsync("LocalHost");
        var arguments = Items(project, "ContainerDefaultArgs");

        Assert.Equal(("switchboard", "app", "noble-chiseled-extra"), (Property(project, "ContainerRepository"), Property(project, "ContainerUser"), Property(project, "ContainerFamily")));
        Assert.Equal(["8080"], Items(project, "ContainerPort"));
        Assert.Equal(["--urls", "http://*:8080"], arguments);
        Assert.Contains("org.opencontainers.image.title", Items(project, "ContainerLabel"));
    }

    // What nobody means to publish: a text may be half written, and what is hidden may be a key.
    private static readonly string[] Leftovers =
        ["prompts/.env", "prompts/.git/config", "prompts/draft.md~", "prompts/a.bak", "prompts/sub/.b.md.swp", "prompts/sub/c.tmp", "prompts/d.md.orig"];

    [Theory]
    [InlineData("FunctionsApp")]
    [InlineData("LocalHost")]
    public async Task Publish_Shell_TakesTheSettingsAlongAndNoKey(string shell)
    {
        var published = Published(await EvaluateAsync(shell)).ToList();

        Assert.Contains("switchboard.json", published);
        Assert.Contains("reception.md", published);
        Assert.DoesNotContain(published, file => file.StartsWith("local.settings", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FunctionsApp")]
    [InlineData("LocalHost")]
    public async Task Publish_TextsElsewhere_AreTakenAlongWhereTheSettingsNameThem(string shell)
    {
        var folder = Directory.CreateTempSubdirectory("switchboard-");
        try
        {
            foreach (var file in (string[])["greeting.md", "texts/hours.txt", "notes.md", "prompts/later.md", "prompts/shared.md", "prompts/named.bak", .. Leftovers])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.FullName, file))!);
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), "Hello.", TestContext.Current.CancellationToken);
            }

            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "switchboard.json"), """
                { // "PromptFile": "gone.md"
                  "Models": [ { "promptFile" : "./greeting.md", "Script": [ { "When": "a", "SayFile": "texts/hours.txt" }, { "SayFile": "../secret.md" }, { "SayFile": "prompts/named.bak" } ] },
                    { "PromptFile": "prompts/shared.md" }, { "PromptFile": "./prompts/shared.md" } ] }
                """, TestContext.Current.CancellationToken);

            var project = await EvaluateAsync(shell, $"-p:SettingsFolder={folder.FullName}/");

            Assert.Equal(["greeting.md", "hours.txt", "later.md", "named.bak", "shared.md", "switchboard.json"], Published(project).Where(file => file != "host.json").Order());
            Assert.Equal(["greeting.md", "prompts/named.bak", "prompts/shared.md", "texts/hours.txt"], Links(project).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? Property(JsonNode project, string name) => (string?)project["Properties"]![name];

    private static IEnumerable<string> Items(JsonNode project, string name) => project["Items"]![name]!.AsArray().Select(item => Deployment.Text(item!["Identity"]));

    private static IEnumerable<string> Published(JsonNode project) => project["Items"]!["None"]!.AsArray()
        .Where(item => (string?)item!["CopyToPublishDirectory"] is { Length: > 0 } copy && copy != "Never")
        .Select(item => Path.GetFileName(Deployment.Text(item!["Identity"])));

    // Where the texts that the settings name come to lie.
    private static IEnumerable<string> Links(JsonNode project) => project["Items"]!["None"]!.AsArray()
        .Select(item => (string?)item!["Link"]).OfType<string>().Where(link => link.Length > 0 && !link.EndsWith(".json", StringComparison.Ordinal) && !link.EndsWith("later.md", StringComparison.Ordinal));

    private static async Task<JsonNode> EvaluateAsync(string shell, params string[] more)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "msbuild", Repository.PathOf("src", shell), "-nodeReuse:false", "-getProperty:ContainerRepository", "-getProperty:ContainerUser", "-getProperty:ContainerFamily",
                "-getItem:ContainerPort", "-getItem:ContainerDefaultArgs", "-getItem:ContainerLabel", "-getItem:None", .. more,
            ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return JsonNode.Parse(output)!;
    }
}
