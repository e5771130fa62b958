using System.Text.Json;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>What the callbacks of IMS add to a transcript: in whatever order, how often and at whichever instance they come.</summary>
public abstract class ImsTranscriptTests(TestTables tables)
{
    private const string Token = "callback-token-2f7d-a0c1";

    // Values are invented; the form is that of https://help.aliyun.com/en/ims/user-guide/agent-callback.
    private static readonly string[] Events =
    [
        """{"aiAgentId":"agent-1","instanceId":"call-1","event":"inbound_call","code":"1001","message":"ok","extendData":{"channelId":"c1","callerNumber":"13812340000","calleeNumber":"02155550000","status":1}}""",
        """{"instanceId":"call-1","event":"chat_record","extendData":{"channelId":"c1","sentenceId":0},"data":{"requestId":"r","dialogues":[{"dialogueId":"d0","producer":"agent","text":"Good morning.","time":1792990382700}]}}""",
        """{"instanceId":"call-1","event":"chat_record","extendData":{"sentenceId":1},"data":{"dialogues":[{"dialogueId":"d1","producer":"user","text":"Hello {{emotion=sad}}","time":1792990401700}]}}""",
        """{"instanceId":"call-1","event":"llm_data_received","timestamp":"2026-10-26T04:53:23Z","extendData":{"sentenceId":"1","requestTimestamp":"2026-10-26T04:53:22.100000+00:00","responseTimestamp":"2026-10-26T12:53:22.436321+08:00"}}""",
        """{"instanceId":"call-1","event":"tts_data_received","extendData":"{\"sentenceId\":1,\"requestTimestamp\":\"2026-10-26T04:53:22.5Z\",\"responseTimestamp\":1792990402700}"}""",
        """{"instanceId":"call-1","event":"tts_data_received","extendData":{"sentenceId":1,"requestTimestamp":"2026-10-26T04:53:24Z","responseTimestamp":"2026-10-26T04:53:25Z"}}""",
        """{"instanceId":"call-1","event":"chat_record","extendData":{"sentenceId":1},"data":{"dialogues":[{"dialogueId":"d2","producer":"agent","text":"Hello","time":1792990403700,"reasoningText":"thought"}]}}""",
        """{"instanceId":"call-1","event":"chat_record","extendData":{"sentenceId":1},"data":"{\"dialogues\":[{\"dialogueId\":\"d2\",\"producer\":\"agent\",\"text\":\"Hello there,\",\"time\":1792990403700}]}"}""",
        """{"instanceId":"call-1","event":"error","code":4010,"message":"LLM error\nline","timestamp":"2026-10-26T04:53:30Z"}""",
        """{"instanceId":"call-1","event":"agent_stop","code":1002,"message":"The user left","timestamp":"2026-10-26T04:53:31Z"}""",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("in order")]
    [InlineData("turned round")]
    [InlineData("each twice")]
    [InlineData("all at once")]
    [InlineData("before the turn")]
    [InlineData("at two instances")]
    public async Task Call_ToldInWhateverWay_ComesOutTheSame(string way)
    {
        await using var host = await StartAsync();
        await using var other = await StartAsync(host.Prefix);
        if (way != "before the turn")
        {
            await host.TurnAsync("call-1", "1");
            await host.StoredAsync(1);
        }

        switch (way)
        {
            case "turned round":
                await TellAllAsync(host, Events.Reverse());
                break;
            case "each twice":
                await TellAllAsync(host, [.. Events, .. Events]);
                break;
            case "all at once":
                await Task.WhenAll(Events.Select(told => TellAsync(host, told)));
                break;
            case "at two instances":
                await Task.WhenAll(Events.Concat(Events).Select((told, index) => TellAsync(index % 2 == 0 ? host : other, told)));
                break;
            default:
                await TellAllAsync(host, Events);
                break;
        }

        await host.ToldAsync(way is "each twice" ? 2 * Events.Length : Events.Length);
        await other.ToldAsync(way is "at two instances" ? Events.Length : 0);
        if (way == "before the turn")
        {
            await host.TurnAsync("call-1", "1");
            await host.StoredAsync(1);
        }

        var call = await ReadAsync(host, "call-1");
        Assert.Equal(
            """[{"event":"error","code":"4010","message":"LLM error line","at":"2026-10-26T04:53:30.000Z"},{"event":"agent_stop","code":"1002","message":"The user left","at":"2026-10-26T04:53:31.000Z"}]""",
            call.GetProperty("endings").GetRawText());
        Assert.Equal(("inbound", "*******0000", "02155550000"), (Text(call, "direction"), Text(call, "callerNumber"), Text(call, "calleeNumber")));
        var turn = Assert.Single(call.GetProperty("turns").EnumerateArray());
        Assert.Equal("Hello there, caller.", Text(turn, "spoken"));
        Assert.Equal(
            """{"sentenceId":"1","heard":"Hello [mark]","heardLength":12,"spoken":"Hello there,","spokenLength":12,"modelAskedAt":"2026-10-26T04:53:22.100Z","modelAnsweredAt":"2026-10-26T04:53:22.436Z","voiceAskedAt":"2026-10-26T04:53:22.500Z","voiceAnsweredAt":"2026-10-26T04:53:22.700Z"}""",
            turn.GetProperty("told").GetRawText());
        var greeting = Assert.Single(call.GetProperty("outsideTurns").EnumerateArray());
        Assert.Equal(("0", "Good morning."), (Text(greeting, "sentenceId"), Text(greeting, "spoken")));
        var listed = Assert.Single(await ListAsync(host));
        Assert.Equal((1, "error"), (listed.GetProperty("turns").GetInt32(), Text(listed.GetProperty("endings")[0], "event")));
    }

    [Fact]
    public async Task Call_WithoutATurn_IsListedWhenItHasEnded()
    {
        await using var host = await StartAsync();
        await TellAllAsync(host, ["""{"instanceId":"call-1","event":"inbound_call","extendData":{"callerNumber":"13812340000"}}"""]);
        await host.ToldAsync(1);
        Assert.Empty(await ListAsync(host));

        await TellAllAsync(host, ["""{"instanceId":"call-1","event":"agent_stop","code":1002}"""]);
        await host.ToldAsync(2);

        var listed = Assert.Single(await ListAsync(host));
        Assert.Equal(("call-1", 0, "no_turn"), (Text(listed, "instanceId"), listed.GetProperty("turns").GetInt32(), Text(listed, "outcome")));
        Assert.Equal(JsonValueKind.Null, listed.GetProperty("key").ValueKind);
        var call = await ReadAsync(host, "call-1");
        Assert.Equal((0, "1002"), (call.GetProperty("turns").GetArrayLength(), Text(call.GetProperty("endings")[0], "code")));
    }

    [Fact]
    public async Task Call_ThatMeansNothing_LeavesNoTrace()
    {
        await using var host = await StartAsync();
        await TellAllAsync(host, ["""{"instanceId":"call-1","event":"agent_start","code":1001}""", """{"instanceId":"call-1","event":"chat_record","data":{"dialogues":[]}}"""]);

        using var response = await host.Operator.GetAsync("/calls/call-1", Cancelled);
        Assert.Equal(404, (int)response.StatusCode);
    }

    [Fact]
    public async Task Call_Deleted_IsForgottenWithWhatThePlatformTold()
    {
        await using var host = await StartAsync();
        await host.TurnAsync("call-1", "1");
        await host.StoredAsync(1);
        await TellAllAsync(host, Events);
        await host.ToldAsync(Events.Length);

        using var deleted = await host.Operator.DeleteAsync("/calls/call-1", Cancelled);
        using var read = await host.Operator.GetAsync("/calls/call-1", Cancelled);

        Assert.Equal((204, 404), ((int)deleted.StatusCode, (int)read.StatusCode));
        Assert.Contains("1 turns", (await host.App.WaitForLogAsync(524)).Message, StringComparison.Ordinal);
        var rig = new StoreRig(await tables.OpenAsync(), host.Prefix);
        Assert.Empty(await rig.Tables.Turns.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await rig.Tables.Days.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancelled).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Call_OlderThanTheRetention_IsSweptWithWhatThePlatformTold()
    {
        var rig = new StoreRig(await tables.OpenAsync());
        await rig.WriteAsync(StoreRig.Turn("call-1", "1"));
        await new CallEventStore(rig.Tables).WriteAsync(
            [new CallEvent { InstanceId = "call-1", SentenceId = "1", ReceivedAt = StoreRig.Start, Lines = [new("d1", true, "Hello", 5, null)], Ending = new("agent_stop", null, null, null) }], Cancelled);

        Assert.Equal(2, await rig.Eraser.EraseBeforeAsync(DateOnly.FromDateTime(StoreRig.Start.UtcDateTime).AddDays(1), 10, Cancelled));

        Assert.Empty(await rig.Tables.Turns.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancelled).ToListAsync(Cancelled));
        Assert.Empty(await rig.Tables.Days.QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancelled).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Call_NumbersMasked_KeepsTheOwnLineAndNoDigitOfACaller()
    {
        await using var host = await StartAsync(null, null, ("Transcripts:Redact", "Numbers"));
        await TellAllAsync(host, ["""{"instanceId":"call-1","event":"inbound_call","extendData":{"callerNumber":"13812340000","calleeNumber":"02155550000"} }"""]);
        await host.ToldAsync(1);

        var call = await ReadAsync(host, "call-1");

        Assert.Equal(("[phone]", "02155550000"), (Text(call, "callerNumber"), Text(call, "calleeNumber")));
    }

    [Fact]
    public async Task Call_Redacted_KeepsLengthsAndNoNumberOfACaller()
    {
        await using var host = await StartAsync(null, null, ("Transcripts:Redact", "true"));
        await host.TurnAsync("call-1", "1");
        await host.StoredAsync(1);
        await TellAllAsync(host, Events);
        await host.ToldAsync(Events.Length);

        var call = await ReadAsync(host, "call-1");

        Assert.Equal((false, "02155550000"), (call.TryGetProperty("callerNumber", out _), Text(call, "calleeNumber")));
        var platform = call.GetProperty("turns")[0].GetProperty("told");
        Assert.Equal((null, 12, null, 12), (Text(platform, "heard"), platform.GetProperty("heardLength").GetInt32(), Text(platform, "spoken"), platform.GetProperty("spokenLength").GetInt32()));
    }

    [Theory]
    [InlineData("inbound_call", "13812340000", "02155550000", "*******0000", "02155550000")]
    [InlineData("outbound_call", "02155550000", "13812340000", "02155550000", "*******0000")]
    [InlineData("inbound_call", "10086", "95", "*****", "95")]
    public async Task Number_OfThePerson_IsCutToItsEnd(string name, string caller, string callee, string shownCaller, string shownCallee)
    {
        await using var host = await StartAsync();
        await TellAllAsync(host, [$$"""{"instanceId":"call-1","event":"{{name}}","extendData":{"callerNumber":"{{caller}}","calleeNumber":"{{callee}}"} }"""]);
        await host.ToldAsync(1);

        var call = await ReadAsync(host, "call-1");
        Assert.Equal((shownCaller, shownCallee), (Text(call, "callerNumber"), Text(call, "calleeNumber")));
    }

    // The words of an id are in no key of the table as they are; what a text has that a table cannot hold is replaced.
    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("\u202ecall")]
    [InlineData("a\0b")]
    [InlineData("你好")]
    [InlineData("call~kevents")]
    public async Task Call_OfAHostileId_IsKeptUnderItsOwn(string id)
    {
        await using var host = await StartAsync();
        var quoted = JsonSerializer.Serialize(id, TextJson.Default.String);
        await host.TurnAsync(id, "s");
        await host.StoredAsync(1);
        await TellAllAsync(host, [$$"""{"instanceId":{{quoted}},"event":"chat_record","extendData":{"sentenceId":"s"},"data":{"dialogues":[{"producer":"agent","text":"\u0000half \ud83d \u202e"}]} }"""]);
        await host.ToldAsync(1);

        var stored = Text(Assert.Single(await ListAsync(host)), "instanceId")!;
        var call = await ReadAsync(host, stored);

        Assert.Equal("\ufffdhalf \ufffd \u202e", Text(Assert.Single(call.GetProperty("turns").EnumerateArray()).GetProperty("told"), "spoken"));
    }

    [Fact]
    public async Task Turn_StillRunningWhenItsCallEnds_IsStoredAsLeft()
    {
        using var responder = new GatedChatClient();
        await using var host = await StartAsync(responder: responder);
        var turn = host.TurnAsync("call-1", "1", model: "fake");
        await responder.Asked.WaitAsync(Cancelled);

        await TellAsync(host, """{"instanceId":"call-1","event":"agent_stop","code":1002}""");
        await turn;
        await host.StoredAsync(1);
        await host.ToldAsync(1);

        var call = await ReadAsync(host, "call-1");
        var stored = Assert.Single(call.GetProperty("turns").EnumerateArray());
        Assert.Equal(("caller_left", true), (Text(stored, "outcome"), stored.GetProperty("cut").GetBoolean()));
        Assert.Equal("agent_stop", Text(Assert.Single(call.GetProperty("endings").EnumerateArray()), "event"));
    }

    [Fact]
    public async Task Lines_MoreThanAreKept_AreTheFirstInWhateverOrder()
    {
        var rig = new StoreRig(await tables.OpenAsync());
        var store = new CallEventStore(rig.Tables);
        var told = Enumerable.Range(0, 40).Select(index => new CallEvent
        {
            InstanceId = "call-1",
            SentenceId = "1",
            ReceivedAt = StoreRig.Start,
            Lines = [new($"d{index}", false, new string('"', SaidLine.MaxText), SaidLine.MaxText, StoreRig.Start.AddSeconds(index))],
        }).Reverse();
        foreach (var events in told.Chunk(CallEventStore.MaxEvents))
        {
            await store.WriteAsync(events, Cancelled);
        }

        var (_, sentences) = (await rig.Reader.ReadEventsAsync("call-1", Cancelled))!.Value;

        Assert.Equal(Enumerable.Range(0, SaidLine.Most).Select(index => $"d{index}"), Assert.Single(sentences).Lines.Select(line => line.Id));
    }

    private async Task<TranscriptHost> StartAsync(string? prefix = null, GatedChatClient? responder = null, params (string Name, string Value)[] settings) => await TranscriptHost.StartAsync(
        await tables.OpenAsync(),
        responder,
        new Dictionary<string, string?>(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))) { ["Access:CallbackTokens:0"] = Token },
        prefix: prefix);

    private static async Task TellAllAsync(TranscriptHost host, IEnumerable<string> events)
    {
        foreach (var told in events)
        {
            await TellAsync(host, told);
        }
    }

    private static async Task TellAsync(TranscriptHost host, string told)
    {
        using var client = host.App.Connect();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Token);
        using var response = await client.PostAsync("/ims/events", Json.Content(told), Cancelled);
        Assert.Equal(200, (int)response.StatusCode);
    }

    private static async Task<JsonElement> ReadAsync(TranscriptHost host, string call)
    {
        using var response = await host.Operator.GetAsync($"/calls/{Uri.EscapeDataString(call)}", Cancelled);
        Assert.Equal(200, (int)response.StatusCode);
        return await Json.ReadAsync(response);
    }

    private static async Task<List<JsonElement>> ListAsync(TranscriptHost host) => [.. (await host.ListAsync()).GetProperty("calls").EnumerateArray()];

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();
}

public sealed class ImsTranscriptInTablesTests(SharedAzurite azurite) : ImsTranscriptTests(azurite);

public sealed class ImsTranscriptInMemoryTests() : ImsTranscriptTests(new TablesInMemory());
