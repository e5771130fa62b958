using System.Net;

namespace Switchboard.Tests.LocalHosting;

/// <summary>What LocalHost does before a request comes to a route.</summary>
public sealed class FrontDoorTests
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:7071", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("[::1]:7071", 200)]
    [InlineData("rebound.example", 421)]
    [InlineData("rebound.example:7071", 421)]
    [InlineData("localhost.rebound.example", 421)]
    [InlineData("127.0.0.1.rebound.example", 421)]
    [InlineData("192.168.0.7", 421)]
    [InlineData("localhost.", 421)]
    public async Task Request_OfThisMachine_IsAnsweredUnderItsOwnNamesOnly(string name, int status)
    {
        await using var host = await TestHost.StartAsync();

        Assert.Equal(status, await StatusAsync(host, name, "/v1/models"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/console")]
    [InlineData("/health/live")]
    [InlineData("/calls")]
    [InlineData("/nowhere")]
    public async Task Request_UnderAnotherName_IsRefusedOnEveryRoute(string path)
    {
        await using var host = await TestHost.StartAsync();

        Assert.Equal(421, await StatusAsync(host, "rebound.example", path));
    }

    [Theory]
    [InlineData("a.example;localhost", "A.EXAMPLE:80", 200)]
    [InlineData("a.example;localhost", "localhost", 200)]
    [InlineData("a.example;localhost", "c.example", 400)]
    [InlineData("*", "c.example", 200)]
    public async Task Request_NamesAreConfigured_IsAnsweredUnderThoseOnly(string allowed, string name, int status)
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["AllowedHosts"] = allowed });

        Assert.Equal(status, await StatusAsync(host, name, "/v1/models"));
    }

    [Fact]
    public async Task Root_ConsoleOn_LeadsToIt()
    {
        await using var host = await TestHost.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        using var response = await client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Redirect, "/console"), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Root_ConsoleOff_SaysWhatAnswersWhere()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Console:Enabled"] = "false" });

        var text = await host.Connect().GetStringAsync("/", TestContext.Current.CancellationToken);

        Assert.Contains("POST /v1/chat/completions", text, StringComparison.Ordinal);
        Assert.Contains("GET  /health/ready", text, StringComparison.Ordinal);
        Assert.Contains("Console__Enabled=true", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/calls")]
    [InlineData("/calls/a")]
    [InlineData("/console")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/v1/chat/completions")]
    [InlineData("/nowhere")]
    public async Task Answer_OverHttps_HasBrowsersStayWithIt(string path)
    {
        await using var host = await TestHost.StartAsync();

        Assert.Equal("max-age=31536000", await PolicyAsync(host, path, "https"));
        Assert.Null(await PolicyAsync(host, path, "http"));
        Assert.Null(await PolicyAsync(host, path, null));
    }

    private static async Task<string?> PolicyAsync(TestHost host, string path, string? scheme)
    {
        using var request = new HttpRequestMessage(path.EndsWith("completions", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
        if (scheme is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", scheme);
        }

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null;
    }

    private static async Task<int> StatusAsync(TestHost host, string name, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = name } };
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
