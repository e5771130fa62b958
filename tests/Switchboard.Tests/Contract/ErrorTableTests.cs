using System.Net;

namespace Switchboard.Tests.Contract;

/// <summary>The table of errors of the wire contract, each row by a request that causes it.</summary>
public sealed class ErrorTableTests
{
    [Theory]
    [InlineData("{", "invalid_json", null)]
    [InlineData("""{"model":"demo","messages":[{"role":"user","content":5}]}""", "invalid_value", "messages[0].content")]
    [InlineData("""{"model":"demo","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"boss","content":"c"}]}""", "invalid_value", "messages[2].role")]
    [InlineData("""{"model":"demo"}""", "missing_required_parameter", "messages")]
    [InlineData("""{"model":"demo","n":2,"messages":[{"role":"user","content":"a"}]}""", "unsupported_value", "n")]
    public async Task Post_BadBody_Is400(string body, string code, string? param)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "X")]
    [InlineData("Authorization", "Basic " + TestHost.Key)]
    [InlineData("Authorization", TestHost.Key)]
    [InlineData("api-key", "wrong")]
    [InlineData("x-api-key", "wrong")]
    [InlineData("x-api-key", "")]
    [InlineData("x-api-key", "Bearer " + TestHost.Key)]
    public async Task Post_WithoutAGoodKey_Is401(string? header, string? value)
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();
        var request = new HttpRequestMessage(HttpMethod.Post, "/chat/completions") { Content = Json.Content(Json.Request()) };
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("invalid_api_key", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + TestHost.Key)]
    [InlineData("Authorization", "bearer  " + TestHost.Key)]
    [InlineData("api-key", TestHost.Key)]
    [InlineData("x-api-key", TestHost.Key)]
    [InlineData("X-API-Key", TestHost.Key)]
    public async Task Post_WithAGoodKey_Is200(string header, string value)
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();
        var request = new HttpRequestMessage(HttpMethod.Post, "/chat/completions") { Content = Json.Content(Json.Request()) };
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_UnknownModelWithoutADefault_Is404()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Models:0:Default"] = "false" });
        using var response = await host.PostAsync(Json.Request("nobody"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal("model_not_found", error.GetProperty("code").GetString());
        Assert.Equal("model", error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("nonsense")]
    public async Task Post_NotJsonByContentType_Is415(string contentType)
    {
        await using var host = await TestHost.StartAsync();
        var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await host.Client.PostAsync("/chat/completions", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("unsupported_media_type", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf8\"")]
    [InlineData("application/vnd.platform+json")]
    public async Task Post_JsonByContentType_Is200(string? contentType)
    {
        await using var host = await TestHost.StartAsync();
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(Json.Request()));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await host.Client.PostAsync("/chat/completions", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_OverTheTurnLimit_Is429AndThePlaceIsGivenBack()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Limits:MaxConcurrentTurns"] = "1" });
        responder.Say("busy");
        using var first = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));

        using var second = await host.PostAsync(Json.Request("demo"));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
        Assert.Equal("rate_limit_exceeded", (await Json.ReadErrorAsync(second)).GetProperty("code").GetString());

        responder.End();
        await first.RestAsync();
        await host.WaitForTurnEndAsync("fake");
        using var third = await host.PostAsync(Json.Request("demo"));
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ResponderFailsFirst_Is502(bool stream)
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        responder.Fail(new InvalidOperationException("secret words of the caller"));
        using var response = await host.PostAsync(Json.Request("fake", stream: stream));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal("upstream_error", error.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_TurnTimeoutBeforeTheFirstPiece_Is504(bool stream)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, time: time);
        var answer = host.PostAsync(Json.Request("fake", stream: stream));
        await responder.Asked;

        time.Advance(TimeSpan.FromMinutes(2));

        using var response = await answer;
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("upstream_timeout", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Post_NoKeysConfigured_Is503EvenForAnEmptyKey()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Access:ApiKeys:0"] = null });
        using var response = await host.PostAsync(Json.Request());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal("access_unavailable", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("GET", "/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/chat/completion", HttpStatusCode.NotFound)]
    public async Task Send_WrongMethodOrPath_IsAnsweredByTheHost(string method, string path, HttpStatusCode status)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Post_ResponderFailsAfterTheFirstPiece_SendsOneErrorEventAndNoDone()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        responder.Say("One. ");
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        await stream.NextAsync();
        await stream.NextTextAsync();

        responder.Fail(new InvalidOperationException("secret"));

        Assert.Equal(
            ["""{"error":{"message":"The responder failed.","type":"server_error","param":null,"code":"upstream_error"}}"""],
            await stream.RestAsync());
    }

    [Fact]
    public async Task Post_TurnTimeoutAfterTheFirstPiece_SendsTheTimeoutEvent()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Limits:TurnTimeout"] = "00:00:05" }, time);
        responder.Say("One. ");
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        await stream.NextAsync();
        await stream.NextTextAsync();

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("upstream_timeout", Assert.Single(await stream.RestAsync()), StringComparison.Ordinal);
    }
}
