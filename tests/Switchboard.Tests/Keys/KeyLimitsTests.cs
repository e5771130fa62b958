using System.Net;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Keys;

namespace Switchboard.Tests.Keys;

/// <summary>Requests a minute with one key.</summary>
public sealed class KeyLimitsTests
{
    private const string OtherKey = "other-test-key-5e2d-5e2d";

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/models")]
    public async Task Send_MoreThanTheLimit_Is429UntilThereIsRoomAgain(string path)
    {
        var time = new FakeTimeProvider();
        await using var host = await StartAsync(time, limit: "3");
        for (var count = 0; count < 3; count++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, path));
        }

        using (var refused = await SendAsync(host, path))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(20), refused.Headers.RetryAfter?.Delta);
            var error = await Json.ReadErrorAsync(refused);
            Assert.Equal("rate_limit_exceeded", error.GetProperty("code").GetString());
            Assert.Equal("rate_limit_error", error.GetProperty("type").GetString());
        }

        Assert.Equal("1", (await host.WaitForLogAsync(320)).GetStructuredStateValue("Limited"));
        time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(host, path));
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, path));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(host, path));
    }

    [Fact]
    public async Task Send_AnotherKey_HasALimitOfItsOwn()
    {
        await using var host = await StartAsync(new FakeTimeProvider(), limit: "1");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "/models"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(host, "/models"));

        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", OtherKey);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "/models"));
    }

    [Fact]
    public async Task Send_WrongKeys_CountForNobody()
    {
        await using var host = await StartAsync(new FakeTimeProvider(), limit: "1");
        using var stranger = host.Connect();
        for (var count = 0; count < 10; count++)
        {
            stranger.DefaultRequestHeaders.Authorization = new("Bearer", $"wrong-{count}");
            using var refused = await stranger.GetAsync("/models", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "/models"));
    }

    [Fact]
    public async Task Send_NoLimitSet_IsNeverRefused()
    {
        await using var host = await StartAsync(new FakeTimeProvider(), limit: null);
        for (var count = 0; count < 300; count++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "/models"));
        }
    }

    [Fact]
    public void Count_AMinute_IsNeverMoreThanTwiceTheLimitAndThenTheLimit()
    {
        var time = new FakeTimeProvider();
        var limits = new KeyLimits(requestsPerMinute: 60, time);
        var key = new KnownKey(KeyDigest.Of("key"), Name: null);
        int[] minutes = [0, 0, 0];
        foreach (var minute in Enumerable.Range(0, minutes.Length))
        {
            for (var step = 0; step < 600; step++)
            {
                minutes[minute] += IsCounted(limits, key) ? 1 : 0;
                time.Advance(TimeSpan.FromSeconds(0.1));
            }
        }

        Assert.Equal([119, 60, 60], minutes);
    }

    private static bool IsCounted(KeyLimits limits, KnownKey key)
    {
        var refusal = limits.Count(key);
        Assert.True(refusal is null or { Status: 429 });
        return refusal is null;
    }

    private static Task<TestHost> StartAsync(FakeTimeProvider time, string? limit) => TestHost.StartAsync(
        settings: new Dictionary<string, string?> { ["Access:ApiKeys:1"] = OtherKey, ["Limits:RequestsPerMinute"] = limit }, time: time);

    private static async Task<HttpStatusCode> StatusAsync(TestHost host, string path)
    {
        using var response = await SendAsync(host, path);
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(TestHost host, string path) => path.EndsWith("models", StringComparison.Ordinal)
        ? host.Client.GetAsync(path, TestContext.Current.CancellationToken)
        : host.PostAsync(Json.Request(), path);
}
