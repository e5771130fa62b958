using System.Net;

namespace Switchboard.Tests.Http;

/// <summary>The models and the health routes.</summary>
public sealed class SmallEndpointTests
{
    [Theory]
    [InlineData("/models")]
    [InlineData("/v1/models")]
    public async Task GetModels_WithAKey_ListsTheIds(string path)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1767225600));
        await using var host = await TestHost.StartAsync(time: time);

        Assert.Equal(
            """{"data":[{"id":"demo","created":1767225600,"object":"model","owned_by":"switchboard"}],"object":"list"}""",
            await host.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetModels_WithoutAKey_Is401()
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();
        using var response = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task GetHealth_KeysLoaded_IsLiveAndReady()
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();

        Assert.Equal("""{"status":"live"}""", await client.GetStringAsync("/health/live", TestContext.Current.CancellationToken));
        Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task HeadHealth_AsAProbeAsks_IsTheStatusWithoutABody(string path)
    {
        await using var host = await TestHost.StartAsync();
        using var client = host.Connect();
        using var response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetReady_NoKeys_Is503AndSaysWhy()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Access:ApiKeys:0"] = null });
        using var response = await host.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("no API key is configured", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
