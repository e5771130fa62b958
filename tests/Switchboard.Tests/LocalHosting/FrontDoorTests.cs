using System.Net;
using LocalHost;
using Microsoft.AspNetCore.Builder;

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

    [Theory]
    [InlineData(LocalSettings.SampleKey, "X-Forwarded-For", 421)]
    [InlineData(LocalSettings.SampleKey, "x-forwarded-host", 421)]
    [InlineData(LocalSettings.SampleKey, "Forwarded", 421)]
    [InlineData(LocalSettings.SampleKey, "X-Request-Id", 200)]
    [InlineData(TestHost.Key, "X-Forwarded-For", 200)]
    public async Task Request_ThroughATunnel_IsRefusedWhereTheKeyIsPublic(string key, string header, int status)
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Access:ApiKeys:0"] = key });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { { header, "203.0.113.7" }, { "Authorization", $"Bearer {key}" } } };
        using var response = await host.Anybody.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "/console")]
    [InlineData("GET", "/?code=a%20b", "TEXT/HTML", "/console?code=a%20b")]
    [InlineData("HEAD", "/", "text/html", "/console")]
    public async Task Root_OfABrowser_LeadsToTheConsole(string method, string path, string accept, string location)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await RootAsync(host, method, path, accept);

        Assert.Equal((HttpStatusCode.Redirect, location), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.Equal("Accept", Assert.Single(response.Headers.Vary));
    }

    [Fact]
    public async Task Root_OfABrowserBelowAPrefix_LeadsToTheConsoleBelowIt()
    {
        await using var host = await TestHost.StartAsync(middleware: app => app.Use((context, next) =>
        {
            context.Request.PathBase = "/voice";
            return next(context);
        }));
        using var response = await RootAsync(host, "GET", "/", "text/html");

        Assert.Equal("/voice/console", response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("*/*", true)]
    [InlineData(null, true)]
    [InlineData("application/json", true)]
    [InlineData("text/html;q=0", true)]
    [InlineData("not a type", true)]
    [InlineData("text/html", false)]
    public async Task Root_OfAnybodyElse_SaysWhatAnswersWhere(string? accept, bool hasConsole)
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Console:Enabled"] = hasConsole ? "true" : "false" });
        using var response = await RootAsync(host, "GET", "/", accept);

        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("POST /v1/chat/completions", text, StringComparison.Ordinal);
        Assert.Equal(!hasConsole, text.Contains("Console__Enabled=true", StringComparison.Ordinal));
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

    private static async Task<HttpResponseMessage> RootAsync(TestHost host, string method, string path, string? accept)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<int> StatusAsync(TestHost host, string name, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = name } };
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
