using System.Net;
using System.Net.Http.Headers;

namespace Switchboard.Tests.Contract;

/// <summary>Whatever is sent, the answer is a clear refusal, and the next good request is answered.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string> Names => [.. BadInput.Bodies.Keys];

    [Fact]
    public void Names_Count_IsAtLeast60() => Assert.True(BadInput.Bodies.Count >= 60);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Post_BadBody_IsRefusedAndTheNextIsAnswered(string name)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.PostAsync("/v1/chat/completions", Json.Content(BadInput.Bodies[name]), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        var code = error.GetProperty("code").GetString();
        Assert.Contains(code, (string?[])["invalid_json", "invalid_value", "missing_required_parameter", "unsupported_value"]);
        Assert.True(code == "invalid_json" || error.GetProperty("param").GetString() is { Length: > 0 }, "A failure of a field names the field.");

        using var next = await host.PostAsync(Json.Request());
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyOf2MiB_Is413AndTheNextIsAnswered(bool withLength)
    {
        await using var host = await TestHost.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/chat/completions") { Content = Json.Content(new byte[9 * 1024 * 1024]) };
        request.Headers.TransferEncodingChunked = !withLength;
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());

        using var next = await host.PostAsync(Json.Request());
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"demo","messages":[{"role":"user","content":"a"}],"unknown":{"deep":[1,{"x":null}]},"call":{"id":"v"},"elevenlabs_extra_body":{}}""")]
    [InlineData("""{"model":"demo","messages":[{"role":"user","content":"a","name":"Bob","extra":1}],"store":true,"user":"u","metadata":{"a":"b"}}""")]
    [InlineData("""{"model":"demo","messages":[{"role":"developer","content":[{"type":"text","text":"a"}]},{"role":"user","content":""}],"temperature":null,"stream":null,"stop":null,"tools":null,"extendData":null}""")]
    [InlineData("""{"model":"demo","messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"\\{\\}"}}]},{"role":"tool","tool_call_id":"1","content":"ok"}]}""")]
    [InlineData("""{"model":"demo","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},{"type":"input_audio","input_audio":{"format":"wav","data":"AAAA"}}]}]}""")]
    [InlineData("""{"model":"demo","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}}}""")]
    public async Task Post_UnusualButGoodBody_IsAnswered(string body)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_BodyBreaksOff_LeavesTheServerAnswering()
    {
        await using var host = await TestHost.StartAsync();
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(
            System.Text.Encoding.ASCII.GetBytes($"POST /chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestHost.Key}\r\nContent-Length: 500\r\n\r\n{{\"model\""),
            TestContext.Current.CancellationToken);
        socket.Close();

        var line = await host.WaitForTurnEndAsync();
        Assert.Contains(line.GetStructuredStateValue("Outcome"), (string[])["refused", "caller_left"]);
        using var next = await host.PostAsync(Json.Request());
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Post_MediaTypeWithoutCharset_IsTakenAsUtf8()
    {
        await using var host = await TestHost.StartAsync();
        var content = Json.Content(Json.Request(said: "你好"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await host.Client.PostAsync("/chat/completions", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
