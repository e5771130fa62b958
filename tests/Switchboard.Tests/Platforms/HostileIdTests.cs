using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Switchboard.Tests.Platforms;

/// <summary>Ids that nobody should send, in every place of every platform: too long ones are refused by name, all others harm nothing.</summary>
public sealed class HostileIdTests
{
    private const string Mark = "@hostile@";

    /// <summary>The platform, where the id stands, and what an error calls it.</summary>
    public static TheoryData<string, string, string> Ids => new()
    {
        { "ims", "body:extendData.instanceId", "extendData.instanceId" },
        { "ims", "body:extendData.channelId", "extendData.channelId" },
        { "ims", "body:extendData.sentenceId", "extendData.sentenceId" },
        { "ims", "body:extendData.callerNumber", "extendData.callerNumber" },
        { "ims", "body:extendData.calleeNumber", "extendData.calleeNumber" },
        { "vapi", "body:call.id", "call.id" },
        { "vapi", "body:call.customer.number", "customer.number" },
        { "vapi", "body:call.phoneNumber.number", "phoneNumber.number" },
        { "vapi", "body:assistant.id", "assistant.id" },
        { "elevenlabs", "body:user_id", "user_id" },
        { "livekit", "header:X-LiveKit-Room-ID", "X-LiveKit-Room-ID" },
        { "livekit", "header:X-LiveKit-Agent-ID", "X-LiveKit-Agent-ID" },
        { "trtc", "header:X-Task-Id", "X-Task-Id" },
        { "trtc", "header:X-Request-Id", "X-Request-Id" },
        { "trtc", "header:X-Room-Id", "X-Room-Id" },
        { "trtc", "header:X-User-Id", "X-User-Id" },
        { "trtc", "header:X-Sdk-App-Id", "X-Sdk-App-Id" },
        { "volcengine", "body:round_id", "round_id" },
        { "volcengine", "body:call", "custom" },
        { "agora", "body:context.channel", "context.channel" },
        { "agora", "body:context.appId", "context.appId" },
        { "agora", "body:messages.turn_id", "messages.turn_id" },
        { "agora", "body:messages.metadata.user", "context.userId" },
        { "zego", "body:agent_info.agent_instance_id", "agent_info.agent_instance_id" },
        { "zego", "body:agent_info.round_id", "agent_info.round_id" },
        { "zego", "body:agent_info.room_id", "agent_info.room_id" },
        { "zego", "body:agent_info.user_id", "agent_info.user_id" },
        { "zego", "body:agent_info.agent_user_id", "agent_info.agent_user_id" },
        { "cartesia", "header:Idempotency-Key", "Idempotency-Key" },
        { "telnyx", "body:extra_metadata.call_control_id", "extra_metadata.call_control_id" },
        { "telnyx", "body:extra_metadata.telnyx_end_user_target", "extra_metadata.telnyx_end_user_target" },
        { "telnyx", "body:extra_metadata.telnyx_agent_target", "extra_metadata.telnyx_agent_target" },
        { "fishaudio", "body:session_id", "session_id" },
        { "fishaudio", "body:user_id", "user_id" },
        { "d-id", "header:X-DID-DISTINCT-ID", "X-DID-DISTINCT-ID" },
        { "d-id", "header:X-DID-AGENT-ID", "X-DID-AGENT-ID" },
        { "bolna", "body:user", "user" },
        { "deepgram", "query:call", "call" },
        { "deepgram", "header:X-Call", "X-Call" },
        { "deepgram", "body:ids.call", "ids.call" },
        { "deepgram", "body:ids.turn", "ids.turn" },
        { "deepgram", "body:ids.caller", "ids.caller" },
        { "deepgram", "body:ids.callee", "ids.callee" },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Post_HostileId_IsRefusedOrHarmsNothing(string platform, string place, string name)
    {
        await using var host = await PlatformCallTests.StartAsync(
            new ToldChatClient(),
            ("Calls:Id", "query:call,header:X-Call,body:ids.call"), ("Calls:Turn", "body:ids.turn"), ("Calls:Caller", "body:ids.caller"), ("Calls:Callee", "body:ids.callee"));
        var request = PlatformRequests.All.First(request => request.Platform == platform);
        if (platform == "deepgram")
        {
            request = request with { Path = "/v1/chat/completions" };
        }

        using (var longest = await SendAsync(host, request, place, new string('a', 256)))
        {
            // Bolna's has the turn behind it.
            Assert.Equal(platform == "bolna" ? 400 : 200, (int)longest.StatusCode);
        }

        foreach (var tooLong in new[] { new string('a', 257), new string('a', 5000) })
        {
            using var refused = await SendAsync(host, request, place, tooLong);
            Assert.Equal(400, (int)refused.StatusCode);
            var error = await Json.ReadErrorAsync(refused);
            Assert.Equal(("invalid_value", name), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        }

        foreach (var hostile in new[] { "a\0b", "a\u202eb\u2066", "a/../b", "a\r\nTurn ended: forged", "\ud83d" })
        {
            // No header can carry a line break, NUL or half of a character.
            var sent = place.StartsWith("header:", StringComparison.Ordinal) ? string.Concat(hostile.Where(character => !char.IsControl(character) && !char.IsSurrogate(character))) : hostile;
            using var answered = await SendAsync(host, request, place, $"id {sent}");
            Assert.Equal(200, (int)answered.StatusCode);
            Assert.Contains("Until ten.", await answered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        var lines = host.Logs.GetSnapshot().Where(line => line.Category!.StartsWith("Switchboard", StringComparison.Ordinal)).Select(line => $"{line.Message} {string.Join(' ', line.Scopes)}");
        Assert.All(lines, line => Assert.DoesNotContain(line, IsUnfit));
        Assert.All(lines, line => Assert.True(line.Length < 2000));
    }

    private static bool IsUnfit(char character) =>
        CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate || character == '\ufffd';

    private static async Task<HttpResponseMessage> SendAsync(TestHost host, PlatformRequest request, string place, string id)
    {
        var (kind, path) = (place.Split(':')[0], place.Split(':')[1]);
        request = kind switch
        {
            "query" => request with { Path = $"{request.Path}?{path}={string.Concat(Encoding.UTF8.GetBytes(id).Select(value => $"%{value:X2}"))}" },
            "header" => request.With((path, id)),
            _ => request.With(body => Put(body, path)),
        };
        // As escapes, halves of characters too.
        request = request with { Json = request.Json.Replace(Mark, string.Concat(id.Select(character => $"\\u{(int)character:x4}")), StringComparison.Ordinal) };
        using var http = request.ToHttp();
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = host.Address };
        return await client.SendAsync(http, TestContext.Current.CancellationToken);
    }

    private static void Put(JsonObject body, string path)
    {
        var names = path.Split('.');
        JsonNode owner = body;
        foreach (var name in names[..^1])
        {
            owner = owner[name] is null ? (owner[name] = new JsonObject()) : owner[name]!;
            owner = owner is JsonArray messages ? messages[^1]! : owner;
        }

        owner[names[^1]] = path is "user" ? $"{Mark}#7" : Mark;
        if (path is "call")
        {
            body.Remove("custom");
        }
    }
}
