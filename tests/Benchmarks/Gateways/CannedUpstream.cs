using System.Buffers;
using System.IO.Pipelines;
using System.Text;
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
    private const string Head =
        """data: {"id":"chatcmpl-CCF0p7Yc1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_b8","choices":[{"index":0,"delta":""";

    private static readonly byte[] TokenStart = Encoding.UTF8.GetBytes(Head + """{"content":" """[..^1]);
    private static readonly byte[] TokenEnd = Encoding.UTF8.GetBytes("\"" + """},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"q8X"}""" + "\n\n");

    private static readonly byte[] Role = Encoding.UTF8.GetBytes(
        Head + """{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"q8X"}""" + "\n\n");

    private static readonly byte[] End = Encoding.UTF8.GetBytes(
        Head + """{},"logprobs":null,"finish_reason":"stop"}],"usage":null,"obfuscation":"q8X"}""" + "\n\ndata: [DONE]\n\n");

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
        var ask = Ask.Find(await reader.ReadToEndAsync(context.RequestAborted));
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        var body = context.Response.BodyWriter;
        body.Write(Role);
        using var pace = ask.Pace > TimeSpan.Zero ? new PeriodicTimer(ask.Pace, TimeProvider.System) : null;
        for (var token = 0; token < ask.Tokens; token++)
        {
            if (pace is not null && token > 0)
            {
                await pace.WaitForNextTickAsync(context.RequestAborted);
            }

            WriteToken(body, ask, token);
            await body.FlushAsync(context.RequestAborted);
        }

        body.Write(End);
    }

    private static void WriteToken(PipeWriter body, Ask ask, int token)
    {
        body.Write(TokenStart);
        body.Advance(ask.Write(token, body.GetSpan(Ask.MaxTokenBytes)));
        body.Write(TokenEnd);
    }
}
