using Switchboard.Platforms;

namespace Switchboard.Tests.Platforms;

/// <summary>The settings <c>Calls:*</c>: where a request says its call.</summary>
public sealed class CallSourceTests
{
    private const string Prompted = """{"messages":[{"role":"system","content":"You answer.\nCALL=c-1 WHO=+1415"},{"role":"user","content":"CALL=c-2"}]}""";

    [Theory]
    [InlineData("query:call", "?call=c-9", "", "{}", "c-9")]
    [InlineData("query:CALL", "?x=1&call=c%2F9&call=other", "", "{}", "c/9")]
    [InlineData("query:call", "?call=", "", "{}", null)]
    [InlineData("header:X-Call", "", "x-call", "{}", "h-1")]
    [InlineData("body:call_id", "", "", """{"call_id":"b-1"}""", "b-1")]
    [InlineData("body:a.b.c", "", "", """{"a":{"b":{"c":17}}}""", "17")]
    [InlineData("body:custom.call", "", "", """{"custom":"{\"call\":\"c-9\"}"}""", "c-9")]
    [InlineData("body:custom.a.call", "", "", """{"custom":"{\"a\":{\"call\":5}}"}""", "5")]
    [InlineData("body:custom.call", "", "", """{"custom":"no JSON"}""", null)]
    [InlineData("body:custom.call", "", "", """{"custom":"{\"call\":\"\\ud83d\"}"}""", null)]
    [InlineData("body:a.b", "", "", """{"a":[1,2]}""", null)]
    [InlineData("body:a", "", "", """{"a":{"b":1}}""", null)]
    [InlineData("body:a", "", "", """{"a":true}""", null)]
    [InlineData("body:a", "", "", """{"a":null}""", null)]
    [InlineData("prompt:CALL", "", "", Prompted, "c-1")]
    [InlineData("prompt:CAL", "", "", Prompted, null)]
    [InlineData("query:call, header:X-Call ,body:call_id", "?other=1", "", """{"call_id":"b-1"}""", "b-1")]
    [InlineData("query:call,header:X-Call", "?call=q", "x-call", "{}", "q")]
    [InlineData("query:call,header:X-Call", "", "x-call", "{}", "h-1")]
    public void Id_Place_IsRead(string setting, string query, string header, string body, string? call) =>
        Assert.Equal(call, Read(new CallsOptions { Id = setting }, query, header, body).InstanceId);

    [Fact]
    public void All_Places_AreRead()
    {
        var options = new CallsOptions { Id = "query:call", Turn = "query:turn", Caller = "prompt:WHO", Callee = "header:X-Call", UserData = "body:data" };

        var call = Read(options, "?call=c&turn=3", "x-call", $$"""{"data":{"a":[1]},{{Prompted[1..]}}""");

        Assert.Equal(("c", "3", "+1415", "h-1", """{"a":[1]}"""), (call.InstanceId, call.SentenceId, call.CallerNumber, call.CalleeNumber, call.UserData));
    }

    [Theory]
    [InlineData("?call=own", "own")]
    [InlineData("?other=own", "1912405")]
    public void Id_OfAPlatformThatSaysItself_GoesFirstWhereTheRequestHasIt(string query, string call) =>
        Assert.Equal(call, DialectTests.Read(PlatformRequests.Zego with { Path = $"/chat/completions{query}" }, null, new CallsOptions { Id = "query:call" }).InstanceId);

    [Fact]
    public void Id_OfAPlatformWithoutOne_LeavesTheRest()
    {
        var call = DialectTests.Read(PlatformRequests.Cartesia with { Path = "/chat/completions?call=c" }, null, new CallsOptions { Id = "query:call" });

        Assert.Equal(("cartesia", "c", "7b1e-1"), (call.Platform, call.InstanceId, call.SentenceId));
    }

    [Theory]
    [InlineData("Calls:Id", "cookie:call", "Calls:Id: source 1: expected query:NAME, header:NAME, body:NAME.NAME or prompt:NAME, several separated by commas.")]
    [InlineData("Calls:Turn", "header", "Calls:Turn: source 1: expected query:NAME")]
    [InlineData("Calls:Caller", "query:a,,header:b", "Calls:Caller: source 2: expected query:NAME")]
    [InlineData("Calls:Callee", "query:", "Calls:Callee: source 1: expected query:NAME")]
    [InlineData("Calls:UserData", "body:a..b", "Calls:UserData: source 1: expected query:NAME")]
    [InlineData("Calls:Id", "header:X Call", "Calls:Id: source 1: no header can have this name.")]
    [InlineData("Calls:Id", "query:call,header:authorization", "Calls:Id: source 2: a key stands there, and ids are logged.")]
    [InlineData("Calls:Id", "query:code", "Calls:Id: source 1: a key stands there")]
    [InlineData("Calls:UserData", "body:assistant", "Calls:UserData: source 1: Vapi's secrets stand there.")]
    [InlineData("Calls:UserData", "body:call.monitor.controlUrl", "Calls:UserData: source 1: Vapi's secrets stand there.")]
    [InlineData("Calls:UserData", "body:call", "Calls:UserData: source 1: Vapi's secrets stand there.")]
    [InlineData("Calls:Ids", "query:call", "Calls:Ids: no such setting; did you mean Calls:Id?")]
    [InlineData("Models:0:Platform", "Twilio", "Models:0:Platform: no such platform, found Twilio; there are ims, livekit, trtc, d-id, zego, telnyx, vapi, agora, elevenlabs, volcengine, fishaudio, bolna, vocode, cartesia, pipecat, deepgram, openai.")]
    public async Task Start_WrongSetting_NamesIt(string name, string value, string failure)
    {
        var stopped = await Assert.ThrowsAnyAsync<Exception>(() => TestHost.StartAsync(settings: new Dictionary<string, string?> { [name] = value }));

        Assert.Contains(failure, stopped.Message, StringComparison.Ordinal);
    }

    private static Switchboard.Contract.CallContext Read(CallsOptions options, string query, string header, string body) =>
        DialectTests.Read(new PlatformRequest("", body, header.Length > 0 ? [(header, "h-1")] : []) { Path = $"/{query}" }, null, options);
}
