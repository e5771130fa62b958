using System.Text.Json.Nodes;
using Caller.Platform;
using Caller.Tests.Servers;
using Caller.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Caller.Tests.Platform;

/// <summary>The second turn of a call as each platform sends it: the address, the headers beside the usual ones, the names of the tools offered, and the body without them.</summary>
public sealed class PlatformRequestTests
{
    private static readonly string[] Usual = ["accept", "content-type", "content-length", "host", "x-call"];
    private static readonly string[] Offers = ["tools", "functions"];

    public static TheoryData<string, string, string, string, string> Requests => new()
    {
        {
            "ims", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234",
            "",
            """{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"model":"front-desk","stream":true,"extendData":{"instanceId":"call-9","channelId":"room-8","sentenceId":2,"userData":"{\"room\":\"1204\"}","callerNumber":"+14155550100","calleeNumber":"+14155550199"}}"""
        },
        {
            "vapi", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | user-agent: OpenAI/JS 4.104.0 | x-stainless-retry-count: 0 | x-stainless-timeout: 600000",
            "endCall transferCall lookup_room",
            """{"model":"front-desk","messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"assistant","content":"Hello!"},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"temperature":0,"max_tokens":250,"stream":true,"tools":[],"call":{"id":"call-9","orgId":"org-7","type":"inboundPhoneCall","monitor":{"listenUrl":"wss://voice.example/listen","controlUrl":"https://voice.example/control"},"customer":{"number":"+14155550100"},"phoneNumber":{"number":"+14155550199"},"assistantOverrides":{"variableValues":{"room":"1204"},"metadata":{}}},"phoneNumber":{"number":"+14155550199"},"customer":{"number":"+14155550100"},"assistant":{"id":"assistant-3"},"metadata":{"numUserTurns":2,"numAssistantTurns":2,"numModelRequestInTurn":0,"assistantTurnInterrupted":false},"timestamp":1793364676946}"""
        },
        {
            "elevenlabs", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234",
            "end_call transfer_to_number skip_turn",
            """{"model":"front-desk","stream":true,"temperature":0,"max_tokens":1024,"user_id":"guest-1204","elevenlabs_extra_body":{"room":"1204"},"messages":[{"role":"system","content":"You answer the hotel phone. CALL_ID=conv_call-9 CALLER=+14155550100 CALLED=+14155550199"},{"role":"assistant","content":"Hello!"},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"tools":[]}"""
        },
        {
            "livekit", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | user-agent: LiveKit Agents/1.6.4 (python 3.12.1) | x-livekit-agent-id: A_1a | x-livekit-job-id: AJ_93f | x-livekit-room-id: call-9 | x-livekit-session-id: call-9-2.0.0 | x-stainless-read-timeout: 10.0 | x-stainless-retry-count: 0",
            "lookup_room end_call",
            """{"model":"front-desk","messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"stream":true,"stream_options":{"include_usage":true},"metadata":{"room":"1204"},"tools":[]}"""
        },
        {
            "liveavatar", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | user-agent: LiveKit Agents/1.6.4 (python 3.12.1) | x-livekit-agent-id: A_1a | x-livekit-job-id: AJ_93f | x-livekit-room-id: call-9 | x-livekit-session-id: call-9-2.0.0 | x-stainless-read-timeout: 10.0 | x-stainless-retry-count: 0",
            "",
            """{"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"assistant","content":"Hello!"},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"model":"front-desk","stream":true,"stream_options":{"include_usage":true},"temperature":0.5}"""
        },
        {
            "pipecat", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | user-agent: AsyncOpenAI/Python 2.8.1 | x-stainless-read-timeout: 600 | x-stainless-retry-count: 0",
            "lookup_room end_call",
            """{"model":"front-desk","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"tools":[],"tool_choice":"auto"}"""
        },
        {
            "trtc", "/v1/x?call=call-9",
            "authorization: Bearer key-1234 | x-request-id: call-9-2.0 | x-room-id-type: 1 | x-room-id: room-8 | x-sdk-app-id: 1400000001 | x-task-id: call-9 | x-user-id: u7",
            "",
            """{"model":"front-desk","stream":true,"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"1204"}],"MetaInfo":{"room":"1204"}}"""
        },
        {
            "volcengine", "/v1/x?call=call-9",
            "authorization: Bearer key-1234",
            "",
            """{"model":"front-desk","stream":true,"temperature":0.1,"top_p":0.3,"max_tokens":1024,"round_id":2,"custom":"{\"call\":\"call-9\",\"room\":\"1204\"}","call":"call-9","room":"1204","messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}]}"""
        },
        {
            "agora", "/v1/x?call=call-9",
            "authorization: Bearer key-1234",
            "",
            """{"model":"front-desk","stream":true,"context":{"appId":"app-5","userId":"1001","channel":"call-9","presence":{"1001":{"room":"1204"}}},"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi","turn_id":0,"timestamp":1793364676946,"metadata":{"source":"asr","user":"1001"}},{"role":"assistant","content":"Which room?","turn_id":0,"timestamp":1793364676946,"metadata":{"source":"llm"}},{"role":"user","content":"1204","turn_id":1,"timestamp":1793364676946,"metadata":{"source":"asr","user":"1001"}}]}"""
        },
        {
            "zego", "/v1/x?call=call-9",
            "authorization: Bearer key-1234",
            "",
            """{"model":"front-desk","stream":true,"temperature":0.7,"top_p":0.9,"max_tokens":4096,"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"agent_info":{"room_id":"room-8","agent_instance_id":"call-9","agent_user_id":"bot","user_id":"u7","round_id":2,"time_stamp":1793364676946},"agent_extra_info":{"room":"1204"}}"""
        },
        {
            "cartesia", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | idempotency-key: call-9-2.0",
            "end_call transfer_to_number",
            """{"model":"front-desk","stream":true,"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"tools":[]}"""
        },
        {
            "deepgram", "/v1/x?call=call-9",
            "authorization: Bearer key-1234",
            "lookup_room end_call",
            """{"model":"front-desk","stream":true,"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"tools":[]}"""
        },
        {
            "telnyx", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234",
            "hangup transfer",
            """{"model":"front-desk","stream":true,"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"tools":[],"extra_metadata":{"telnyx_end_user_target":"+14155550100","telnyx_agent_target":"+14155550199","telnyx_conversation_channel":"phone_call","call_control_id":"call-9","room":"1204"}}"""
        },
        {
            "fishaudio", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234",
            "_hang_up_call _transfer_call",
            """{"model":"front-desk","stream":true,"session_id":"call-9","user_id":"{\"room\":\"1204\"}","messages":[{"role":"system","content":"You answer the hotel phone. The caller's number is +14155550100, the number called +14155550199."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"tools":[]}"""
        },
        {
            "d-id", "/v1/x?call=call-9",
            "content-encoding: br | x-api-key: key-1234 | x-did-agent-id: v2_agt_5k | x-did-distinct-id: call-9",
            "",
            """{"messages":[{"role":"user","content":"Hi","created_at":"2026-10-30T12:51:16.946Z"},{"role":"assistant","content":"Which room?","created_at":"2026-10-30T12:51:16.946Z"},{"role":"user","content":"1204","created_at":"2026-10-30T12:51:16.946Z"}],"options":{"room":"1204"},"stream":true}"""
        },
        {
            "bolna", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | user-agent: AsyncOpenAI/Python 2.8.1 | x-stainless-read-timeout: 600 | x-stainless-retry-count: 0",
            "lookup_room end_call transfer_call_desk",
            """{"model":"front-desk","max_tokens":100,"temperature":0.1,"service_tier":"default","response_format":{"type":"text"},"messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"stream":true,"stream_options":{"include_usage":true},"stop":["User:"],"tools":[],"tool_choice":"auto","parallel_tool_calls":false}"""
        },
        {
            "vocode", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | user-agent: AsyncOpenAI/Python 2.8.1 | x-stainless-read-timeout: 600 | x-stainless-retry-count: 0",
            "lookup action_end_conversation",
            """{"model":"front-desk","messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"max_tokens":256,"temperature":1.0,"stream":true,"functions":[]}"""
        },
        {
            "openai", "/v1/x/chat/completions?call=call-9",
            "authorization: Bearer key-1234 | user-agent: AsyncOpenAI/Python 2.8.1 | x-stainless-read-timeout: 600 | x-stainless-retry-count: 0",
            "",
            """{"model":"front-desk","messages":[{"role":"system","content":"You answer the hotel phone."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Which room?"},{"role":"user","content":"1204"}],"stream":true}"""
        },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task SendAsync_SecondTurn_IsThePlatformsOwnRequest(string name, string target, string headers, string tools, string body)
    {
        await using var server = await CannedServer.StartAsync(Canned.Says("Hi."));

        var seen = await SecondTurnAsync(server, name);

        Assert.Equal($"POST {target}", $"{seen.Method} {seen.Target}");
        Assert.Equal(headers.Split(" | "), seen.Headers.Where(header => !Usual.Contains(header.Key)).Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("call-9", seen.Header("X-Call"));
        var sent = seen.Body;
        Assert.Equal(tools, string.Join(' ', (sent["tools"] ?? sent["functions"] ?? new JsonArray()).AsArray().Select(tool => (tool!["function"] ?? tool)["name"])));
        foreach (var field in Offers.Where(sent.ContainsKey))
        {
            sent[field] = new JsonArray();
        }

        Assert.Equal(body, TurnBody.Text(sent));
    }

    [Fact]
    public void Requests_EveryPlatform_HasARow() => Assert.Equal(VoicePlatforms.All.Select(platform => platform.Name), Requests.Select(row => row.Data.Item1));

    [Theory]
    [InlineData("vapi", "\"number\"")]
    [InlineData("telnyx", "telnyx_")]
    [InlineData("agora", "presence")]
    [InlineData("zego", "agent_extra_info")]
    [InlineData("trtc", "MetaInfo")]
    [InlineData("elevenlabs", "elevenlabs_extra_body")]
    [InlineData("livekit", "metadata")]
    public void Ask_CallWithoutNumbersAndUserData_LeavesTheirFieldsOut(string name, string field)
    {
        var conversation = new Conversation(VoicePlatforms.Find(name)!, new CallFacts("front-desk", "call-9"), historySync: false);

        Assert.DoesNotContain(field, conversation.Ask("Hi").Text.Replace("telnyx_conversation_channel", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telnyx", """{"room":1,"room":2}""", "\"room\":2")]
    [InlineData("telnyx", "plain words", "\"call_control_id\":\"call-9\"}")]
    [InlineData("volcengine", "plain words", "\"custom\":\"{\\\"call\\\":\\\"call-9\\\"}\"")]
    [InlineData("zego", "plain words", "\"agent_extra_info\":\"plain words\"")]
    [InlineData("zego", "[1]", "\"agent_extra_info\":[1]")]
    [InlineData("zego", "\"\\ud83d\"", "\"agent_extra_info\":\"\uFFFD\"")]
    [InlineData("fishaudio", "guest-1204", "\"user_id\":\"guest-1204\"")]
    [InlineData("vapi", """{"greeting":"{call}"}""", "\"greeting\":\"{call}\"")]
    public void Ask_UserDataOfAnyShape_IsSentAsItCanBe(string name, string userData, string sent)
    {
        var conversation = new Conversation(VoicePlatforms.Find(name)!, new CallFacts("front-desk", "call-9") { UserData = userData }, historySync: false);

        Assert.Contains(sent, conversation.Ask("Hi {call}").Text, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"Hi {call}\"", conversation.Ask("Hi {call}").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Interrupted_Agora_AnnotatesWhatWasHeardAndWhatWasNot()
    {
        var conversation = new Conversation(VoicePlatforms.Find("agora")!, new CallFacts("front-desk", "call-9"), historySync: false, new FakeTimeProvider());
        conversation.Ask("Hi");

        conversation.Interrupted("We have two rooms left.", "We have two ");

        Assert.Contains("""{"role":"assistant","content":"We have two ","turn_id":0,""", conversation.Ask("Which?").Text, StringComparison.Ordinal);
        Assert.Contains("\"interrupted\":true,\"interrupt_timestamp\":946684800000,\"original\":\"We have two rooms left.\"}", conversation.Ask("Which?").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("livekit", "We have two ")]
    [InlineData("vapi", "We have two ")]
    public void Interrupted_OtherPlatforms_KeepWhatWasHeardWithoutAMark(string name, string kept)
    {
        var conversation = new Conversation(VoicePlatforms.Find(name)!, new CallFacts("front-desk", "call-9"), historySync: false);
        conversation.Ask("Hi");

        conversation.Interrupted("We have two rooms left.", "We have two ");

        Assert.Equal(ChatRecord.Assistant(kept), conversation.Last);
    }

    private static async Task<SeenRequest> SecondTurnAsync(CannedServer server, string name)
    {
        var platform = VoicePlatforms.Find(name)!;
        Assert.True(Caller.Wire.Endpoint.TryCreate(server.Address + "/v1/x", ["call={call}"], out var endpoint, out var error, platform.FullUrl), error);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 10, 30, 12, 51, 16, 946, TimeSpan.Zero));
        var call = new CallFacts("front-desk", "call-9", "room-8")
        {
            Caller = "+14155550100",
            Callee = "+14155550199",
            UserData = """{"room":"1204"}""",
            Key = "key-1234",
            Headers = ["X-Call={call}"],
        };
        var conversation = new Conversation(platform, call, historySync: false, clock);
        conversation.Ask("Hi");
        conversation.Answered("Which room?");
        var request = conversation.Ask("1204");
        var sender = new TurnSender(new PlatformClient(TestClients.Factory, endpoint, TimeProvider.System), platform, TimeProvider.System);
        await sender.SendAsync(request, new ExchangeLimits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2)), _ => true, (_, _) => { }, TestContext.Current.CancellationToken);
        return Assert.Single(server.Seen);
    }
}
