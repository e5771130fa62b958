using System.Net;
using Microsoft.Extensions.Options;

namespace Switchboard.Tests.Http;

/// <summary>Pages of other origins: those of the settings may ask, and nobody is told of others.</summary>
public sealed class CrossOriginTests
{
    private const string Origin = "https://studio.example.com";

    private static readonly string[] Paths = ["/v1/chat/completions", "/chat/completions", "/v1/models", "/models", "/models/demo", "/v1/chat/completions/chat/completions"];

    [Fact]
    public async Task Preflight_OfAnOriginInTheSettings_IsAllowedWithoutAKey()
    {
        await using var host = await StartAsync();
        foreach (var path in Paths)
        {
            using var response = await PreflightAsync(host, path, Origin);

            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
            Assert.Contains(path.Contains("models", StringComparison.Ordinal) ? "GET" : "POST", Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
            var allowed = Header(response, "Access-Control-Allow-Headers")!.Split(", ");
            Assert.Superset(new HashSet<string> { "authorization", "x-api-key", "content-type", "x-stainless-retry-count", "x-stainless-os", "x-did-agent-id" }, allowed.ToHashSet());
            Assert.DoesNotContain(allowed, name => name.Contains("evil", StringComparison.Ordinal) || name is "cookie");
            Assert.Contains("Origin", Header(response, "Vary"), StringComparison.Ordinal);
            Assert.Null(Header(response, "Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("https://other.example.com")]
    [InlineData("https://studio.example.com.evil.example")]
    [InlineData("http://studio.example.com")]
    [InlineData("https://studio.example.com:8443")]
    [InlineData("null")]
    [InlineData("*")]
    public async Task Preflight_OfAnother_IsToldNothing(string origin)
    {
        await using var host = await StartAsync();
        using var preflight = await PreflightAsync(host, "/v1/models", origin);
        using var models = await GetAsync(host, origin);

        foreach (var response in new[] { preflight, models })
        {
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            // What is kept on the way must not be given to an origin that may have it.
            Assert.Equal("Origin", Header(response, "Vary"));
        }

        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
    }

    [Theory]
    [InlineData("https://studio.example.com", TestHost.Key, HttpStatusCode.OK)]
    [InlineData("http://localhost:3000", TestHost.Key, HttpStatusCode.OK)]
    [InlineData("https://xn--bcher-kva.example", TestHost.Key, HttpStatusCode.OK)]
    [InlineData("https://studio.example.com", "wrong", HttpStatusCode.Unauthorized)]
    public async Task Get_OfAnOriginInTheSettings_MayBeReadAlsoWhenRefused(string origin, string key, HttpStatusCode status)
    {
        await using var host = await StartAsync();
        using var response = await GetAsync(host, origin, key);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("X-Request-Id", Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Equal("Origin", Header(response, "Vary"));
    }

    [Fact]
    public async Task Post_OfAnOriginInTheSettings_StreamsToIt()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(Json.Request()) };
        request.Headers.Add("Origin", Origin);
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anything_WithoutTheSetting_IsAsIfNobodyHadAskedFromAPage()
    {
        await using var host = await TestHost.StartAsync();
        using var preflight = await PreflightAsync(host, "/v1/chat/completions", Origin);
        using var models = await GetAsync(host, Origin);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
        foreach (var response in new[] { preflight, models })
        {
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase) || header.Key == "Vary");
        }
    }

    [Theory]
    [InlineData("/calls")]
    [InlineData("/console")]
    [InlineData("/health/live")]
    public async Task Preflight_OfARouteThatIsNoPlatforms_IsNotAllowed(string path)
    {
        await using var host = await StartAsync();
        using var response = await PreflightAsync(host, path, Origin);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.example.com")]
    [InlineData("https://studio.example.com/")]
    [InlineData("https://studio.example.com/path")]
    [InlineData("https://user@studio.example.com")]
    [InlineData("https://studio.example.com?a")]
    [InlineData("https://studio.example.com#a")]
    [InlineData("studio.example.com")]
    [InlineData("ftp://studio.example.com")]
    [InlineData("null")]
    public async Task Start_WithWhatIsNoOrigin_StopsAndSaysWhere(string origin)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Access:Origins:0"] = origin }));

        Assert.Contains("Access:Origins:0: expected an origin", failure.Message, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(settings: new Dictionary<string, string?>
    {
        ["Access:Origins:0"] = "HTTPS://Studio.Example.com:443",
        ["Access:Origins:1"] = "http://localhost:3000",
        ["Access:Origins:2"] = "https://bücher.example",
    });

    private static async Task<HttpResponseMessage> PreflightAsync(TestHost host, string path, string origin)
    {
        using var client = host.Connect();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,X-DID-Agent-ID, cookie,x-evil: y,x-stainless-os");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> GetAsync(TestHost host, string origin, string key = TestHost.Key)
    {
        using var client = host.Connect();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("x-api-key", key);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
