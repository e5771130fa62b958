using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>A name that was typed wrong stops the start and says what was meant; a name of another program's never stops it.</summary>
public sealed class SettingNamesTests
{
    [Theory]
    [InlineData("Model:0:Id", "Models:0:Id")]
    [InlineData("MODEL:0:ID", "Models:0:Id")]
    [InlineData("Modles:0:Responder", "Models:0:Responder")]
    [InlineData("Moddels:0:Upstreams:0:BaseUrl", "Models:0:Upstreams:0:BaseUrl")]
    [InlineData("Model:demo:Responder", "Models:demo:Responder")]
    [InlineData("Acess:ApiKeys:0", "Access:ApiKeys:0")]
    [InlineData("Aces:ApiKeys:0", "Access:ApiKeys:0")]
    [InlineData("Acces:ApiKey:0", "Access:ApiKeys:0")]
    [InlineData("Accsess:KeyVault:SecretName", "Access:KeyVault:SecretName")]
    [InlineData("Limit:MaxMessages", "Limits:MaxMessages")]
    [InlineData("Limit:MaxMesages", "Limits:MaxMessages")]
    [InlineData("Limmits:KeepAlive", "Limits:KeepAlive")]
    [InlineData("Call:Id", "Calls:Id")]
    [InlineData("Transcript:RetentionDays", "Transcripts:RetentionDays")]
    [InlineData("Trancripts:Redact", "Transcripts:Redact")]
    [InlineData("Consoles:Enabled", "Console:Enabled")]
    [InlineData("Telemetri:MessageContent", "Telemetry:MessageContent")]
    [InlineData("Models_0_Id", "Models:0:Id")]
    [InlineData("Models_0:Id", "Models:0:Id")]
    [InlineData("Models__0__Id", "Models:0:Id")]
    [InlineData("Models.0.Upstreams.0.BaseUrl", "Models:0:Upstreams:0:BaseUrl")]
    [InlineData("ACCESS_APIKEYS_0", "Access:ApiKeys:0")]
    [InlineData("Switchboard:Models:0:Id", "Models:0:Id")]
    [InlineData("AccessApiKeys:0", "Access:ApiKeys:0")]
    [InlineData("AccessKeyVault:Uri", "Access:KeyVault:Uri")]
    [InlineData("LimitsKeepAlive", "Limits:KeepAlive")]
    [InlineData("LIMITSKEYS:desk:RequestsPerMinute", "Limits:Keys:desk:RequestsPerMinute")]
    [InlineData("TranscriptsTableServiceUri", "Transcripts:TableServiceUri")]
    [InlineData("Values:Models__0__Id", "Models:0:Id")]
    public void Start_SectionIsMistyped_SaysWhatWasMeant(string key, string meant) =>
        Assert.Equal([$"{key}: no such setting; did you mean {meant}?"], Failures((key, "two words")));

    [Fact]
    public void Start_SectionIsMistypedAboveAnIdAsAVariableHasIt_SaysWhatWasMeant() => Assert.Equal(
        ["Model:dr_weber:Apology: no such setting; did you mean Models:dr_weber:Apology?"],
        Failures(("Models:1:Id", "dr-weber"), ("Model:dr_weber:Apology", "Sorry.")));

    [Fact]
    public void Start_MuchBelowAMistypedSection_IsOneFailure() => Assert.Equal(
        ["Model:0:Id: no such setting; did you mean Models:0:Id? 2 more stand below Model."],
        Failures(("Model:0:Id", "a"), ("Model:0:Responder", "scripted"), ("Model:0:Apology", "b")));

    [Theory]
    [InlineData("Models:0:Responser", "Models:0:Responder")]
    [InlineData("Models:0:Promt", "Models:0:Prompt")]
    [InlineData("Models:0:Upstream:0:BaseUrl", "Models:0:Upstreams")]
    [InlineData("Models:0:Deadline", "Models:0:FirstSpeech:Deadline")]
    [InlineData("Models:0:FirstSpeach:Deadline", "Models:0:FirstSpeech")]
    [InlineData("Models:0:FirstSpeech:DeadLines", "Models:0:FirstSpeech:Deadline")]
    [InlineData("Models:0:FirstSpeech_Deadline", "Models:0:FirstSpeech:Deadline")]
    [InlineData("Models:0:BaseUrl", "Models:0:Upstreams:0:BaseUrl")]
    [InlineData("Models:0:ApiKey", "Models:0:Upstreams:0:ApiKey")]
    [InlineData("Models:0_Id", "Models:0:Id")]
    [InlineData("Models:Id", "Models:0:Id")]
    [InlineData("Models:dmeo:Responder", "Models:demo")]
    [InlineData("Access:ApiKey:0", "Access:ApiKeys")]
    [InlineData("Access:KeyVault:Url", "Access:KeyVault:Uri")]
    [InlineData("Limits:Redact", "Transcripts:Redact")]
    [InlineData("Transcripts:Connection", "Transcripts:ConnectionString")]
    public void Start_NameIsMistyped_SaysWhatWasMeant(string key, string meant) =>
        Assert.Contains(Failures((key, "two words")), failure => failure.Contains($"; did you mean {meant}?", StringComparison.Ordinal) && !failure.Contains("two words", StringComparison.Ordinal));

    [Theory]
    [InlineData("Models:0:Responder", "Scripted", "scripted")]
    [InlineData("Models:0:Responder", "upstreams", "upstream")]
    [InlineData("Models:0:Platform", "vappi", "vapi")]
    [InlineData("Models:0:Platform", "11labs", null)]
    [InlineData("Models:0:Upstreams:0:Profile", "Open-AI-", "OpenAI")]
    [InlineData("Models:0:Upstreams:0:Profile", "azure", "AzureOpenAI")]
    [InlineData("Models:0:Upstreams:0:Profile", "DeepSeak", "DeepSeek")]
    [InlineData("Models:0:Upstreams:0:Thinking", "offf", "Off")]
    [InlineData("Models:0:Upstreams:0:Thinking", "no", "Off")]
    [InlineData("Models:0:Upstreams:0:Thinking", "none", "Off")]
    [InlineData("Models:0:Upstreams:0:Thinking", "False", "Off")]
    [InlineData("Models:0:Upstreams:0:Thinking", "disabled", "Off")]
    [InlineData("Models:0:Upstreams:0:Thinking", "yes", "On")]
    [InlineData("Models:0:Upstreams:0:Thinking", "true", "On")]
    [InlineData("Models:0:Upstreams:0:Thinking", "enabled", "On")]
    [InlineData("Models:0:Upstreams:0:Thinking", "of", null)]
    [InlineData("Models:0:Upstreams:0:Thinking", "in", null)]
    [InlineData("Transcripts:Redact", "off", "None")]
    [InlineData("Transcripts:Redact", "no", "None")]
    [InlineData("Models:0:Upstreams:0:Credential", "no", null)]
    [InlineData("Models:0:Directives:Emotion", "none", null)]
    [InlineData("Models:0:Default", "none", "false")]
    [InlineData("Models:0:Platform", "no", null)]
    [InlineData("Models:0:Upstreams:0:Credential", "entera", "Entra")]
    [InlineData("Models:0:Upstreams:0:Forward:0", "usr", "user")]
    [InlineData("Models:0:Actions:0:Name", "hang-up", "hangup")]
    [InlineData("Models:0:Actions:0:Name", "transfers", "transfer")]
    [InlineData("Models:0:Actions:0:As", "tool_call", "ToolCall")]
    [InlineData("Models:0:Script:0:Do", "hang_up", "hangup")]
    [InlineData("Models:0:Directives:Emotion", "hapy", "Happy")]
    [InlineData("Models:0:TimeZone", "Europe/Berln", "Europe/Berlin")]
    [InlineData("Models:0:Default", "yes", "true")]
    [InlineData("Models:0:Default", "0", "false")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "api.openai.com/v1", "https://api.openai.com/v1")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "localhost:11434/v1", "http://localhost:11434/v1")]
    public void Start_ValueIsMistyped_SaysWhatWasMeant(string key, string value, string? meant)
    {
        var failure = Assert.Single(Failures((key, value)), failure => failure.StartsWith($"{key}: ", StringComparison.Ordinal));

        Assert.Equal(meant is not null, failure.Contains("did you mean", StringComparison.Ordinal));
        Assert.EndsWith(meant is null ? "." : $"; did you mean {meant}?", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "https://host.example/v1 pa55word")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "https://host.example/v1\tpa55word")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", " https://host.example/v1")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "host.example/v1 pa55word")]
    [InlineData("Models:0:Tools:Mcp:0:Url", "https://host.example/mcp\u00a0pa55word")]
    [InlineData("Transcripts:TableServiceUri", "https://st.example/ pa55word")]
    [InlineData("Access:KeyVault:Uri", "https://my-vault.example/ pa55word")]
    [InlineData("Access:KeyVault:Uri", "https://my-vault.example/\u0001")]
    [InlineData("Access:Origins:0", "https://my-vault.example ")]
    [InlineData("Settings:BlobUri", "https://st.example/settings/switchboard.json\n")]
    public void Start_AnAddressWithABlank_IsRefusedAndNotShown(string key, string value)
    {
        var failure = Assert.Single(Failures((key, value)), failure => failure.StartsWith($"{key}: ", StringComparison.Ordinal));

        Assert.Contains(key.EndsWith('0') ? "expected an origin" : "an address has no blanks or controls in it", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("example", failure.Replace("studio.example", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("pa55word", failure, StringComparison.Ordinal);
    }

    // A key that was pasted into the wrong setting, or a URL with one in it.
    [Theory]
    [InlineData("Limits:MaxMessages", "sk-proj-0123456789abcdef")]
    [InlineData("Models:0:StallTimeout", "sk-proj-0123456789abcdef")]
    [InlineData("Models:0:Default", "sk-proj-0123456789abcdef")]
    [InlineData("Models:0:Responder", "sk-proj-0123456789abcdef")]
    [InlineData("Models:0:Upstreams:0:Credential", "sk-0123")]
    [InlineData("Models:0:Upstreams:0:Credential", "sk-proj-0123456789abcdef")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "ftp://me:sk-0123@up.example/v1?key=sk-0123")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "up.example/v1?key=sk-0123")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "ftp://up.example/sk-proj-0123456789abcdef/v1")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "sk-proj-0123456789abcdef")]
    [InlineData("Access:ApiKeys:0", "sk-0123")]
    [InlineData("Access:KeyVault:SecretName", "sk_0123")]
    public void Start_ValueMayBeASecret_IsNotShown(string key, string value)
    {
        var failures = Failures((key, value));

        Assert.NotEmpty(failures);
        Assert.DoesNotContain(failures, failure => failure.Contains("sk-", StringComparison.Ordinal) || failure.Contains("sk_", StringComparison.Ordinal));
    }

    public static TheoryData<string> Environments => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Hosting", "Environments"), "*.env").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Start_VariablesOfOtherPrograms_StopNothing(string environment)
    {
        // As the provider of the environment does.
        var variables = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Hosting", "Environments", $"{environment}.env"))
            .Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => line.Split('=', 2))
            .Select(line => (line[0].Replace("__", ":", StringComparison.Ordinal), line[1])).ToArray();

        Assert.NotEmpty(variables);
        Assert.Empty(Failures(variables));
    }

    // They begin with the name of a section, and go on otherwise.
    [Fact]
    public void Start_NamesThatOnlyBeginLikeOurs_StopNothing() =>
        Assert.Empty(Failures(("AccessKeyId", "a"), ("AccessApiKeys", "a"), ("AccessApiKeysFile:0", "a"), ("LimitsKeepAlives", "a"), ("ModelsId", "a"), ("ModelsPath", "a"), ("ConsoleHost", "a"), ("CallsPerDay", "1"), ("KeyVaultUri", "a")));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("Models", "models", 0)]
    [InlineData("Models", "Modles", 1)]
    [InlineData("Models", "Model", 1)]
    [InlineData("Models", "Modells", 1)]
    [InlineData("Models", "Nodes", 2)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_OfTwoNames_CountsLetters(string one, string other, int distance) => Assert.Equal(distance, SettingText.Distance(one, other));

    private static IReadOnlyList<string> Failures(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Models:0:Id", "demo"), .. settings.Where(setting => setting.Key.Length > 0).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]).Build();
        using var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<SwitchboardOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException failure)
        {
            return [.. failure.Failures];
        }
    }
}
