using System.Text;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Conformance;

/// <summary>Requests of other platforms, as they send them, to an upstream and to a responder.</summary>
public sealed class RecordedRequestTests
{
    [Fact]
    public async Task Post_RequestOfVapi_TellsTheUpstreamNothingOfTheCaller()
    {
        await using var upstream = FaultyUpstream.Start();
        await using var host = await TestHost.StartAsync(null, new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "plain",
            ["Models:1:Responder"] = "upstream",
            ["Models:1:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString(),
        });

        using var response = await host.PostAsync(Encoding.UTF8.GetString(RecordedInputs.Read("D-request-vapi-metadata")));
        using var stream = await EventReader.OpenAsync(response);

        Assert.Equal("[DONE]", (await stream.RestAsync())[^1]);
        Assert.Equal(
            """{"model":"plain","messages":[{"role":"user","content":"hello"}],"stream":true,"stream_options":{"include_usage":true}}""",
            upstream.Requests.Single(request => request.Method == "POST").Body);
    }

    [Theory]
    [InlineData("""{"call":{"id":"c"},"customer":{"number":"+100"},"phoneNumber":{"id":"p"}}""", "c", "+100", null, null)]
    [InlineData("""{"call":{"id":"c","customer":{"number":"+1"},"phoneNumber":{"number":"+2"}},"customer":{"number":"+3"}}""", "c", "+1", "+2", null)]
    [InlineData("""{"call":{"id":"c","type":"outboundPhoneCall","customer":{"number":"+1"},"phoneNumber":{"number":"+2"}}}""", "c", "+2", "+1", null)]
    [InlineData("""{"call":{"id":"c","assistantOverrides":{"variableValues":{"room":"12"}}},"metadata":{"a":1}}""", "c", null, null, """{"room":"12"}""")]
    [InlineData("""{"call":{"id":"c"},"metadata":{"a":1}}""", "c", null, null, """{"a":1}""")]
    [InlineData("""{"call":{"id":"c"},"extendData":{"instanceId":"i","callerNumber":"+9","userData":"u"},"customer":{"number":"+1"}}""", "i", "+9", null, "u")]
    [InlineData("""{"call":{"id":7},"customer":{"number":"+1"},"metadata":{"a":1}}""", "7", "+1", null, """{"a":1}""")]
    [InlineData("""{"call":"c","customer":["+1"],"metadata":{"a":1}}""", null, null, null, null)]
    [InlineData("""{"call":null,"customer":{"number":"+1"}}""", null, null, null, null)]
    [InlineData("""{"call":{"id":"c","customer":"anna","phoneNumber":7,"assistantOverrides":[]},"metadata":"m"}""", "c", null, null, null)]
    public async Task Post_CallOfVapi_IsTheCall(string told, string? instance, string? caller, string? callee, string? userData)
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:1:Id"] = "abc" });
        responder.Say("Yes.");
        responder.End();

        using var response = await host.PostAsync($$"""{"model":"abc","messages":[{"role":"user","content":"Hi"}],{{told[1..]}}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            new CallContext { Platform = instance switch { null => null, "i" => "ims", _ => "vapi" }, InstanceId = instance, CallerNumber = caller, CalleeNumber = callee, UserData = userData },
            CallContext.From(responder.Options) with { Direction = null });
    }

    [Fact]
    public async Task Post_HalfAnEmojiInTheHistory_IsAnswered()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:1:Id"] = "plain" });
        responder.Say("Yes.");
        responder.End();

        using var response = await host.PostAsync(Encoding.UTF8.GetString(RecordedInputs.Read("D-request-lone-surrogate")));
        using var stream = await EventReader.OpenAsync(response);

        Assert.Equal("[DONE]", (await stream.RestAsync())[^1]);
        Assert.Equal([(ChatRole.Assistant, "Sure \ufffd"), (ChatRole.User, "hello")], responder.Messages.Select(message => (message.Role, message.Text)));
    }
}
