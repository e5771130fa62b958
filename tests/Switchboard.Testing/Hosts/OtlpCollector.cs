using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Testing;

/// <summary>Takes what is exported by OTLP. Protobuf keeps texts as UTF-8, so a name can be looked for without the schema.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _received = new();
    private WebApplication _app = null!;

    /// <summary>The settings of an app that exports to it.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings => [new("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        collector._app = await Loopback.StartAsync(app => app.MapPost("/v1/{signal}", collector.TakeAsync));
        return collector;
    }

    /// <param name="signal">The path of the signal, such as <c>/v1/traces</c>.</param>
    public string Received(string signal) => _received.GetValueOrDefault(signal, "");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.AddOrUpdate(context.Request.Path, Encoding.UTF8.GetString(body.ToArray()), (_, before) => before + Encoding.UTF8.GetString(body.ToArray()));
    }
}
