using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Browser.Tests.Talk;

/// <summary>Answers turns with a stream that Switchboard itself would not write, but something on the way may make of it.</summary>
/// <param name="Pieces">The stream, each piece written by itself.</param>
/// <param name="Break">When the connection breaks after them; null where the stream ends as it should.</param>
internal sealed record WrittenStream(IReadOnlyList<ReadOnlyMemory<byte>> Pieces, Task? Break = null)
{
    public WrittenStream(string text, Task? @break = null)
        : this([Encoding.UTF8.GetBytes(text)], @break)
    {
    }

    public void Answer(WebApplication app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach (var piece in Pieces)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        if (Break is not null)
        {
            await Break;
            context.Abort();
        }
    });
}
