namespace Switchboard.Tests.Hosting;

/// <summary>The version of the settings: it tells what differs, and nothing of a secret.</summary>
public sealed class SettingsVersionTests : SettingsFileFolder
{
    [Theory]
    [InlineData("Apology", "Sorry.", true)]
    [InlineData("Upstreams:0:Model", "gpt", true)]
    [InlineData("Upstreams:0:ApiKey", "sk-other", false)]
    [InlineData("Upstreams:0:Headers:0:Value", "other", false)]
    [InlineData("Tools:Mcp:0:ApiKey", "other", false)]
    public void Version_ChangesWithEverySettingButSecrets(string setting, string value, bool changes)
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a" } ] }""");

        Assert.Equal(changes, Version([]) != Version(new() { [$"Models:a:{setting}"] = value }));
        Assert.Matches("^[0-9a-f]{8}$", Version([]));
    }

    // Nobody may guess at a secret by the version, and all else counts.
    [Theory]
    [InlineData("Prompt", """{"code":"be brief","say":"1"}""", """{"code":"be brief","say":"2"}""", true)]
    [InlineData("Prompt", """{"code":"be brief"}""", """{"code":"be kind"}""", true)]
    [InlineData("Prompt", "https://up.example/?code=1", "https://up.example/?code=2", true)]
    [InlineData("Prompt", "Say sk-0123456789abcdef first.", "Say sk-0123456789abcdef last.", true)]
    [InlineData("Prompt", "Say sk-0123456789abcdef first.", "Say sk-0123456789abcdeg first.", false)]
    [InlineData("Upstreams:0:Body", """{"api_key":"1","stop":"1"}""", """{"api_key":"1","stop":"2"}""", true)]
    [InlineData("Upstreams:0:Body", """{"api_key":"1","stop":"1"}""", """{"api_key":"2","stop":"1"}""", false)]
    [InlineData("Upstreams:0:Body", """{"a":[{"token":["1"]}]}""", """{"a":[{"token":["2"]}]}""", false)]
    [InlineData("Upstreams:0:Body", """{"a":["sk-0123456789abcdef"]}""", """{"a":["sk-0123456789abcdeg"]}""", false)]
    [InlineData("Upstreams:0:BaseUrl", "https://up.example/v1?api-version=1&api-key=1", "https://up.example/v1?api-version=2&api-key=1", true)]
    [InlineData("Upstreams:0:BaseUrl", "https://up.example/v1?api-version=1&api-key=1", "https://up.example/v1?api-version=1&api-key=2", false)]
    [InlineData("Upstreams:0:BaseUrl", "https://me:1@up.example/v1", "https://me:2@up.example/v1", false)]
    [InlineData("Upstreams:0:BaseUrl", "https://up.example/sk-0123456789abcdef/v1", "https://up.example/sk-0123456789abcdeg/v1", false)]
    [InlineData("Upstreams:0:BaseUrl", "https://up.example/sk-0123456789abcdef/v1", "https://up.example/sk-0123456789abcdef/v2", true)]
    public void Version_OfTwoValues_DiffersButForSecrets(string setting, string one, string other, bool differs)
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a" } ] }""");

        Assert.Equal(differs, Version(new() { [$"Models:a:{setting}"] = one }) != Version(new() { [$"Models:a:{setting}"] = other }));
    }

    [Fact]
    public void Version_ChangesWithATextAndNotWithItsFormatting()
    {
        Write("a.md", "Hello.");
        Write("switchboard.json", """{ "Models": [ { "Id": "a", "PromptFile": "a.md" } ] }""");
        var before = Version([]);

        Write("switchboard.json", """{ "models": [ { "PromptFile": "a.md", /* moved */ "id": "a" } ] }""");
        Assert.Equal(before, Version([]));

        Write("a.md", "Hello!");
        Assert.NotEqual(before, Version([]));
    }
}
