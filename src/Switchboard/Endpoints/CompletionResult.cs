using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Switchboard.Transcripts;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>An answer that is not streamed, ready to be sent.</summary>
internal sealed class CompletionResult : IResult
{
    private readonly ArrayBufferWriter<byte> _body = new();

    private readonly TurnRecording? _recording;

    private CompletionResult(CompletionHead head, CompletedAnswer answer, TurnRecording? recording)
    {
        _recording = recording;
        CompletionWriter.Write(_body, head, answer);
    }

    /// <summary>Reads a whole answer. What can fail fails here, where it is still the turn's.</summary>
    public static async Task<CompletionResult> CollectAsync(CompletionHead head, IAsyncEnumerable<ChatResponseUpdate> updates, TurnRecording? recording)
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

        var answer = new CompletedAnswer(text.ToString(), [.. calls], tally.FinishReason, tally.Usage);
        recording?.Usage = tally.Usage;
        recording?.Write(answer.Text);
        recording?.Write(calls);
        return new CompletionResult(head, answer, recording);
    }

    /// <summary>An answer that nobody waits for any more.</summary>
    public static CompletionResult Empty(CompletionHead head) => new(head, new CompletedAnswer("", [], FinishReasons.Stop, new UsageDetails()), recording: null);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = _body.WrittenCount;
        // Without a token: a client that is gone makes the flush end, not throw.
        var written = await httpContext.Response.BodyWriter.WriteAsync(_body.WrittenMemory, CancellationToken.None);
        if (!written.IsCompleted)
        {
            _recording?.MarkSent();
        }
    }
}
