using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsApp.Tests;

/// <summary>What the deployed program exports, seen by a collector on loopback.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Export_OfATurn_HoldsItsLineAndNothingOfTheQuery()
    {
        await using var collector = await Collector.StartAsync();
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
        await using var collector = await Collector.StartAsync();
        await using var host = await PublishedWorker.StartAsync(collector.Settings.Append(new("Models__0__Id", "demo")));
        await host.Worker.ErrorAsync("No API key is configured", PublishedWorker.Cancelled);
        host.Worker.Signal("TERM");
        await host.Worker.EndAsync(PublishedWorker.Cancelled);

        Assert.Contains("No API key is configured", collector.Received("/v1/logs"), StringComparison.Ordinal);
        Assert.Single(host.Worker.Errors, line => line.Contains("No API key is configured", StringComparison.Ordinal));
    }
}

/// <summary>Takes what is exported by OTLP. Protobuf keeps texts as UTF-8, so a name can be looked for without the schema.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _received = new();
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public IEnumerable<KeyValuePair<string, string?>> Settings => [new("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.MapPost("/v1/{signal}", collector.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public string Received(string signal) => _received.GetValueOrDefault(signal, "");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.AddOrUpdate(context.Request.Path, Encoding.UTF8.GetString(body.ToArray()), (_, before) => before + Encoding.UTF8.GetString(body.ToArray()));
    }
}
