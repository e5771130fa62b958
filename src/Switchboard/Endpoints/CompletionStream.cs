using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.AI;
using Switchboard.Telemetry;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>
/// Streams one answer. It flushes when the next update is not ready yet: a slow responder's piece goes out at once,
/// and a burst costs few writes.
/// </summary>
internal sealed class CompletionStream(
    HttpResponse response, ChunkWriter chunks, IAsyncEnumerator<ChatResponseUpdate> updates, TurnRecord turn, TurnCancellation cancellation)
{
    // A responder that is always ready must neither fill the memory nor leave the client waiting.
    private const int MaxUnflushedBytes = 16 * 1024;

    private readonly PipeWriter _output = response.BodyWriter;
    private readonly AnswerTally _tally = new();
    private bool _hasUnflushedSpeech;

    /// <summary>Reads up to the first update that has something for the client. Nothing is sent yet, so a failure is still a plain HTTP error.</summary>
    /// <returns>Whether there is such an update.</returns>
    public async ValueTask<bool> WaitForStartAsync()
    {
        while (await updates.MoveNextAsync())
        {
            if (AnswerTally.IsForWire(updates.Current))
            {
                return true;
            }

            _tally.Add(updates.Current);
        }

        return false;
    }

    /// <summary>Writes the answer from its current update to the end of the stream.</summary>
    /// <exception cref="CallerLeftException">The client is gone.</exception>
    public async Task WriteAsync(bool hasUpdate, bool withUsage)
    {
        WriteHeaders();
        chunks.WriteRole();
        while (hasUpdate)
        {
            Write(updates.Current);
            hasUpdate = await AdvanceAsync();
        }

        chunks.WriteFinish(_tally.FinishReason);
        if (withUsage)
        {
            chunks.WriteUsage(_tally.Usage);
        }

        chunks.WriteDone();
        await FlushAsync();
    }

    /// <summary>Ends a stream that has begun with an error event, and without <c>[DONE]</c>: the answer is not whole.</summary>
    public async Task WriteErrorAsync(ApiException error)
    {
        chunks.WriteError(error);
        // Not the turn's token: it may be what ended the turn.
        await _output.FlushAsync(CancellationToken.None);
    }

    private void WriteHeaders()
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        // Reverse proxies such as nginx hold a response back unless they are told not to.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private void Write(ChatResponseUpdate update)
    {
        var firstCall = _tally.ToolCalls;
        _tally.Add(update);
        foreach (var content in update.Contents)
        {
            if (content is TextContent { Text: { Length: > 0 } text })
            {
                chunks.WriteContent(text);
                _hasUnflushedSpeech |= turn.FirstSpeech is null && !string.IsNullOrWhiteSpace(text);
            }
        }

        if (_tally.ToolCalls > firstCall)
        {
            chunks.WriteToolCalls([.. update.Contents.OfType<FunctionCallContent>()], firstCall);
        }
    }

    private async ValueTask<bool> AdvanceAsync()
    {
        var next = updates.MoveNextAsync();
        if (next.IsCompleted && _output.UnflushedBytes < MaxUnflushedBytes)
        {
            return await next;
        }

        try
        {
            await FlushAsync();
        }
        catch
        {
            await AbandonAsync(next);
            throw;
        }

        return await next;
    }

    private async ValueTask FlushAsync()
    {
        var flushed = await _output.FlushAsync(cancellation.Token);
        if (flushed.IsCompleted)
        {
            throw new CallerLeftException();
        }

        if (_hasUnflushedSpeech)
        {
            _hasUnflushedSpeech = false;
            turn.MarkSpeech();
        }
    }

    // An enumerator must not be disposed while it moves.
    private async Task AbandonAsync(ValueTask<bool> next)
    {
        await cancellation.CancelAsync();
        try
        {
            await next;
        }
        catch (OperationCanceledException)
        {
            // What was asked for; the caller's leaving is what is reported.
        }
    }
}
