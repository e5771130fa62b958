using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Switchboard.Testing;

namespace Caller.Tests.Servers;

/// <summary>A model server on a free port of 127.0.0.1 that behaves as it is told.</summary>
public sealed class FixtureServer : IAsyncDisposable
{
    private const long Created = 1_790_000_000;

    private WebApplication _app = null!;
    private int _answers;

    private FixtureServer()
    {
    }

    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    public static async Task<FixtureServer> StartAsync(ServerBehaviour behaviour)
    {
        var server = new FixtureServer();
        await server.ListenAsync(context => behaviour.Around(context, () => server.HandleAsync(context, behaviour)));
        return server;
    }

    /// <summary>Starts a server that takes the other spellings of the path as well, and lists its models.</summary>
    public static async Task<FixtureServer> StartLenientAsync(ServerBehaviour behaviour)
    {
        var server = new FixtureServer();
        RequestDelegate turn = context => behaviour.Around(context, () => server.HandleAsync(context, behaviour));
        server._app = await Loopback.StartAsync(app =>
        {
            app.MapPost("/v1/chat/completions", turn);
            app.MapPost("/v1/chat/completions/chat/completions", turn);
            app.MapGet("/v1/models", ListAsync);
            app.MapGet("/v1/chat/completions/models", ListAsync);
        });
        return server;

        Task ListAsync(HttpContext context)
        {
            behaviour.List(context);
            return Conforming.WriteJsonAsync(context, new JsonObject { ["object"] = "list", ["data"] = new JsonArray() });
        }
    }

    /// <summary>Starts a server that answers every POST to /v1/chat/completions with the handler.</summary>
    public static async Task<FixtureServer> StartAsync(RequestDelegate handler)
    {
        var server = new FixtureServer();
        await server.ListenAsync(handler);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ListenAsync(RequestDelegate handler) =>
        _app = await Loopback.StartAsync(app => app.MapPost("/v1/chat/completions", handler));

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

        if (behaviour.Validate(body) is { } failure)
        {
            await behaviour.Refuse(context, failure);
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
