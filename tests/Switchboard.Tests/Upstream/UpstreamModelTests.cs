using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Switchboard.Tests.Upstream;

/// <summary>The responder <c>upstream</c> in the app.</summary>
public sealed class UpstreamModelTests
{
    private const string Key = "sk-upstream-secret";

    [Fact]
    public async Task Post_ModelOfAnUpstream_StreamsItsAnswerAndSendsNothingOfThePlatform()
    {
        await using var upstream = FaultyUpstream.Start();
        await using var host = await StartAsync(upstream, new() { ["Models:1:Upstreams:0:Model"] = "gpt-x" });

        var response = await host.PostAsync("""
            {"model":"voice","stream":true,"messages":[{"role":"user","content":"Hi"}],"top_k":3,"unknown":1,
             "extendData":{"instanceId":"call-9","userData":"{}"}}
            """);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("\"content\":\"Hello \"", body, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
        var request = upstream.Requests.Single(request => request.Method == "POST");
        Assert.Equal(
            """{"model":"gpt-x","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"top_k":3}""", request.Body);
        Assert.DoesNotContain(request.Headers, header => header.Value.Contains("call-9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_NoUpstreamModel_AsksForTheModelId()
    {
        await using var upstream = FaultyUpstream.Start();
        await using var host = await StartAsync(upstream, new() { ["Models:0:Default"] = null, ["Models:1:Default"] = "true" });

        await host.PostAsync("""{"model":"whatever the platform says","messages":[{"role":"user","content":"Hi"}]}""");

        Assert.Equal("voice", upstream.Requests.Single(request => request.Method == "POST").Json.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Post_UpstreamFails_IsAnErrorThatTheLogExplainsWithoutSecrets()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Status(503));
        await using var host = await StartAsync(upstream);

        var response = await host.PostAsync("""{"model":"voice","messages":[{"role":"user","content":"Hi"}]}""");
        await host.WaitForTurnEndAsync();

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        var lines = host.Logs.GetSnapshot();
        Assert.Contains(lines, line => line.Level == LogLevel.Error && line.Message.Contains($"The upstream {upstream.BaseUrl.Authority} answered with status 503.", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => $"{line.Message} {line.Exception}".Contains("secret", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task Start_Upstreams_AreConnectedToWithoutWaiting()
    {
        await using var upstream = FaultyUpstream.Start();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var host = await StartAsync(upstream, new() { ["Models:1:Upstreams:1:BaseUrl"] = $"http://{silent.LocalEndpoint}/v1" });

        // The host has started, although one upstream answers nothing yet; the other was asked.
        Assert.Equal("HEAD", (await upstream.NextRequestAsync(TestContext.Current.CancellationToken)).Method);
        using var connection = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
    }

    private static Task<TestHost> StartAsync(FaultyUpstream upstream, Dictionary<string, string?>? settings = null) =>
        TestHost.StartAsync(settings: new Dictionary<string, string?>(settings ?? [])
        {
            ["Models:1:Id"] = "voice",
            ["Models:1:Responder"] = "upstream",
            ["Models:1:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString(),
            ["Models:1:Upstreams:0:ApiKey"] = Key,
        });
}
