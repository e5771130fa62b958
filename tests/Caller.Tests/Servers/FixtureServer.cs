using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Caller.Tests.Servers;

/// <summary>A model server on a free port of 127.0.0.1 that behaves as it is told.</summary>
public sealed class FixtureServer : IAsyncDisposable
{
    private const long Created = 1_790_000_000;

    private readonly WebApplication _app;
    private int _answers;

    private FixtureServer(WebApplication app) => _app = app;

    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    public static Task<FixtureServer> StartAsync(ServerBehaviour behaviour)
    {
        FixtureServer? server = null;
        return StartAsync(context => behaviour.Around(context, () => server!.HandleAsync(context, behaviour)), started => server = started);
    }

    /// <summary>Starts a server that answers every POST to /v1/chat/completions with the handler.</summary>
    public static async Task<FixtureServer> StartAsync(RequestDelegate handler, Action<FixtureServer>? created = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", handler);
        var server = new FixtureServer(app);
        created?.Invoke(server);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context, ServerBehaviour behaviour)
    {
        if (behaviour.Authorize(context.Request.Headers.Authorization) is { } stranger)
        {
            await behaviour.Refuse(context, stranger);
            return;
        }

        JsonObject body;
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            body = (JsonObject)JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted))!;
        }
        catch (JsonException)
        {
            await behaviour.Refuse(context, new Refusal(400, "invalid_json", "The body is not JSON."));
            return;
        }

        if (behaviour.Validate(body) is { } fault)
        {
            await behaviour.Refuse(context, fault);
            return;
        }

        var turn = new AskedTurn(body, $"chatcmpl-{Interlocked.Increment(ref _answers)}", Created);
        await behaviour.AroundTurn(context, turn, async () =>
        {
            if (body["stream"]?.GetValue<bool>() != true)
            {
                await behaviour.Unstreamed(context, turn);
                return;
            }

            behaviour.Headers(context.Response);
            await behaviour.Write(context, behaviour.Frames(turn, [.. behaviour.Chunks(turn)]).Select(behaviour.Encode));
        });
    }
}
