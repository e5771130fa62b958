using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Benchmarks.Gateways;

/// <summary>
/// A model that needs no thought. It says what the user asks for (see <see cref="Ask"/>), flushing each token by itself, and ends as OpenAI does.
/// </summary>
internal static class CannedUpstream
{
    public static Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(AnswerAsync);
        return app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            // Switchboard's warm-up.
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var request = await reader.ReadToEndAsync(context.RequestAborted);
        var ask = Ask.Find(request);
        var chunks = new OpenAIChunks(OpenAIChunks.IsWanted(request));
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        var body = context.Response.BodyWriter;
        chunks.WriteRole(body);
        using var pace = ask.Pace > TimeSpan.Zero ? new PeriodicTimer(ask.Pace, TimeProvider.System) : null;
        for (var token = 0; token < ask.Tokens; token++)
        {
            if (pace is not null && token > 0)
            {
                await pace.WaitForNextTickAsync(context.RequestAborted);
            }

            WriteToken(body, chunks, ask, token);
            await body.FlushAsync(context.RequestAborted);
        }

        chunks.WriteEnd(body);
    }

    private static void WriteToken(PipeWriter body, OpenAIChunks chunks, Ask ask, int token)
    {
        Span<byte> text = stackalloc byte[Ask.MaxTokenBytes];
        chunks.WriteToken(body, text[..ask.Write(token, text)]);
    }
}
