namespace Switchboard.Tests.Hosting;

/// <summary>What looks like a key is refused as one wherever it stands, also as a name, and no message quotes it.</summary>
public sealed class SettingsNamesOfKeysTests : SettingsFileFolder
{
    private const string Key = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789";
    private const string Bare = "0123456789abcdef0123456789abcdef";

    public static TheoryData<string, string> Files => new()
    {
        { """{ "KEY": "x" }""", "switchboard.json" },
        { """{ "KEY": { "Id": "x" } }""", "switchboard.json" },
        { """{ "Models": [ { "Id": "a", "KEY": "x" } ] }""", "Models:0" },
        { """{ "Models": [ { "Id": "a", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "KEY": "x" } ] } ] }""", "Models:0:Upstreams:0" },
        { """{ "Models": [ { "Id": "a", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "Body": { "KEY": "x" } } ] } ] }""", "Models:0:Upstreams:0:Body" },
        { """{ "Models": [ { "Id": "a", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "Body": { "a": [ { "KEY": 1 } ] } } ] } ] }""", "Models:0:Upstreams:0:Body:a" },
        { """{ "Models": [ { "Id": "a", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "Body": "{\"KEY\":{}}" } ] } ] }""", "Models:0:Upstreams:0:Body" },
        { """{ "Models": [ { "Id": "a", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "Headers": [ { "KEY": "x" } ] } ] } ] }""", "Models:0:Upstreams:0:Headers:0" },
        { """{ "Limits": { "Keys": { "KEY": { "RequestsPerMinute": 3 } } } }""", "Limits:Keys" },
        { """{ "Limits": { "KEY": 3 } }""", "Limits" },
        { """{ "Access": { "KEY": { "a": [ 1 ] } } }""", "Access" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Options_AKeyAsANameInTheFile_IsRefusedAsOneAndNotQuoted(string file, string place)
    {
        foreach (var key in (string[])[Key, Bare])
        {
            Write("switchboard.json", file.Replace("KEY", key, StringComparison.Ordinal));

            var failures = Failures([]);

            Assert.Contains(failures, failure => failure.StartsWith($"{place}: a secret must not stand in switchboard.json, which is published with the app, and a name here looks like a key", StringComparison.Ordinal));
            Assert.DoesNotContain(failures, failure => failure.Contains("0123456789", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Models:0:KEY")]
    [InlineData("Models:0:Upstreams:0:KEY")]
    [InlineData("Models:0:Upstreams:0:KEY:0")]
    [InlineData("Models:0:Upstreams:KEY")]
    [InlineData("Limits:Keys:KEY:RequestsPerMinute")]
    [InlineData("Limits:Keys:KEY")]
    [InlineData("Access:KEY:0")]
    [InlineData("Access:ApiKeys:KEY")]
    [InlineData("Models:KEY:Apology")]
    [InlineData("Models:a:KEY")]
    public void Options_AKeyAsANameElsewhere_IsRefusedAndNotQuoted(string setting)
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a" } ] }""");
        foreach (var key in (string[])[Key, Bare])
        {
            var failures = Failures(new() { [setting.Replace("KEY", key, StringComparison.Ordinal)] = "x" });

            Assert.NotEmpty(failures);
            Assert.DoesNotContain(failures, failure => failure.Contains("0123456789", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Models:0:Upstreams:0:KEY", "Models:0:Upstreams:0:…: this name looks like a key, which is the value of a setting and never a name")]
    [InlineData("Limits:Keys:KEY:RequestsPerMinute", "Limits:Keys:…: this name looks like a key, which is the value of a setting and never a name")]
    public void Options_AKeyAsANameElsewhere_SaysWhatItIs(string setting, string failure) =>
        Assert.Contains(
            Failures(new() { ["Models:0:Id"] = "a", ["Models:0:Responder"] = "upstream", [setting.Replace("KEY", "sk-0123456789abcdefghij", StringComparison.Ordinal)] = "3" }),
            found => found.StartsWith(failure, StringComparison.Ordinal));

    // What would be refused in the next step is not suggested.
    [Theory]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "Api_Key": "k" } ] } ] }""", "Models:0:Upstreams:0:Api_Key: no such setting; did you mean Models:0:Upstreams:0:ApiKeySecret?")]
    [InlineData("""{ "Models": [ { "Id": "a", "ApiKey": "k" } ] }""", "Models:0:ApiKey: no such setting; did you mean Models:0:Upstreams:0:ApiKeySecret?")]
    [InlineData("""{ "Models": [ { "Id": "a", "Tools": { "ApiKey": "k" } } ] }""", "Models:0:Tools:ApiKey: no such setting; did you mean Models:0:Tools:Mcp:0:ApiKeySecret?")]
    [InlineData("""{ "Models": [ { "Id": "a", "Responder": "upstream", "Upstreams": [ { "BaseUrl": "https://up.example/v1", "Headers": [ { "Name": "x", "Valeu": "k" } ] } ] } ] }""", "Models:0:Upstreams:0:Headers:0:Valeu: no such setting; did you mean Models:0:Upstreams:0:Headers:0:Secret?")]
    [InlineData("""{ "Access": { "ApiKey": ["k"] } }""", "Access:ApiKey: no such setting; did you mean Access:KeyVault:Uri?")]
    [InlineData("""{ "Transcripts": { "Connection": "k" } }""", "Transcripts:Connection: no such setting; did you mean Transcripts:TableServiceUri?")]
    public void Options_ANameInTheFileThatIsNearASecrets_SuggestsWhatMayStandThere(string file, string failure)
    {
        Write("switchboard.json", file);

        Assert.Contains(Failures([]), found => found.StartsWith(failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_ANameElsewhereThatIsNearASecrets_SuggestsIt()
    {
        Write("switchboard.json", """{ "Models": [ { "Id": "a" } ] }""");

        Assert.Contains(Failures(new() { ["Models:a:ApiKey"] = "k" }), found => found.StartsWith("Models:a:ApiKey: no such setting; did you mean Models:a:Upstreams:0:ApiKey?", StringComparison.Ordinal));
    }
}
