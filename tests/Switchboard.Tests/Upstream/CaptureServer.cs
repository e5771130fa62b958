using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Tests.Upstream;

/// <summary>A Kestrel that keeps the body of each request by the path it came on, and answers well.</summary>
public sealed class CaptureServer : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> _bodies = new();
    private WebApplication? _app;

    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await Loopback.StartAsync(app => app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            _bodies[context.Request.Path] = await reader.ReadToEndAsync(context.RequestAborted);
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(Sse.Answer(Failures.Words), context.RequestAborted);
        }));
        Address = new Uri(_app.Urls.Single());
    }

    public JsonNode Body(string path) => JsonNode.Parse(_bodies[path])!;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
