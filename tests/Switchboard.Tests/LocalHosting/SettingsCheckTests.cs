using System.Diagnostics;
using LocalHost;

namespace Switchboard.Tests.LocalHosting;

/// <summary>The check of what is published, before it is.</summary>
public sealed class SettingsCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchboard-check-");

    [Fact]
    public async Task Check_OfTheRepository_FindsNothing()
    {
        var (code, output, errors) = await RunAsync(Repository.Root);

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal($"{Path.Combine(Repository.Root, "switchboard.json")}: models demo, reception: nothing wrong", output.Trim());
    }

    // Keys come from the vault, and so does what a secret's name stands for.
    [Fact]
    public async Task Check_NamesASecret_FindsNothing()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Responder": "upstream", "PromptFile": "p.md", "Upstreams": [ { "BaseUrl": "https://up.example.com/v1", "ApiKeySecret": "up-key" } ] } ] }""");
        Write("p.md", "You are the reception.");

        Assert.Equal(0, (await RunAsync(_folder.FullName)).Code);
    }

    [Theory]
    [InlineData("""{ "Models": [ { "Id": "a", "Temprature": 1 } ] }""", "Models:0:Temprature: no such setting")]
    [InlineData("""{ "Models": [ { "Id": "a", "PromptFile": "bad.md" } ] }""", "Models:0:PromptFile: bad.md: line 1")]
    [InlineData("""{ "Models": [ { "Id": "a", "PromptFile": "none.md" } ] }""", "Models:0:PromptFile: none.md: there is no such file.")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://up.example.com/v1", "ApiKey": "sk-secret" } ] } ] }""", "Models:0:Upstreams:0:ApiKey: a secret must not stand in switchboard.json")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://up.example.com/v1", "Credential": "bogus" } ] } ] }""", "Models:0:Upstreams:0:Credential: ")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://up.example.com/v1", "ApiKeySecret": "up-key", "Credential": "AzureIdentity" } ] } ] }""", "Models:0:Upstreams:0:")]
    [InlineData("""{ "Models": [ { "Id": "a" """, "switchboard.json: it is no JSON at line 1")]
    [InlineData(null, "There is no switchboard.json in ")]
    public async Task Check_OfWhatWouldNotStart_SaysWhyWhateverThisMachineSaysInItsPlace(string? file, string reason)
    {
        if (file is not null)
        {
            Write("switchboard.json", file);
        }

        Write("bad.md", "{{> x}}");
        Write("local.settings.json", """{ "Values": { "Models__0__Id": "mine", "Models__0__Upstreams__0__ApiKey": "sk-mine" } }""");

        var (code, output, errors) = await RunAsync(_folder.FullName);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_AskedToCheck_EndsWithTheCodeAndHeedsNoEnvironment()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "Deadlin": "3s" } ] }""");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "LocalHost.dll"), "--check"])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["Models__0__Id"] = "mine", ["Access__ApiKeys__0"] = "short" },
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (process.ExitCode, await output));
        Assert.Contains("Models:0:Deadlin: no such setting;", Assert.Single(errors.TrimEnd().Split('\n').Skip(1)), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string folder)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await SettingsCheck.RunAsync(folder, output, errors);
        return (code, $"{output}", $"{errors}");
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
