using System.Net;

namespace FunctionsApp.Tests;

/// <summary>Turns that wait to be stored when the worker is told to end.</summary>
public sealed class TranscriptsAtTheEndTests
{
    private const int Turns = 20;

    private static CancellationToken Cancelled => PublishedWorker.Cancelled;

    [Fact]
    public async Task Worker_EndsWithTurnsWaiting_StoresThemAll()
    {
        await using var azurite = await Azurite.StartNewAsync();
        IEnumerable<KeyValuePair<string, string?>> settings =
            [.. PublishedWorker.Settings, new("Transcripts__ConnectionString", azurite.ConnectionString), new("Access__OperatorKeys__0", PublishedWorker.OperatorKey)];
        await using (var host = await PublishedWorker.StartAsync(settings))
        {
            await TurnsAsync(host.Address);
            host.Worker.Signal("TERM");
            Assert.Equal(200, await host.Worker.EndAsync(Cancelled));
            Assert.DoesNotContain(host.Worker.Errors, line => line.Contains("transcripts were stored", StringComparison.Ordinal));
        }

        await using var next = await PublishedWorker.StartAsync(settings);
        using var operators = new Client(next.Address, PublishedWorker.OperatorKey);
        using var call = await operators.GetAsync("calls/call-1");
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        Assert.Equal(Turns, (await call.Content.ReadAsStringAsync(Cancelled)).Split("\"sentenceId\"").Length - 1);
    }

    [Fact]
    public async Task Worker_EndsWhileTheTableServiceHangs_CountsAndLogsWhatIsLost()
    {
        await using var hanging = await Loopback.StartSilentAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using var host = await PublishedWorker.StartAsync(
            [.. PublishedWorker.Settings, .. collector.Settings, new("Transcripts__ConnectionString", Azurite.ConnectionTo(new Uri(hanging.Urls.Single()).Port))]);
        await TurnsAsync(host.Address);
        host.Worker.Signal("TERM");

        Assert.Equal(200, await host.Worker.EndAsync(Cancelled));
        Assert.Single(host.Worker.Errors, line => line.Contains($"The app stopped before {Turns} transcripts were stored", StringComparison.Ordinal));
        Assert.Contains("switchboard.transcripts.dropped", collector.Received("/v1/metrics"), StringComparison.Ordinal);
    }

    private static async Task TurnsAsync(Uri address)
    {
        using var client = new Client(address);
        for (var turn = 1; turn <= Turns; turn++)
        {
            using var response = await client.PostAsync(Client.Turn("demo", more: $$""","extendData":{"instanceId":"call-1","channelId":"1","sentenceId":{{turn}}}"""));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
