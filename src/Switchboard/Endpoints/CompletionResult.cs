using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>An answer that is not streamed.</summary>
internal sealed class CompletionResult(CompletionHead head, CompletedAnswer answer) : IResult
{
    /// <summary>Reads a whole answer.</summary>
    public static async Task<CompletedAnswer> CollectAsync(IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        var tally = new AnswerTally();
        var text = new StringBuilder();
        var calls = new List<FunctionCallContent>();
        await foreach (var update in updates)
        {
            tally.Add(update);
            text.Append(update.Text);
            calls.AddRange(update.Contents.OfType<FunctionCallContent>());
        }

        return new CompletedAnswer(text.ToString(), [.. calls], tally.FinishReason, tally.Usage);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        CompletionWriter.Write(httpContext.Response.BodyWriter, head, answer);
        await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
