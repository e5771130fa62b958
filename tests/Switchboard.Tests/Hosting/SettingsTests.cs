using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Models;

namespace Switchboard.Tests.Hosting;

/// <summary>A bad setting stops the start with one message that names every failure.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Limits:MaxMessages", "many", "Limits:MaxMessages: expected a number, found many.")]
    [InlineData("Limits:MaxMesages", "5", "Limits:MaxMesages: no such setting; did you mean Limits:MaxMessages?")]
    [InlineData("Limits:MaxMessages", "0", "Limits:MaxMessages: expected a number from 1 to 10000, found 0.")]
    [InlineData("Limits:TurnTimeout", "60", "Limits:TurnTimeout: expected a time such as 2.5s, 800ms or 00:00:02.500, found 60; did you mean 60s?")]
    [InlineData("Models:0:FirstSpeech:Deadline", "2000", "Models:0:FirstSpeech:Deadline: expected a time such as 2.5s, 800ms or 00:00:02.500, found 2000; did you mean 2000ms?")]
    [InlineData("Models:0:FirstSpeech:Deadline", "2000000", "Models:0:FirstSpeech:Deadline: expected a time such as 2.5s, 800ms or 00:00:02.500, found 2000000.")]
    [InlineData("Models:0:StallTimeout", "10min", "Models:0:StallTimeout: expected a time such as 2.5s, 800ms or 00:00:02.500, found 10min.")]
    [InlineData("Access:KeyVault:RefreshInterval", "300", "Access:KeyVault:RefreshInterval: expected a time such as 2.5s, 800ms or 00:00:02.500, found 300; did you mean 300s?")]
    [InlineData("Limits:TurnTimeout", "00:02", "Limits:TurnTimeout: expected a time such as 2.5s, 800ms or 00:00:02.500, found 00:02; did you mean 2s or 00:02:00?")]
    [InlineData("Models:0:FirstSpeech:Deadline", "00:0:2", "Models:0:FirstSpeech:Deadline: expected a time such as 2.5s, 800ms or 00:00:02.500, found 00:0:2; did you mean 00:00:02?")]
    [InlineData("Limits:TurnTimeout", "00:30:00", "Limits:TurnTimeout: expected a time from 1s to 225s, found 00:30:00.")]
    [InlineData("Models:0:Default", "maybe", "Models:0:Default: expected true or false, found maybe.")]
    [InlineData("Models:0:Id", "", "Models:0:Id: a value is required.")]
    [InlineData("Models:0:Id", " r ", "Models:0:Id: an id has no blanks around it.")]
    [InlineData("Models:0:History:MaxMessages", "20.0", "Models:0:History:MaxMessages: expected a whole number, found 20.0.")]
    [InlineData("Models:0:Simulated:Delay", "01:00:00", "Models:0:Simulated:Delay: expected a time from 0s to 1m, found 01:00:00.")]
    [InlineData("Models:5:Id", "a", "Models:5: there is no Models:1; count from 0 without a gap.")]
    [InlineData("Access:ApiKeys:1", "a", "Access:ApiKeys:1: there is no Access:ApiKeys:0; count from 0 without a gap.")]
    [InlineData("Models:0:Responder", "magic", "Models:0:Responder: no such responder, found magic; there are simulated, scripted, upstream.")]
    [InlineData("Models:0:Responder", "scripted", "Models:0:Script: the responder 'scripted' needs at least one rule.")]
    [InlineData("Models:0:Filler:After", "00:00:01", "Models:0:Filler:Text: Filler:After needs something to say (Models:0:Filler:Text:0).")]
    [InlineData("Models:0:Filler:Every", "00:00:05", "Models:0:Filler:Every: needs Filler:After (Models:0:Filler:After).")]
    [InlineData("Models:0:Filler:Every", "00:00:00.100", "Models:0:Filler:Every: expected a time from 500ms to 2m, found 00:00:00.100.")]
    [InlineData("Models:0:Filler:AtMost", "0", "Models:0:Filler:AtMost: expected a number from 1 to 20, found 0.")]
    [InlineData("Models:0:FirstSpeech:Sentence", "00:03:00", "Models:0:FirstSpeech:Sentence: expected a time from 50ms to 2m, found 00:03:00.")]
    [InlineData("Models:0:Simulated", "hello", "Models:0:Simulated: expected settings below this name, found a value.")]
    [InlineData("Models:0:Id:0", "a", "Models:0:Id: expected a value, found settings below this name.")]
    [InlineData("Models:other:Prompt", "a", "Models:other: no model has this id; there are demo.")]
    [InlineData("Models:demo:Id", "a", "Models:demo:Id: a model that is named by its id has that id.")]
    [InlineData("Models:1:Id", "demo", "Models:1:Id: another model has this id.")]
    [InlineData("Models:0:Script:0:When", "(", "Models:0:Script:0:When: no regular expression: a bracket ( is not closed (at character 1).")]
    [InlineData("Models:0:Script:0:When", "\bbye\b", "Models:0:Script:0:When: character 1 is a backspace, which JSON makes of \\b; in JSON the edge of a word is written \\\\b.")]
    [InlineData("Models:0:Script:0:When", "a\fb", "Models:0:Script:0:When: character 2 is a control character (U+000C); in JSON a backslash of a pattern is written \\\\.")]
    [InlineData("Models:0:Script:0:Say", "{{#if}", "Models:0:Script:0:Say: line 1, column 1: '{{#if}': the braces are not closed; expected }} after it.")]
    [InlineData("Models:0:Script:0:Say", "Hi {{foo bar}}", "Models:0:Script:0:Say: line 1, column 4: '{{foo bar}}': there is no helper 'foo'; there are if, unless, each, with, lookup.")]
    [InlineData("Models:0:Script:0:Do", "dance", "Models:0:Script:0:Do: no such call action, found dance; there are hangup, transfer.")]
    [InlineData("Models:0:Script:0:Do", "transfer", "Models:0:Script:0:Do: a transfer needs its numbers (Models:0:Actions:0:Name = transfer, Models:0:Actions:0:Numbers:0).")]
    [InlineData("Models:0:Script:0:When", "x", "Models:0:Script:0:Say: a rule must say or do something.")]
    [InlineData("Models:0:Responder", "upstream", "Models:0:Upstreams: the responder 'upstream' needs at least one upstream (Models:0:Upstreams:0:BaseUrl).")]
    [InlineData("Models:0:Upstreams:0:Model", "gpt-x", "BaseUrl")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "v1", "Models:0:Upstreams:0:BaseUrl: expected an absolute http or https URL, found v1.")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "ftp://up.example/v1", "Models:0:Upstreams:0:BaseUrl: expected an absolute http or https URL, found ftp://up.example/v1.")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "https://up.example/v1/chat/completions/", "Models:0:Upstreams:0:BaseUrl: leave out /chat/completions")]
    [InlineData("Models:0:Upstreams:0:BaseUrl", "https://me:two%20words@up.example/v1", "Models:0:Upstreams:0:BaseUrl: a URL must hold no password")]
    [InlineData("Models:0:Upstreams:0:ApiKey", "two words", "Models:0:Upstreams:0:ApiKey: a key is")]
    [InlineData("Models:0:Upstreams:0:ApiKeySecret", "name", "Models:0:Upstreams:0:ApiKeySecret: there is no Key Vault to read it from; name one (Access:KeyVault:Uri), or on a machine without one give the key itself, as ApiKey, in the environment or local.settings.json.")]
    [InlineData("Models:0:Upstreams:0:ApiKeySecret", "openai_key", "Models:0:Upstreams:0:ApiKeySecret: expected 1 to 127 letters, digits and hyphens.")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Secret", "x.key", "Models:0:Upstreams:0:Headers:0:Secret: expected 1 to 127 letters, digits and hyphens.")]
    [InlineData("Models:0:Tools:Mcp:0:ApiKeySecret", "mcp key", "Models:0:Tools:Mcp:0:ApiKeySecret: expected 1 to 127 letters, digits and hyphens.")]
    [InlineData("Models:0:Upstreams:0:Credential", "aws", "Models:0:Upstreams:0:Credential: expected one of Entra.")]
    [InlineData("Models:0:Upstreams:0:CredentialScope", "", "CredentialScope")]
    [InlineData("Models:0:Upstreams:0:TokenLimitField", "tokens", "Models:0:Upstreams:0:TokenLimitField: expected one of MaxCompletionTokens, MaxTokens, found tokens.")]
    [InlineData("Models:0:Upstreams:0:Profile", "Skynet", "Models:0:Upstreams:0:Profile: expected one of Unknown, OpenAI, AzureOpenAI")]
    [InlineData("Models:0:Upstreams:0:Thinking", "Deep", "Models:0:Upstreams:0:Thinking: expected one of Off, Default, On, found Deep.")]
    [InlineData("Models:0:Upstreams:0:Temperature", "3", "Models:0:Upstreams:0:Temperature: expected a number from 0 to 2, found 3.")]
    [InlineData("Models:0:Upstreams:0:TopP", "-1", "Models:0:Upstreams:0:TopP: expected a number from 0 to 1, found -1.")]
    [InlineData("Models:0:Upstreams:0:MaxTokens", "0", "Models:0:Upstreams:0:MaxTokens: expected a number of 1 or more, found 0.")]
    [InlineData("Models:0:Upstreams:0:Body", "two words", "Models:0:Upstreams:0:Body: expected a JSON object")]
    [InlineData("Models:0:Upstreams:0:Body", "[1]", "Models:0:Upstreams:0:Body: expected a JSON object.")]
    [InlineData("Models:0:Upstreams:0:Body", """{"key":"sk-1",}""", "Models:0:Upstreams:0:Body: expected a JSON object; it is no JSON at line 1, byte 15.")]
    [InlineData("Models:0:Upstreams:0:Body", """{"a":1,"a":2}""", "Models:0:Upstreams:0:Body: expected a JSON object in which no name appears twice.")]
    [InlineData("Models:0:Upstreams:0:Body", """{"model":"x"}""", "Models:0:Upstreams:0:Body: the field model may not be set here.")]
    [InlineData("Models:0:Upstreams:0:Body", """{"messages":[]}""", "Models:0:Upstreams:0:Body: the field messages may not be set here.")]
    [InlineData("Models:0:Upstreams:0:Body", """{"stream":false}""", "Models:0:Upstreams:0:Body: the field stream may not be set here.")]
    [InlineData("Models:0:Upstreams:0:Body", """{"tools":[]}""", "Models:0:Upstreams:0:Body: the field tools may not be set here.")]
    [InlineData("Models:0:Upstreams:0:Omit:0", "messages", "Models:0:Upstreams:0:Omit:0: expected the name of a field other than messages, model, stream.")]
    [InlineData("Models:0:Upstreams:0:Omit:0", "stream", "Models:0:Upstreams:0:Omit:0: expected")]
    [InlineData("Models:0:Upstreams:0:Omit:0", " ", "Models:0:Upstreams:0:Omit:0: expected")]
    [InlineData("Models:0:Upstreams:0:Forward:0", "call", "Models:0:Upstreams:0:Forward:0: expected one of metadata, prompt_cache_key, safety_identifier, store, user, found call.")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Name", "two words", "Models:0:Upstreams:0:Headers:0:Name: a header's name is made of")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Name", "X-\u00c9", "Models:0:Upstreams:0:Headers:0:Name: a header's name is made of")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Name", "host", "Models:0:Upstreams:0:Headers:0:Name: this header is not the settings' to set.")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Name", "Content-Length", "Models:0:Upstreams:0:Headers:0:Name: this header is not the settings' to set.")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Name", "transfer-encoding", "Models:0:Upstreams:0:Headers:0:Name: this header is not the settings' to set.")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Name", "X-Tenant", "Models:0:Upstreams:0:Headers:0:Value: set one of Value and Secret.")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Value", "two words\r\nX-Evil: 1", "Models:0:Upstreams:0:Headers:0:Value: a header's value is made of")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Value", " two words", "Models:0:Upstreams:0:Headers:0:Value: a header's value is made of")]
    [InlineData("Models:0:Upstreams:0:Headers:0:Secret", "name", "Models:0:Upstreams:0:Headers:0:Secret: there is no Key Vault to read it from.")]
    [InlineData("Access:ApiKeys:0", "two words", "Access:ApiKeys:0: a key is 20 or more printable ASCII characters without spaces and does not begin with #.")]
    [InlineData("Access:ApiKeys:0", "", "Access:ApiKeys:0: a key is")]
    [InlineData("Access:ApiKeys:0", "{", "Access:ApiKeys:0: a key is 20 or more")]
    [InlineData("Access:ApiKeys:0", "nineteen-characters", "Access:ApiKeys:0: a key is 20 or more")]
    [InlineData("Access:ApiKeys:0", "#a-remark-of-many-characters", "Access:ApiKeys:0: a key is 20 or more")]
    [InlineData("Access:OperatorKeys:0", "nineteen-characters", "Access:OperatorKeys:0: a key is 20 or more")]
    [InlineData("Access:KeyVault:LongestOutage", "00:00:30", "LongestOutage")]
    [InlineData("Access:KeyVault:LongestOutage", "00:04:59", "Access:KeyVault:LongestOutage: this is less than Access:KeyVault:RefreshInterval")]
    [InlineData("Models:0:Prompt", "{{#if x}}", "Models:0:Prompt: line 1, column 1: '{{#if x}}': it is not closed; expected {{/if}} after it.")]
    [InlineData("Models:0:SpeechTags:0", "imsagent", "Models:0:SpeechTags:0: no name of a tag that may pass")]
    [InlineData("Models:0:SpeechTags:0", "a b", "Models:0:SpeechTags:0: no name of a tag that may pass")]
    [InlineData("Models:0:TimeZone", "Mars/Olympus", "Models:0:TimeZone: no such time zone")]
    [InlineData("Models:0:History:MaxMessages", "0", "MaxMessages")]
    [InlineData("Models:0:Directives:Emotion", "7", "Models:0:Directives:Emotion: expected one of Neutral, Happy, Sad, found 7.")]
    [InlineData("Models:0:Directives:Emotion", "angry", "Models:0:Directives:Emotion: expected one of Neutral, Happy, Sad, found angry.")]
    [InlineData("Models:0:Actions:0:Name", "dance", "Models:0:Actions:0:Name: no such call action, found dance; there are hangup, transfer.")]
    [InlineData("Models:0:Actions:0:Name", "transfer", "Models:0:Actions:0:Numbers: a transfer needs at least one number")]
    [InlineData("Models:0:Actions:0:Function", "end call", "Models:0:Actions:0:Function: expected 1 to 64 letters")]
    [InlineData("Models:0:Actions:0:As", "Smoke", "Models:0:Actions:0:As: expected one of ToolCall, Directive, found Smoke.")]
    [InlineData("Models:0:Tools:Mcp:0:Url", "ftp://127.0.0.1/x", "Models:0:Tools:Mcp:0:Url: expected an absolute http or https URL, found ftp://127.0.0.1/x.")]
    [InlineData("Models:0:Tools:Mcp:0:ApiKey", "two words", "Models:0:Tools:Mcp:0:ApiKey: a key is made of printable")]
    [InlineData("Models:0:Tools:Mcp:0:ApiKeySecret", "name", "Models:0:Tools:Mcp:0:ApiKeySecret: there is no Key Vault")]
    [InlineData("Models:0:Tools:Mcp:0:CallTimeout", "00:10:00", "CallTimeout")]
    [InlineData("Models:0:Tools:MaxRounds", "0", "MaxRounds")]
    [InlineData("Access:OperatorKeys:0", "two words", "Access:OperatorKeys:0: a key is 20 or more printable ASCII characters without spaces and does not begin with #.")]
    [InlineData("Access:KeyVault:OperatorSecretName", "two words", "Access:KeyVault:OperatorSecretName: expected 1 to 127 letters, digits and hyphens.")]
    [InlineData("Access:KeyVault:OperatorSecretName", "chat-completions-api-key", "Access:KeyVault:OperatorSecretName: this is Access:KeyVault:SecretName too")]
    [InlineData("Access:CallbackTokens:0", "nineteen-characters", "Access:CallbackTokens:0: a key is 20 or more printable ASCII characters")]
    [InlineData("Access:KeyVault:CallbackSecretName", "two words", "Access:KeyVault:CallbackSecretName: expected 1 to 127 letters, digits and hyphens.")]
    [InlineData("Access:KeyVault:CallbackSecretName", "Chat-Completions-API-Key", "Access:KeyVault:CallbackSecretName: this is Access:KeyVault:SecretName too")]
    [InlineData("Access:KeyVault:CallbackSecretName", "operator-api-key", "Access:KeyVault:CallbackSecretName: this is Access:KeyVault:OperatorSecretName too")]
    [InlineData("Access:KeyVault:OperatorSecretName", "Chat-Completions-API-Key", "Access:KeyVault:OperatorSecretName: this is Access:KeyVault:SecretName too")]
    [InlineData("Transcripts:TableServiceUri", "http://st.table.core.windows.net/", "Transcripts:TableServiceUri: expected an https URI")]
    [InlineData("Transcripts:TableServiceUri", "https://st.table.core.windows.net/?sv=two%20words", "Transcripts:TableServiceUri: expected an https URI")]
    [InlineData("Transcripts:ConnectionString", "two words", "Transcripts:ConnectionString: it cannot be read")]
    [InlineData("Transcripts:ConnectionString", "AccountName=a", "Transcripts:ConnectionString: it cannot be read")]
    [InlineData("Transcripts:ClientId", "me", "Transcripts:ClientId: expected a client id, which is a GUID.")]
    [InlineData("Transcripts:TablePrefix", "1a", "Transcripts:TablePrefix: expected 1 to 58 letters and digits, a letter first.")]
    [InlineData("Transcripts:TablePrefix", "", "Transcripts:TablePrefix")]
    [InlineData("Transcripts:Redact", "some", "Transcripts:Redact: expected one of None, Numbers, All, found some.")]
    [InlineData("Transcripts:RetentionDays", "-1", "Transcripts:RetentionDays: expected a number from 0 to 3650, found -1.")]
    [InlineData("Transcripts:QueueCapacity", "0", "Transcripts:QueueCapacity: expected a number from 1 to 1000000, found 0.")]
    [InlineData("Transcripts:QueueBytes", "1000", "Transcripts:QueueBytes: expected a number from 4194304 to 1073741824, found 1000.")]
    public void Options_BadSetting_NamesIt(string key, string value, string failure)
    {
        var failures = Failures(new() { ["Models:0:Id"] = "demo", [key] = value });

        Assert.Contains(failures, text => text.Contains(failure, StringComparison.Ordinal));
        Assert.DoesNotContain(failures, failure => failure.Contains("SwitchboardOptions", StringComparison.Ordinal));
        Assert.DoesNotContain(failures, failure => failure.Contains("two words", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_SeveralFaults_NamesThemAllAtOnce()
    {
        var failures = Failures(new()
        {
            ["Models:0:Id"] = "demo",
            ["Models:0:Responder"] = "magic",
            ["Models:0:Unknown"] = "x",
            ["Limits:MaxMessages"] = "many",
            ["Limits:MaxConcurrentTurns"] = "0",
        });

        Assert.Equal(4, failures.Count);
    }

    [Theory]
    [InlineData("transfer", "EndWord", "EndWord: only the action hangup has it.")]
    [InlineData("transfer", "As", "As: a transfer exists only as Directive.")]
    [InlineData("hangup", "Caller", "Caller: only the action transfer has it.")]
    [InlineData("hangup", "Message", "Message: only the action transfer has it.")]
    [InlineData("hangup", "ErrorMessage", "ErrorMessage: only the action transfer has it.")]
    [InlineData("hangup", "Numbers:0", "Numbers: only the action transfer has them.")]
    public void Options_SettingOfTheOtherAction_NamesIt(string action, string setting, string failure) =>
        Assert.Equal([$"Models:0:Actions:0:{failure}"], Failures(new()
        {
            ["Models:0:Id"] = "demo",
            ["Models:0:Actions:0:Name"] = action,
            ["Models:0:Actions:0:Numbers:0"] = action == "transfer" ? "+4930" : null,
            [$"Models:0:Actions:0:{setting}"] = setting == "As" ? "ToolCall" : "+49",
        }));

    [Theory]
    [InlineData("ApiKey", "k", "X-A", "Authorization", "Headers:1:Name: Authorization holds the key already; leave out one of both.")]
    [InlineData("Credential", "entra", "X-A", "authorization", "Headers:1:Name: Authorization holds the key already; leave out one of both.")]
    [InlineData("Model", "m", "X-A", "x-a", "Headers:1:Name: another header has this name.")]
    [InlineData("Model", "m", "Authorization", "X-A", "Headers:1:Value: set one of Value and Secret.")]
    public void Options_HeadersOfAnUpstream_MustAgree(string setting, string value, string first, string second, string failure) => Assert.Equal(
        [$"Models:0:Upstreams:0:{failure}"],
        Failures(new()
        {
            ["Models:0:Id"] = "demo",
            ["Models:0:Responder"] = "upstream",
            ["Models:0:Upstreams:0:BaseUrl"] = "https://up.example/v1",
            [$"Models:0:Upstreams:0:{setting}"] = value,
            ["Models:0:Upstreams:0:Headers:0:Name"] = first,
            ["Models:0:Upstreams:0:Headers:0:Value"] = "a",
            ["Models:0:Upstreams:0:Headers:1:Name"] = second,
            ["Models:0:Upstreams:0:Headers:1:Value"] = first == "Authorization" ? null : "b",
        }));

    [Fact]
    public void Options_JsonAsSettings_IsJson()
    {
        var settings = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:0:Upstreams:0:Body:chat_template_kwargs:enable_thinking"] = "False",
            ["Models:0:Upstreams:0:Body:top_k"] = "40",
            ["Models:0:Upstreams:0:Body:min_p"] = "-0.05",
            ["Models:0:Upstreams:0:Body:since"] = "2026-01-31",
            ["Models:0:Upstreams:0:Body:provider:order:0"] = "azure",
            ["Models:0:Upstreams:0:Body:provider:order:1"] = "é",
            ["Models:0:Upstreams:0:Body:nothing"] = null,
            ["Models:0:Upstreams:0:Body:empty"] = "",
        }).Build());

        Assert.Empty(settings.Failures);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"chat_template_kwargs":{"enable_thinking":false},"top_k":40,"min_p":-0.05,"since":"2026-01-31","provider":{"order":["azure","é"]},"nothing":null,"empty":""}"""),
            JsonNode.Parse(settings.Usable["Models:0:Upstreams:0:Body"]!)), settings.Usable["Models:0:Upstreams:0:Body"]);
    }

    [Fact]
    public void Options_JsonTwice_NamesIt() => Assert.Contains(
        "Models:0:Upstreams:0:Body: expected a value or settings below this name, found both.",
        Failures(new() { ["Models:0:Id"] = "demo", ["Models:0:Upstreams:0:Body"] = "{}", ["Models:0:Upstreams:0:Body:a"] = "1" }));

    [Fact]
    public void Options_TwoPlacesForTranscripts_NamesThem() =>
        Assert.Contains(
            "Transcripts:ConnectionString: Transcripts:TableServiceUri is set too; set only one of both.",
            Failures(new()
            {
                ["Models:0:Id"] = "demo",
                ["Transcripts:TableServiceUri"] = "https://st.table.core.windows.net/",
                ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true",
            }));

    [Fact]
    public void Options_AKeyOfPlatformAndOperator_NamesIt() =>
        Assert.Contains(
            "Access:OperatorKeys:1: this key is one of Access:ApiKeys too, and the platform's key must not open the transcripts.",
            Failures(new()
            {
                ["Models:0:Id"] = "demo",
                ["Access:ApiKeys:0"] = "test-key-7b1f-4c0d9e2a",
                ["Access:OperatorKeys:0"] = "operator-key-91c2-5f7b30ad",
                ["Access:OperatorKeys:1"] = "test-key-7b1f-4c0d9e2a",
            }));

    [Theory]
    [InlineData("Access:ApiKeys:0", "Access:ApiKeys")]
    [InlineData("Access:OperatorKeys:0", "Access:OperatorKeys")]
    public void Options_ATokenOfCallbacksThatIsAnotherKeyToo_NamesIt(string setting, string others) =>
        Assert.Contains(
            $"Access:CallbackTokens:0: this key is one of {others} too, and a token of callbacks must open nothing else.",
            Failures(new() { ["Models:0:Id"] = "demo", ["Access:CallbackTokens:0"] = "test-key-7b1f-4c0d9e2a", [setting] = "test-key-7b1f-4c0d9e2a" }));

    [Fact]
    public void Options_SeveralCredentials_NamesThem() =>
        Assert.Contains(
            "Models:0:Upstreams:0:ApiKey: set only one of ApiKey, ApiKeySecret and Credential.",
            Failures(new()
            {
                ["Models:0:Id"] = "demo",
                ["Models:0:Upstreams:0:BaseUrl"] = "https://up.example/v1",
                ["Models:0:Upstreams:0:ApiKey"] = "sk-1",
                ["Models:0:Upstreams:0:Credential"] = "entra",
            }));

    [Theory]
    [InlineData("+4930123456", true)]
    [InlineData("110", true)]
    [InlineData("0", true)]
    [InlineData("*31#+4930123456", true)]
    [InlineData("+1-415-555-0100", true)]
    [InlineData("tel:+4930123456;ext=12", true)]
    [InlineData("sip:desk@example.com:5060;transport=tcp", true)]
    [InlineData("sips:+4930@example.com", true)]
    [InlineData("sip:desk", true)]
    [InlineData("desk.night@example.com", true)]
    [InlineData("abc", false)]
    [InlineData("reception", false)]
    [InlineData("+", false)]
    [InlineData("+49abc", false)]
    [InlineData("030 123456", false)]
    [InlineData("49+30", false)]
    [InlineData("@example.com", false)]
    [InlineData("desk@", false)]
    [InlineData("tel:desk", false)]
    [InlineData("+49{{x}}", false)]
    [InlineData("", false)]
    public void Options_NumberOfATransfer_IsOneThatCanBeDialled(string number, bool isOne) => Assert.Equal(
        isOne ? null : "Models:0:Actions:0:Numbers:0: expected a phone number or SIP address without spaces, such as +4930123456 or sip:desk@example.com",
        Record.Exception(() => Bind(new() { ["Models:0:Id"] = "demo", ["Models:0:Actions:0:Name"] = "transfer", ["Models:0:Actions:0:Numbers:0"] = number }))?.Message.Split(", found")[0]);

    // In the place of its index: the name that was written.
    [Theory]
    [InlineData("Apolgy", "a", "Models:night-desk:Apolgy: no such setting; did you mean Models:night-desk:Apology?")]
    [InlineData("StallTimeout", "5", "Models:night-desk:StallTimeout: expected a time such as 2.5s, 800ms or 00:00:02.500, found 5; did you mean 5s?")]
    [InlineData("Responder", "magic", "Models:night-desk:Responder: no such responder, found magic; there are simulated, scripted, upstream.")]
    [InlineData("Filler:Every", "5s", "Models:night-desk:Filler:Every: needs Filler:After (Models:night-desk:Filler:After).")]
    [InlineData("Prompt", "{{name}}", "Models:night-desk:Prompt: line 1, column 1: '{{name}}': there is no value 'name'; did you mean userData.name?")]
    public void Options_FaultOfASettingThatNamesItsModelById_IsToldByThatName(string setting, string value, string failure) => Assert.Contains(
        failure, Failures(new() { ["Models:0:Id"] = "demo", ["Models:1:Id"] = "night-desk", [$"Models:night-desk:{setting}"] = value }));

    [Fact]
    public void Options_BadActions_NamesEachFault()
    {
        var failures = Failures(new()
        {
            ["Models:0:Id"] = "demo",
            ["Models:0:Actions:0:Name"] = "transfer",
            ["Models:0:Actions:0:As"] = "ToolCall",
            ["Models:0:Actions:0:Numbers:0"] = "+49 30",
            ["Models:0:Actions:1:Name"] = "hangup",
            ["Models:0:Actions:1:Function"] = "transfer",
            ["Models:0:Actions:1:Numbers:0"] = "+4930",
        });

        Assert.Equal(
            [
                "Models:0:Actions:0:As: a transfer exists only as Directive.",
                "Models:0:Actions:0:Numbers:0: expected a phone number or SIP address without spaces, such as +4930123456 or sip:desk@example.com, found +49 30.",
                "Models:0:Actions:1:Numbers: only the action transfer has them.",
                "Models:0:Actions:1:Function: another action has this name.",
            ],
            failures);
    }

    [Fact]
    public void Options_NoModels_SaysWhatToSet() =>
        Assert.Contains("Models: configure at least one model (Models:0:Id).", Failures([]));

    [Theory]
    [InlineData("simulated")]
    [InlineData("mine", "mine")]
    public void ModelCatalog_TwoRespondersOfOneName_NamesThem(params string[] names)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Models:0:Id", "demo")]).Build();
        var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration);
        Array.ForEach(names, name => services.AddResponder(name, _ => new GatedChatClient()));
        using var provider = services.BuildServiceProvider();

        var failure = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<ModelCatalog>);

        Assert.Equal([$"AddResponder: the name '{names[0]}' is given to 2 responders."], failure.Failures);
    }

    [Fact]
    public void Options_TwoDefaults_NamesTheSecond() =>
        Assert.Contains(
            "Models:1:Default: another model is the default.",
            Failures(new() { ["Models:0:Id"] = "a", ["Models:0:Default"] = "true", ["Models:1:Id"] = "b", ["Models:1:Default"] = "true" }));

    [Fact]
    public void Options_GoodSettings_AreBound()
    {
        var options = Bind(new()
        {
            ["models:0:id"] = "demo",
            ["Models:0:Simulated:Delay"] = "00:00:00.250",
            ["Models:0:Responder"] = "scripted",
            ["Models:0:Script:0:When"] = "a",
            ["Models:0:Script:0:Say"] = "b",
            ["Access:ApiKeys:0"] = "test-key-7b1f-4c0d9e2a",
            ["Access:ApiKeys:1"] = "other-key-2e8a-91c2b7d4",
            ["Limits:MaxRequestBytes"] = "2048",
            ["Models"] = "a stray value of another program",
        });

        Assert.Equal(["test-key-7b1f-4c0d9e2a", "other-key-2e8a-91c2b7d4"], options.Access.ApiKeys);
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.Models[0].Simulated.Delay);
        Assert.Equal("b", options.Models[0].Script[0].Say);
        Assert.Equal(2048, options.Limits.MaxRequestBytes);
        Assert.Equal(200, options.Limits.MaxMessages);
    }

    private static List<string> Failures(Dictionary<string, string?> settings) =>
        [.. Assert.Throws<OptionsValidationException>(() => Bind(settings)).Failures];

    private static SwitchboardOptions Bind(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<SwitchboardOptions>>().Value;
    }
}
