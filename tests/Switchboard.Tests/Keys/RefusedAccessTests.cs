using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Common;

namespace Switchboard.Tests.Keys;

/// <summary>What those who have no key leave behind.</summary>
public sealed class RefusedAccessTests
{
    [Theory]
    [InlineData("/v1/chat/completions", TestHost.Key, "invalid_api_key")]
    [InlineData("/v1/models", TestHost.Key, "invalid_api_key")]
    [InlineData("/calls", TestHost.Key, "invalid_api_key")]
    [InlineData("/v1/chat/completions", null, "access_unavailable")]
    public async Task Send_ManyWithoutAGoodKey_AreCountedAndLoggedOnceAMinute(string path, string? key, string code)
    {
        var time = new FakeTimeProvider();
        await using var host = await TestHost.StartAsync(
            settings: new Dictionary<string, string?>
            {
                ["Access:ApiKeys:0"] = key,
                ["Access:OperatorKeys:0"] = "operator-test-key-9a4c-9a4c",
                ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true",
                ["Logging:LogLevel:Switchboard"] = "Trace",
            },
            time: time);
        using var refused = new MetricCollector<long>(host.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, "switchboard.access.refused");
        using var stranger = host.Connect();
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");

        await SendAsync(stranger, path, 50);
        time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(stranger, path, 1);

        var lines = host.Logs.GetSnapshot().Where(line => line.Level >= LogLevel.Information && line.Id.Id is not ((>= 300 and < 320) or 525)).ToList();
        Assert.All(lines, line => Assert.Equal((320, LogLevel.Warning), (line.Id.Id, line.Level)));
        var state = code == "access_unavailable" ? "Unavailable" : "Rejected";
        Assert.Equal(["1", "50"], lines.Select(line => line.GetStructuredStateValue(state)));
        Assert.Equal(51, refused.GetMeasurementSnapshot().EvaluateAsCounter());
        Assert.All(refused.GetMeasurementSnapshot(), measurement => Assert.Equal(code, measurement.Tags["error.type"]));
    }

    [Fact]
    public async Task Send_BadBodyWithoutAKey_IsRefusedBeforeTheBodyIsLookedAt()
    {
        await using var host = await TestHost.StartAsync();
        using var stranger = host.Connect();
        using var response = await stranger.PostAsync("/v1/chat/completions", new StringContent("no JSON"), TestContext.Current.CancellationToken);

        Assert.Equal(401, (int)response.StatusCode);
        await host.WaitForLogAsync(320);
        Assert.DoesNotContain(host.Logs.GetSnapshot(), line => line.Id.Id == 100);
    }

    [Fact]
    public async Task Send_WithoutAKey_LeavesNoTrace()
    {
        var recorded = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SwitchboardSource.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => recorded[$"{activity.GetTagItem("switchboard.request_id")}"] = activity.Recorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await TestHost.StartAsync();
        using var stranger = host.Connect();

        using var refused = await stranger.PostAsync("/v1/chat/completions", Json.Content(Json.Request()), TestContext.Current.CancellationToken);
        using var answered = await host.PostAsync(Json.Request());
        await answered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await host.WaitForTurnEndAsync();

        Assert.False(recorded[refused.Headers.GetValues("x-request-id").Single()]);
        Assert.True(recorded[answered.Headers.GetValues("x-request-id").Single()]);
    }

    private static async Task SendAsync(HttpClient client, string path, int times)
    {
        for (var count = 0; count < times; count++)
        {
            var isPost = path.EndsWith("completions", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(isPost ? HttpMethod.Post : HttpMethod.Get, path) { Content = isPost ? Json.Content(Json.Request()) : null };
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode is 401 or 503, $"{response.StatusCode}");
        }
    }
}
