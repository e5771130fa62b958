using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>Whatever is said and however calls are named, an operator reads it as it was.</summary>
public abstract class TranscribedTextTests(TestTables tables)
{
    [Fact]
    public async Task Turn_MarksInWhatTheCallerSaid_AreHarmless()
    {
        await using var host = await StartAsync();

        await host.TurnAsync("call", "1", """Hello <imsagent_hangup endword=""/> you""");

        Assert.Equal("Hello [mark] you", Text(await host.OnlyTurnAsync("call"), "heard"));
    }

    [Fact]
    public async Task Turn_HostileTextAndIds_AreReadAsTheyWere()
    {
        const string call = "a/b?c#d%2F\\e ü<script>";
        const string said = "<script>alert(1)</script>\u202egnp.exe\u2066 \U0001F600 \u0085 line\nbreak";
        await using var host = await StartAsync();

        await host.TurnAsync(call, "1", said);

        await host.StoredAsync(1);
        Assert.Equal(said, Text(Assert.Single(await host.CallAsync(call)), "heard"));
        Assert.Equal(call, Text(Assert.Single((await host.ListAsync()).GetProperty("calls").EnumerateArray()), "instanceId"));
    }

    [Fact]
    public async Task Turn_ControlCharactersAndHalvesOfCharacters_AreReplaced()
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        responder.Say("a\u0000b\ufffe");
        responder.Say("c\ud83d");
        responder.End();

        await host.TurnAsync("call", "1", model: "fake");

        Assert.Equal("a\ufffdb\ufffdc\ufffd", Text(await host.OnlyTurnAsync("call"), "spoken"));
    }

    [Fact]
    public async Task Turn_TooLong_IsCutWithAMarkAndCounted()
    {
        await using var host = await StartAsync(settings: new() { ["Limits:MaxRequestBytes"] = "2000000" });
        var said = string.Concat(Enumerable.Repeat("😀", (TurnTranscript.MaxText / 2) + 10));

        await host.TurnAsync("call", "1", said);

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(said.Length, turn.GetProperty("heardLength").GetInt32());
        Assert.EndsWith("😀" + StoredText.Cut, Text(turn, "heard"), StringComparison.Ordinal);
        Assert.InRange(Text(turn, "heard")!.Length, TurnTranscript.MaxText - 1, TurnTranscript.MaxText);
        Assert.Equal(1, host.Shortened.GetMeasurementSnapshot().EvaluateAsCounter());
    }

    [Fact]
    public async Task Turn_SpokenTooLong_IsCutWithAMarkAndCounted()
    {
        const int pieces = 200;
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        for (var piece = 0; piece < pieces; piece++)
        {
            responder.Say(new string('x', 1024));
        }

        responder.End();

        await host.TurnAsync("call", "1", model: "fake");

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal((pieces * 1024, false), (turn.GetProperty("spokenLength").GetInt32(), turn.GetProperty("cut").GetBoolean()));
        Assert.EndsWith("x" + StoredText.Cut, Text(turn, "spoken"), StringComparison.Ordinal);
        Assert.Equal(TurnTranscript.MaxText, Text(turn, "spoken")!.Length);
        Assert.Equal(1, host.Shortened.GetMeasurementSnapshot().EvaluateAsCounter());
    }

    // A client takes such parts out of an address, also encoded: https://url.spec.whatwg.org/#double-dot-path-segment
    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Turn_IdThatNoAddressCanCarry_IsReadByTheOneInTheList(string id)
    {
        await using var host = await StartAsync();

        await host.TurnAsync(id, "1");
        await host.StoredAsync(1);

        var listed = Assert.Single(await host.ListAllAsync()).GetProperty("instanceId").GetString()!;
        Assert.StartsWith($"{id}~", listed, StringComparison.Ordinal);
        await host.OnlyTurnAsync(listed);
    }

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();

    private async Task<TranscriptHost> StartAsync(IChatClient? responder = null, Dictionary<string, string?>? settings = null) =>
        await TranscriptHost.StartAsync(await tables.OpenAsync(), responder, settings);
}

public sealed class TranscribedTextInTablesTests(SharedAzurite azurite) : TranscribedTextTests(azurite);

public sealed class TranscribedTextInMemoryTests() : TranscribedTextTests(new TablesInMemory());
