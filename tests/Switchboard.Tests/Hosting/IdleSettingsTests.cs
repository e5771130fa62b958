using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>A setting that nothing heeds stops the start, or is warned of where it may be left over on purpose.</summary>
public sealed class IdleSettingsTests
{
    private const string Upstream = "Responder=upstream;Upstreams:0:BaseUrl=https://up.example/v1";
    private const string Two = Upstream + ";Upstreams:1:BaseUrl=https://other.example/v1";
    private const string Rule = "Script:0:Say=Hello.";

    [Theory]
    [InlineData("Upstreams:0:BaseUrl=https://up.example/v1", "Upstreams: they are never asked, since no Responder is given, so that it is simulated; set Responder to upstream, or take them out.")]
    [InlineData("Responder=scripted;" + Rule + ";Upstreams:0:BaseUrl=https://up.example/v1", "Upstreams: they are never asked, since the responder is scripted; set Responder to upstream, or take them out.")]
    [InlineData(Rule, "Script: it is never played, since no Responder is given, so that it is simulated; set Responder to scripted, or take it out.")]
    [InlineData("Responder=scripted;" + Rule + ";Script:1:When=a;Script:1:Say=b", "Script:1: it is never reached, since Script:0 has no When and always matches; put that one last.")]
    [InlineData(Upstream + ";FirstSpeech:HedgeAfter=1s", "FirstSpeech:HedgeAfter: there is no other upstream to ask; add one (Upstreams:1), or take it out.")]
    [InlineData(Two + ";FirstSpeech:HedgeAfter=3s", "FirstSpeech:HedgeAfter: expected less than 2.5s, when the slow upstream is given up and the next one asked, found 3s.")]
    [InlineData("Filler:Text:0=Well.", "Filler:Text: nothing says it; set Filler:After to the time after which it is to be said.")]
    [InlineData("Prompt=Be kind.", "Prompt: nothing follows it, since no Responder is given, so that it is simulated; set Responder to upstream, or take it out.")]
    // One Responder mends them all.
    [InlineData("Prompt=Be kind.;Actions:0:Name=hangup;Tools:Mcp:0:Url=http://127.0.0.1:1/mcp", "Prompt: nothing follows it, since")]
    [InlineData("Prompt=Be kind.;Actions:0:Name=hangup;" + Rule, "Script: it is never played, since")]
    [InlineData("Prompt=Be kind.;Upstreams:0:BaseUrl=https://up.example/v1", "Upstreams: they are never asked, since")]
    // What cannot be read is told of once.
    [InlineData("Filler:After=soon;Filler:Text:0=Well.", "Filler:After: expected a time such as 2.5s, 800ms or 00:00:02.500, found soon.")]
    [InlineData(Upstream + ";Upstreams:0:Price:Prompt=1;Upstreams:0:Price:Completion=1.5$", "Upstreams:0:Price:Completion: expected a number such as 0.25, found 1.5$.")]
    [InlineData("Filler:After=1s", "Filler:Text: Filler:After needs something to say (Models:0:Filler:Text:0).")]
    [InlineData("Filler:Every=1s", "Filler:Every: needs Filler:After (Models:0:Filler:After).")]
    [InlineData("Filler:After=2.5s;Filler:Text:0=Well.", "Filler:After: expected less than 2.5s, by when there is an answer or all have been given up (FirstSpeech:Deadline = 2.5s), found 2.5s: no filler would be said.")]
    [InlineData(Two + ";Filler:After=6s;Filler:Text:0=Well.", "Filler:After: expected less than 5s, by when there is an answer or all have been given up (FirstSpeech:Deadline = 2.5s for each of 2 upstreams), found 6s: no filler would be said.")]
    [InlineData(Two + ";FirstSpeech:HedgeAfter=1s;Filler:After=4s;Filler:Text:0=Well.", "Filler:After: expected less than 3.5s, by when")]
    [InlineData("FirstSpeech:Sentence=1s;Filler:After=2s;Filler:Text:0=Well.", "Filler:After: expected less than 1s, by when there is an answer or all have been given up (FirstSpeech:Sentence = 1s), found 2s")]
    public void Start_SettingThatIsNeverHeeded_IsRefused(string settings, string failure) =>
        Assert.StartsWith($"Models:0:{failure}", Assert.Single(Failures(settings)), StringComparison.Ordinal);

    [Theory]
    // A script that an environment has replaced by an upstream, and a script as the reception has it.
    [InlineData(Upstream + ";" + Rule)]
    [InlineData("Responder=scripted;" + Rule + ";Prompt=You are kind.;Apology=Sorry.;Actions:0:Name=hangup")]
    [InlineData("Responder=scripted;Script:0:When=a;Script:0:Say=b;Script:1:Say=c")]
    [InlineData(Two + ";FirstSpeech:HedgeAfter=1s;Filler:After=2.6s;Filler:Text:0=Well.")]
    [InlineData(Two + ";Filler:After=4.9s;Filler:Text:0=Well.")]
    // While tools run the responder has been heard out.
    [InlineData(Upstream + ";Filler:After=4s;Filler:Text:0=Well.;Tools:Mcp:0:Url=http://127.0.0.1:1/mcp")]
    [InlineData(Upstream + ";Filler:After=4s;Filler:Text:0=Well.;Actions:0:Name=transfer;Actions:0:Numbers:0=+4930")]
    public void Start_SettingThatIsHeeded_IsTaken(string settings) => Assert.Empty(Failures(settings));

    [Theory]
    [InlineData(Upstream + ";Simulated:Delay=80ms", "Models:0:Simulated", "the responder is upstream")]
    [InlineData("Responder=simulated;" + Rule, "Models:0:Script", "the responder is simulated")]
    [InlineData("Responder=simulated;Prompt=Be kind.", "Models:0:Prompt", "the responder is simulated")]
    [InlineData("Actions:0:Name=hangup", "Models:0:Actions", "the responder is simulated")]
    [InlineData("Tools:Mcp:0:Url=http://127.0.0.1:1/mcp", "Models:0:Tools:Mcp", "the responder is simulated")]
    [InlineData("Responder=scripted;" + Rule + ";Tools:Mcp:0:Url=http://127.0.0.1:1/mcp", "Models:0:Tools:Mcp", "the responder is scripted")]
    [InlineData("FirstSpeech:HedgeAfter=1s", "Models:0:FirstSpeech:HedgeAfter", "the responder is simulated")]
    [InlineData("FirstSpeech:Sentence=20s", "Models:0:FirstSpeech:Sentence", "StallTimeout")]
    [InlineData("FirstSpeech:Deadline=90s;/Limits:TurnTimeout=1m", "Models:0:FirstSpeech:Deadline", "Limits:TurnTimeout, 1m")]
    [InlineData("StallTimeout=1m;/Limits:TurnTimeout=1m", "Models:0:StallTimeout", "Limits:TurnTimeout, 1m")]
    [InlineData("Filler:AtMost=2", "Models:0:Filler:AtMost", "there is no Filler:Every")]
    [InlineData("Filler:After=1s;Filler:Every=2s;Filler:Text:0=Well.", "Models:0:Filler:Every", "given up")]
    [InlineData("SpokenText=false;CodePhrase=Code.", "Models:0:CodePhrase", "SpokenText is false")]
    [InlineData("SpokenText=false;SpeechTags:0=break", "Models:0:SpeechTags", "SpokenText is false")]
    [InlineData("TimeZone=Europe/Berlin", "Models:0:TimeZone", "there is no Prompt")]
    [InlineData("Tools:MaxRounds=3", "Models:0:Tools:MaxRounds", "no MCP server")]
    [InlineData("Platform=vapi;Directives:NoInterrupting=true", "Models:0:Directives", "the Platform is vapi")]
    [InlineData("Platform=vapi;Agora:Interruptable=true", "Models:0:Agora", "the Platform is vapi")]
    [InlineData("Platform=vapi;Actions:0:Name=hangup;Actions:0:As=ToolCall", "Models:0:Actions:0:As", "the Platform is vapi")]
    [InlineData(Upstream + ";Upstreams:0:CredentialScope=a", "Models:0:Upstreams:0:CredentialScope", "there is no Credential")]
    [InlineData(Upstream + ";Upstreams:0:Profile=Zhipu;Upstreams:0:Model=other;Upstreams:0:Thinking=On", "Models:0:Upstreams:0:Thinking", "nothing that would switch it on")]
    [InlineData(Upstream + ";Upstreams:0:Profile=Ollama;Upstreams:0:Thinking=Off;Upstreams:0:ReasoningEffort=low", "Models:0:Upstreams:0:Thinking", "ReasoningEffort, which wins")]
    [InlineData(Upstream + ";Upstreams:0:ReasoningEffort=low;Upstreams:0:Omit:0=reasoning_effort", "Models:0:Upstreams:0:ReasoningEffort", "Omit leaves its field out")]
    [InlineData(Upstream + ";Upstreams:0:Temperature=0.3;Upstreams:0:Body:temperature=0.4", "Models:0:Upstreams:0:Temperature", "Body sets its field")]
    [InlineData(Upstream + ";Upstreams:0:MaxTokens=100;Upstreams:0:Omit:0=max_tokens", "Models:0:Upstreams:0:MaxTokens", "Omit leaves its field out")]
    [InlineData("/Limits:KeepAlive=1m;/Limits:TurnTimeout=30s", "Limits:KeepAlive", "Limits:TurnTimeout, 30s")]
    [InlineData("/Access:KeyVault:SecretName=a", "Access:KeyVault", "no Access:KeyVault:Uri")]
    [InlineData("/Transcripts:RetentionDays=7", "Transcripts:RetentionDays", "no transcripts are kept")]
    public async Task Start_SettingThatMayBeLeftOver_IsWarnedOf(string settings, string setting, string reason)
    {
        var warning = Assert.Single(await WarningsAsync(settings), line => line.StartsWith($"The setting {setting} has no effect: ", StringComparison.Ordinal));

        Assert.Contains(reason, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Simulated:Delay=80ms;Default=true")]
    [InlineData(Upstream + ";" + Rule + ";Prompt=It is {{localTime}}.;TimeZone=Europe/Berlin;Upstreams:0:ReasoningEffort=low;Upstreams:0:Temperature=0.3")]
    [InlineData(Two + ";FirstSpeech:HedgeAfter=1s;FirstSpeech:Sentence=4s;Filler:After=1s;Filler:Every=1s;Filler:AtMost=2;Filler:Text:0=Well.;CodePhrase=Code.")]
    [InlineData("Responder=scripted;" + Rule + ";Prompt=Be kind.;Platform=ims;Directives:NoInterrupting=true;Actions:0:Name=hangup;Actions:0:As=Directive")]
    public async Task Start_SettingsThatAreHeeded_AreNotWarnedOf(string settings) => Assert.Empty(await WarningsAsync(settings));

    // Names below Models:0, and from a slash on below nothing.
    private static ServiceProvider Build(string settings, FakeLogCollector? logs = null)
    {
        var values = settings.Split(';').Select(setting => setting.Split('=', 2)).Select(setting => KeyValuePair.Create(setting[0].StartsWith('/') ? setting[0][1..] : $"Models:0:{setting[0]}", (string?)setting[1]));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Models:0:Id", "demo"), .. values]).Build();
        return new ServiceCollection().AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs))).AddSwitchboard(configuration).BuildServiceProvider();
    }

    private static List<string> Failures(string settings)
    {
        using var services = Build(settings);
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

    private static async Task<List<string>> WarningsAsync(string settings)
    {
        var logs = new FakeLogCollector();
        await using var services = Build(settings, logs);
        await services.GetServices<IHostedService>().OfType<SettingsNotice>().Single().StartAsync(TestContext.Current.CancellationToken);
        return [.. logs.GetSnapshot().Where(line => line.Id.Id == 620 && line.Level == LogLevel.Warning).Select(line => line.Message)];
    }
}
