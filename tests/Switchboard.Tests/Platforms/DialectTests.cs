using System.Text;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Tests.Platforms;

/// <summary>Which platform a request is recognised as, and what is read of its call.</summary>
public sealed class DialectTests
{
    private const string Said = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private static readonly Dictionary<string, CallContext> Documented = new()
    {
        ["ims"] = new()
        {
            InstanceId = "5d1c07e2a9b44f",
            ChannelId = "ch-77",
            SentenceId = "4",
            CallerNumber = "13812340000",
            CalleeNumber = "02155550000",
            UserData = """{"room":"1204"}""",
        },
        ["vapi"] = new()
        {
            InstanceId = "0b6f2a41-77d0",
            CallerNumber = "+14155550100",
            CalleeNumber = "+14155550199",
            UserData = """{"room":"1204"}""",
            AgentId = "as-12",
            Direction = "inbound",
        },
        ["elevenlabs"] = new() { InstanceId = "conv_01h7", CallerNumber = "+14155550100", UserData = """{"session":"s-88"}""", UserId = "guest-1204" },
        ["livekit"] = new() { InstanceId = "RM_x7Kd2", AgentId = "A_1a" },
        ["trtc"] = new()
        {
            InstanceId = "task-5f",
            SentenceId = "req-91",
            UserData = """{"tenant":"blue"}""",
            TaskId = "task-5f",
            RoomId = "8801",
            UserId = "u7",
            AppId = "1400000001",
        },
        ["volcengine"] = new() { InstanceId = "c-9", SentenceId = "4", UserData = """{"call":"c-9"}""" },
        ["agora"] = new()
        {
            InstanceId = "room-8",
            ChannelId = "room-8",
            SentenceId = "3",
            UserData = """{"1001":{"page":"offers"}}""",
            UserId = "1001",
            AppId = "app-6",
        },
        ["zego"] = new() { InstanceId = "1912405", SentenceId = "4", UserData = """{"tenant":"blue"}""", RoomId = "r8", UserId = "u7", AgentId = "bot" },
        ["cartesia"] = new() { SentenceId = "7b1e-1" },
        ["telnyx"] = new()
        {
            InstanceId = "v3:u5OA",
            CallerNumber = "+13125550123",
            CalleeNumber = "+13125550100",
            UserData = """{"telnyx_conversation_channel":"phone_call","tenant":"blue"}""",
        },
        ["fishaudio"] = new() { InstanceId = "ses_41", UserId = "guest-1204" },
        ["d-id"] = new() { InstanceId = "person-3", UserData = """{"description":"The hotel."}""", UserId = "person-3", AgentId = "v2_agt_5c" },
        ["bolna"] = new(),
        ["vocode"] = new(),
        // These two are nobody's unless the settings say so.
        ["pipecat"] = new(),
        ["deepgram"] = new(),
    };

    public static TheoryData<int> All => [.. Enumerable.Range(0, PlatformRequests.All.Count)];

    /// <summary>Further requests of each platform: fields that are missing, in the other place, or of the other type.</summary>
    public static TheoryData<string, string, string> Variants => new()
    {
        { "ims sentence as text", """{"extendData":{"instanceId":"i","sentenceId":"4"}}""", "ims i 4" },
        { "ims nothing in it", """{"extendData":{}}""", "ims" },
        { "vapi outbound", """{"call":{"id":"c","type":"outboundPhoneCall","customer":{"number":"+1"},"phoneNumber":{"number":"+2"}}}""", "vapi c - +2>+1 - outbound" },
        { "vapi on the web", """{"call":{"id":"c","type":"webCall"},"assistant":{}}""", "vapi c - - - web" },
        { "vapi numbers of the request", """{"call":{"id":"c","orgId":"o"},"customer":{"number":14155550100},"phoneNumber":{"number":"+2"}}""", "vapi c - 14155550100>+2" },
        { "vapi number as id", """{"call":{"id":7},"customer":{"number":"+1"}}""", "vapi 7 - +1>" },
        { "vapi of 2024", """{"call":{"callId":"c","type":"inboundPhoneCall"}}""", "vapi c - - - inbound" },
        { "vapi metadata of the overrides", """{"call":{"id":"c","assistantOverrides":{"variableValues":{},"metadata":{"a":1}}},"metadata":{"b":2}}""", """vapi c - - {"a":1}""" },
        { "vapi metadata", """{"call":{"id":"c"},"metadata":{"a":1}}""", """vapi c - - {"a":1}""" },
        { "elevenlabs by its tools", """{"tools":[{"type":"function","function":{"name":"end_call","parameters":{"type":"object","properties":{"system__message_to_speak":{"type":"string"}}}}}]}""", "elevenlabs" },
        { "elevenlabs without a prompt", """{"elevenlabs_extra_body":{"session":"s"},"user_id":9}""", """elevenlabs - - - {"session":"s"} - 9""" },
        { "agora without context", """{"messages":[{"role":"user","content":"a","turn_id":0,"timestamp":1},{"role":"assistant","content":"b","turn_id":0,"timestamp":2}]}""", "agora - 0" },
        { "agora without turns", """{"context":{"appId":"a","userId":7,"channel":"room"},"messages":[{"role":"user","content":"a"}]}""", "agora room - - - - 7" },
        { "zego with a number", """{"agent_info":{"agent_instance_id":19,"round_id":"4"}}""", "zego 19 4" },
        { "telnyx on the web", """{"extra_metadata":{"telnyx_conversation_channel":"web_call"}}""", """telnyx - - - {"telnyx_conversation_channel":"web_call"} web""" },
        { "telnyx with nothing else", """{"extra_metadata":{"call_control_id":"v3:1"}}""", "telnyx v3:1" },
        { "volcengine as number and text", """{"round_id":"5","custom":"{\"callId\":6}"}""", """volcengine 6 5 - {"callId":6}""" },
        { "volcengine at the top", """{"round_id":5,"session_id":"s"}""", "volcengine s 5" },
        { "volcengine custom alone", """{"custom":"{\"session_id\":\"s\"}"}""", """volcengine s - - {"session_id":"s"}""" },
        { "volcengine custom that is no JSON", """{"round_id":5,"custom":"{oops"}""", "volcengine - 5 - {oops" },
        { "volcengine custom with half a character", """{"round_id":5,"custom":"{\"call\":\"\\ud83d\"}"}""", "volcengine - 5 - {\"call\":\"\\ud83d\"}" },
        { "fishaudio without a person", """{"session_id":"sess_01j9"}""", "fishaudio sess_01j9" },
        { "fishaudio with numbers in the prompt", """{"session_id":"sess_01j9","messages":[{"role":"system","content":"CALLER=+1 CALLED=2 You answer."},{"role":"user","content":"CALLER=+9"}]}""", "fishaudio sess_01j9 - +1>2" },
        { "fishaudio with its extra body", """{"session_id":"x","fishaudio_extra_body":{"chat":"9"}}""", """fishaudio x - - {"chat":"9"}""" },
        { "bolna that says the run", """{"stop":["User:"],"service_tier":"default","response_format":{"type":"text"},"user":"run-1#7"}""", "bolna run-1 7" },
        { "bolna without a stop", """{"service_tier":"default","response_format":{"type":"text"},"user":"run-1#7"}""", "bolna run-1 7" },
        { "bolna without a run", """{"stop":["User:"],"service_tier":"default","response_format":{"type":"text"},"user":"None#None"}""", "bolna" },
        { "a name with an escape", """{"ex\u0074endData":{"instanceId":"i"}}""", "ims i" },
        { "ims before all others", """{"extendData":{"instanceId":"i"},"call":{"id":"c"},"customer":{"number":"+1"},"round_id":1,"session_id":"ses_1"}""", "ims i" },
    };

    /// <summary>Bodies that have something of a platform and are none of its.</summary>
    public static TheoryData<string, string> LookAlikes => new()
    {
        { "a plain client", """{"metadata":{"tenant":"blue"},"user":"u-1","temperature":0}""" },
        { "a session", """{"session_id":"s-1"}""" },
        { "a person", """{"user_id":"u-1"}""" },
        { "a call by its name", """{"call":"c-1","metadata":{"a":1}}""" },
        { "a call of one's own", """{"call":{"id":"c-1"}}""" },
        { "a call that has no id", """{"call":{"type":"inboundPhoneCall"},"assistant":{"id":"a"}}""" },
        { "a call whose id is none", """{"call":{"id":{}},"assistant":{"id":"a"}}""" },
        { "an assistant", """{"assistant":{"id":"a"},"customer":{"number":"+1"}}""" },
        { "a context", """{"context":{"page":"offers"}}""" },
        { "a context of text", """{"context":"room-8"}""" },
        { "a channel alone", """{"context":{"channel":"web"}}""" },
        { "a turn on a message", """{"messages":[{"role":"user","content":"a","turn_id":3}]}""" },
        { "further metadata", """{"extra_metadata":{"tenant":"blue"}}""" },
        { "an agent", """{"agent_info":{"name":"Ann"}}""" },
        { "custom text", """{"custom":"blue"}""" },
        { "a custom object", """{"custom":{"call":"c-9"}}""" },
        { "old functions", """{"functions":[{"name":"lookup"}]}""" },
        { "a stop of Bolna's", """{"stop":["User:"]}""" },
        { "other stops", """{"stop":["User:","Bot:"],"service_tier":"default","response_format":{"type":"text"}}""" },
        { "options and MetaInfo", """{"options":{"description":"x"},"MetaInfo":{"a":1}}""" },
        { "a tool that speaks of the system", """{"tools":[{"type":"function","function":{"name":"f","description":"Writes \"system__x\" down."}}]}""" },
        { "null everywhere", """{"extendData":null,"call":null,"context":null,"agent_info":null,"extra_metadata":null,"round_id":null,"custom":null,"session_id":null,"elevenlabs_extra_body":null}""" },
    };

    /// <summary>Fields of a recognised platform that have another type than they should.</summary>
    public static TheoryData<string, string> WrongTypes => new()
    {
        { """{"call":{"id":"c","orgId":"o","customer":"anna","phoneNumber":7,"assistantOverrides":[],"type":[]},"metadata":"m","assistant":5}""", "vapi c" },
        { """{"agent_info":{"agent_instance_id":"i","round_id":{},"user_id":[],"room_id":true},"agent_extra_info":null}""", "zego i" },
        { """{"extra_metadata":{"call_control_id":"v","telnyx_end_user_target":[1],"telnyx_agent_target":{}}}""", "telnyx v" },
        { """{"context":{"appId":{},"userId":true,"channel":"r","presence":{}},"messages":[{"role":"user","content":"a","turn_id":[]}]}""", "agora r" },
        { """{"context":{"appId":"a","channel":"r","presence":{}},"messages":"none"}""", "agora r" },
        { """{"round_id":4,"custom":5,"call":{}}""", "volcengine - 4 - 5" },
        { """{"elevenlabs_extra_body":{},"user_id":{},"messages":7}""", "elevenlabs" },
        { """{"session_id":5,"user_id":"u","fishaudio_extra_body":[]}""", "fishaudio 5 - - [] - u" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Read_DocumentedRequest_SaysTheCall(int index)
    {
        var request = PlatformRequests.All[index];

        Assert.Equal(Expected(request), Read(request));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_DocumentedRequestOfAFixedPlatform_SaysTheCall(int index)
    {
        var request = PlatformRequests.All[index];
        Assert.True(Dialects.TryFind(request.Platform, out var dialect));

        Assert.Equal(Documented[request.Platform] with { Platform = request.Platform }, Read(request, dialect));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Next_OfEachRequest_GoesOnInTheCall(int index)
    {
        var first = PlatformRequests.All[index];
        Assert.True(Dialects.TryFind(first.Platform, out var dialect));
        var (call, next) = (Read(first, dialect), Read(first.Next("Until ten.", "Thanks."), dialect));

        Assert.Equal(call.InstanceId, next.InstanceId);
        Assert.Equal(call.SentenceId is null, next.SentenceId is null);
        Assert.True(call.SentenceId is null || call.SentenceId != next.SentenceId);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Read_Variant_SaysTheCall(string about, string body, string call) => Assert.True(call == Line(Read(body)), $"{about}: {Line(Read(body))}");

    [Theory]
    [MemberData(nameof(LookAlikes))]
    public void Read_LookAlike_IsNoPlatform(string about, string body) => Assert.True(new CallContext() == Read(body), about);

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public void Read_WrongTypes_ArePassedOver(string body, string call) => Assert.Equal(call, Line(Read(body)));

    [Theory]
    [InlineData("", "X-LiveKit-Job-ID: AJ_1", "livekit AJ_1")]
    [InlineData("", "x-livekit-room-id: RM_1; X-LiveKit-Job-ID: AJ_1; X-LiveKit-Worker-Token: t", "livekit RM_1")]
    [InlineData("\"extra_metadata\":{\"call_control_id\":\"v\"},\"metadata\":{\"a\":1},\"user\":\"u\"", "X-LiveKit-Room-ID: RM_1", "livekit RM_1 - - {\"a\":1} - u")]
    [InlineData("", "X-Task-Id: t; X-Sdk-App-Id: 1; X-Rquest-Id: r", "trtc t r")]
    [InlineData("", "X-Task-Id: t; X-Rquest-Id: r", "trtc t r")]
    [InlineData("", "X-Task-Id: t; X-Request-Id: r", "")]
    [InlineData("", "X-Request-Id: r", "")]
    [InlineData("", "X-User-Id: u; X-Sdk-App-Id: 1", "")]
    [InlineData("\"user\":\"u\"", "X-DID-AGENT-ID: a", "d-id u - - - - u")]
    [InlineData("", "X-DID-DISTINCT-ID: p", "d-id p - - - - p")]
    [InlineData("\"user\":\"u\"", "x-api-key: k", "")]
    [InlineData("\"stream\":true", "Idempotency-Key: k", "cartesia - k")]
    [InlineData("", "Idempotency-Key: k", "")]
    [InlineData("\"stream\":true", "Idempotency-Key: k; x-stainless-retry-count: 0", "")]
    [InlineData("\"stream\":true,\"round_id\":4", "Idempotency-Key: k", "volcengine - 4")]
    [InlineData("\"stream\":true,\"session_id\":\"ses_1\"", "Idempotency-Key: k", "fishaudio ses_1")]
    public void Read_Headers_SayThePlatform(string fields, string headers, string call)
    {
        var request = new PlatformRequest("", $"{{{fields}}}", [.. headers.Split("; ").Select(header => header.Split(": ")).Select(header => (header[0], header[1]))]);

        Assert.Equal(call, Line(Read(request)));
    }

    [Theory]
    [InlineData("Line one.\\nCALL_ID=conv_1\\nCALLER=+49301234", "conv_1", "+49301234")]
    [InlineData("CALL_ID=conv_1. CALLER=anonymous", "conv_1", null)]
    [InlineData("CALL_ID=c-1 CALLER=030123", null, "030123")]
    [InlineData("MY_CALL_ID=conv_1 CALLER= +1", null, null)]
    [InlineData("MY_CALL_ID=conv_1 CALL_ID=conv_2", "conv_2", null)]
    [InlineData("The CALL_ID is conv_1", null, null)]
    public void Read_PromptOfElevenLabs_SaysTheCall(string prompt, string? call, string? caller)
    {
        var read = Read($$"""{"elevenlabs_extra_body":{"a":1},"messages":[{"role":"system","content":"{{prompt}}"},{"role":"user","content":"CALL_ID=conv_9 CALLER=+9"}]}""");

        Assert.Equal((call, caller), (read.InstanceId, read.CallerNumber));
    }

    [Fact]
    public void Read_WordsOfTheCaller_AreNoIds() =>
        Assert.Null(Read("""{"elevenlabs_extra_body":{"a":1},"messages":[{"role":"user","content":"CALL_ID=conv_9 CALLER=+9"}]}""").InstanceId);

    [Theory]
    [InlineData("Vapi", "vapi")]
    [InlineData("Fish Audio", "fishaudio")]
    [InlineData("D-ID", "d-id")]
    [InlineData("LiveAvatar", "livekit")]
    [InlineData("OpenAI", "openai")]
    [InlineData("Twilio", null)]
    public void TryFind_NameAsPeopleWriteIt_IsTheDialect(string name, string? dialect) =>
        Assert.Equal(dialect, Dialects.TryFind(name, out var found) ? found.Name : null);

    [Fact]
    public void All_Names_AreReadAsTheirOwn() =>
        Assert.All(Dialects.All, dialect => Assert.Equal(dialect.Name, Read(new PlatformRequest("", "{}"), dialect).Platform));

    internal static CallContext Expected(PlatformRequest request) =>
        Documented[request.Platform] with { Platform = request.Platform is "pipecat" or "deepgram" ? null : request.Platform };

    private static CallContext Read(string fields) => Read(new PlatformRequest("", fields.Contains("\"messages\"", StringComparison.Ordinal) ? fields : $"{{{Said},{fields[1..]}"));

    internal static CallContext Read(PlatformRequest request, Dialect? dialect = null, CallsOptions? options = null)
    {
        var http = new DefaultHttpContext().Request;
        http.QueryString = request.Path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? new QueryString(request.Path[at..]) : default;
        foreach (var (name, value) in request.Headers)
        {
            http.Headers.Append(name, value);
        }

        using var body = JsonBody.Parse(Encoding.UTF8.GetBytes(request.Json));
        return new CallContextReader(options ?? new()).Read(body.RootElement, http, dialect);
    }

    // "platform call turn caller>callee data direction user", to the last that is there.
    private static string Line(CallContext call)
    {
        string[] parts =
        [
            call.Platform ?? "", call.InstanceId ?? "-", call.SentenceId ?? "-", call.CallerNumber is null && call.CalleeNumber is null ? "-" : $"{call.CallerNumber}>{call.CalleeNumber}",
            call.UserData ?? "-", call.Direction ?? "-", call.UserId ?? "-",
        ];
        return string.Join(' ', parts.Take(parts.ToList().FindLastIndex(part => part != "-") + 1));
    }
}
