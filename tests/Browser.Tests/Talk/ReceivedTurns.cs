using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Browser.Tests.Talk;

/// <summary>Keeps what turns the server was sent, before it answers them.</summary>
internal sealed class ReceivedTurns
{
    private readonly ConcurrentQueue<ReceivedTurn> _turns = [];

    public IReadOnlyList<ReceivedTurn> Turns => [.. _turns];

    public void Record(WebApplication app) => app.Use(async (context, next) =>
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            context.Request.EnableBuffering();
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            context.Request.Body.Position = 0;
            _turns.Enqueue(new ReceivedTurn(body.RootElement.Clone(), context.Request.QueryString.ToString(), context.Request.Headers.Authorization));
        }

        await next(context);
    });
}
