using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using Switchboard.Masks;

namespace Switchboard.Tests.Masks;

/// <summary>Masks on their way: into transcripts and out of traces.</summary>
public abstract class MaskedCallTests(TestTables tables)
{
    private const string Said = "My number is 0176 1234 5678, mail anna@example.com";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Numbers", "My number is [phone], mail [e-mail]", "I call [phone] or 030 901820.", """{"to":"[phone]","order":"4711081512"}""")]
    [InlineData("None", Said, "I call 0176 1234 5678 or 030 901820.", """{"to":"+4917612345678","order":"4711081512"}""")]
    [InlineData("false", Said, "I call 0176 1234 5678 or 030 901820.", """{"to":"+4917612345678","order":"4711081512"}""")]
    [InlineData("All", null, null, null)]
    [InlineData("true", null, null, null)]
    public async Task Turn_Redacted_KeepsWhatItMay(string redact, string? heard, string? spoken, string? arguments)
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder, redact);
        // In pieces that no number is whole in.
        foreach (var piece in new[] { "I call 01", "76 12", "34 5678 or 030 ", "901820." })
        {
            responder.Say(piece);
        }

        responder.Yield(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("call_1", "send", new Dictionary<string, object?> { ["to"] = "+4917612345678", ["order"] = "4711081512" })]));
        responder.End();
        const string Tool = ""","tools":[{"type":"function","function":{"name":"send","parameters":{"type":"object"}}}],"extendData":{"instanceId":"call","sentenceId":"1"}""";
        using var response = await host.App.PostAsync(Json.Request("fake", Said, stream: true, Tool));
        Assert.Contains("34 5678", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        var turn = await host.OnlyTurnAsync("call");

        Assert.Equal((heard, spoken), (turn.GetProperty("heard").GetString(), turn.GetProperty("spoken").GetString()));
        Assert.Equal(Said.Length, turn.GetProperty("heardLength").GetInt32());
        Assert.Equal(arguments, turn.GetProperty("actions")[0].GetProperty("arguments").GetString());
    }

    [Theory]
    [InlineData("Numbers", true, false)]
    [InlineData("None", true, true)]
    [InlineData("All", false, false)]
    public async Task Trace_WithContent_IsMaskedAsTranscriptsAre(string redact, bool hasWords, bool hasNumbers)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?>(collector.Settings)
        {
            ["Telemetry:MessageContent"] = "true",
            ["Transcripts:Redact"] = redact,
            ["Models:0:Simulated:Text"] = "Then I call 0176 1234 5678.",
        });
        using var response = await host.PostAsync(Json.Request(said: "caller-words, 电话１３８００１３８０００, anna@example.com"));
        await response.Content.ReadAsStringAsync(Cancelled);
        await host.WaitForTurnEndAsync();

        Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000));

        var traces = collector.Received("/v1/traces");
        Assert.Contains("gen_ai.operation.name", traces, StringComparison.Ordinal);
        Assert.Equal(hasWords, traces.Contains("caller-words", StringComparison.Ordinal));
        Assert.All(["1234 5678", "anna@", "８０００"], number => Assert.Equal(hasNumbers, traces.Contains(number, StringComparison.Ordinal)));
    }

    [Fact]
    public void Mask_OfACallOfTheSettings_LetsOwnNumbersStay()
    {
        var mask = new NumberMask(["+49 30 901820"]).Of("+49 176 12345678", "+4989123456");

        Assert.Equal("""{"number":"+4930901820","caller":"+4989123456","callback":"[phone]"}""", MaskedJson.Of(mask, """{"number":"+4930901820","caller":"+4989123456","callback":"+4917612345678"}"""));
    }

    [Theory]
    [InlineData("None", false)]
    [InlineData("All", false)]
    [InlineData("Numbers", true)]
    public async Task Start_Redact_DecidesWhetherTheBookOfNumbersIsThere(string redact, bool isThere)
    {
        await using var host = await StartAsync(null, redact);

        Assert.Equal(isThere, host.App.Services.GetService<NumberMask>() is not null);
    }

    private async Task<TranscriptHost> StartAsync(IChatClient? responder, string redact) => await TranscriptHost.StartAsync(
        await tables.OpenAsync(),
        responder,
        new Dictionary<string, string?>
        {
            ["Transcripts:Redact"] = redact,
            ["Models:0:Actions:0:Name"] = "transfer",
            ["Models:0:Actions:0:Numbers:0"] = "+4930901820",
        });
}

public sealed class MaskedCallInTablesTests(SharedAzurite azurite) : MaskedCallTests(azurite);

public sealed class MaskedCallInMemoryTests() : MaskedCallTests(new TablesInMemory());
