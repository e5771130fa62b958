using System.Net;
using System.Text.Json;
using Switchboard.Failover;

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
    [InlineData("/console")]
    public async Task Head_AsAProbeAsks_IsTheStatusWithoutABody(string path)
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Console:Enabled"] = "true" });
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

    [Theory]
    [InlineData(TestHost.Key, true)]
    [InlineData("a-key-that-nobody-knows", false)]
    [InlineData(null, false)]
    public async Task GetReady_AnUpstreamKeepsFailing_IsNamedToWhoHasAKey(string? key, bool isTold)
    {
        await using var first = FaultyUpstream.Start(Failures.Status(401));
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);
        using var client = rig.Host.Connect();
        client.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);
        for (var turn = 0; turn < Circuit.MinimumTurns; turn++)
        {
            (await rig.AskAsync()).AssertSays("Second.");
        }

        rig.Time.Advance(TimeSpan.FromSeconds(40));
        using var ready = JsonDocument.Parse(await client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken));

        Assert.Equal("ready", ready.RootElement.GetProperty("status").GetString());
        Assert.Equal(
            isTold ? [$"upstream: {first.BaseUrl.Authority} keeps failing, last seen 00:00:40 ago: it answered with status 401"] : Array.Empty<string?>(),
            ready.RootElement.TryGetProperty("warnings", out var warnings) ? warnings.EnumerateArray().Select(warning => warning.GetString()) : []);
    }

    [Fact]
    public async Task GetReady_TheOnlyUpstreamFailsAndIsWellAgain_IsNamedUntilThen()
    {
        await using var only = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Status(503), Circuit.MinimumTurns), Failures.Answer()]);
        await using var rig = await TurnRig.StartAsync([only]);
        for (var turn = 0; turn < Circuit.MinimumTurns; turn++)
        {
            (await rig.AskAsync()).AssertFails("upstream_error");
        }

        Assert.Contains(only.BaseUrl.Authority, await rig.Host.Client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await rig.AskAsync();

        Assert.Equal("""{"status":"ready"}""", await rig.Host.Client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken));
    }
}
