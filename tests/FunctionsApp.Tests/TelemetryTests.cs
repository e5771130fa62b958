namespace FunctionsApp.Tests;

/// <summary>What the deployed program exports, seen by a collector on loopback.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Export_OfATurn_HoldsItsLineAndNothingOfTheQuery()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var host = await PublishedWorker.StartAsync(PublishedWorker.Settings.Concat(collector.Settings));
        using var client = new Client(host.Address);
        using var turn = await client.SendAsync(HttpMethod.Post, "v1/chat/completions?api_key=secret-of-the-query", Client.Turn("demo"));
        host.Worker.Signal("TERM");
        await host.Worker.EndAsync(PublishedWorker.Cancelled);

        Assert.Contains("Turn ended", collector.Received("/v1/logs"), StringComparison.Ordinal);
        Assert.Contains("switchboard.turn", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("switchboard.turns", collector.Received("/v1/metrics"), StringComparison.Ordinal);
        foreach (var signal in (string[])["/v1/logs", "/v1/traces", "/v1/metrics"])
        {
            Assert.DoesNotContain("secret-of-the-query", collector.Received(signal), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Microsoft.AspNetCore", collector.Received("/v1/logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OfWhatBelongsToNoCall_StandsOnStandardErrorToo()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var host = await PublishedWorker.StartAsync(collector.Settings.Append(new("Models__0__Id", "demo")));
        await host.Worker.ErrorAsync("No API key is configured", PublishedWorker.Cancelled);
        host.Worker.Signal("TERM");
        await host.Worker.EndAsync(PublishedWorker.Cancelled);

        Assert.Contains("No API key is configured", collector.Received("/v1/logs"), StringComparison.Ordinal);
        Assert.Single(host.Worker.Errors, line => line.Contains("No API key is configured", StringComparison.Ordinal));
    }
}
