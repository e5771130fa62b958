using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Platforms;
using Switchboard.Transcripts;

namespace Switchboard.Turn;

/// <summary>
/// Streams one answer. It flushes when the next update is not ready yet: a slow responder's piece goes out at once,
/// and a burst costs few writes.
/// </summary>
internal sealed class CompletionStream(
    StreamOutput output,
    ChunkWriter chunks,
    IAsyncEnumerator<ChatResponseUpdate> updates,
    TurnRecord turn,
    TurnRecording? recording,
    TurnCancellation cancellation)
{
    // A responder that is always ready must neither fill the memory nor leave the client waiting.
    private const int MaxUnflushedBytes = 16 * 1024;

    private readonly AnswerTally _tally = new();
    private bool _hasUnflushedSpeech;
    private bool _hasUnflushedAnswer;
    private bool _isWhole;

    /// <summary>Writes the answer. Nothing is sent before its first update has something for the client, so until then a failure is a plain HTTP error.</summary>
    /// <exception cref="CallerLeftException">The client is gone.</exception>
    public async Task WriteAsync()
    {
        turn.Usage = _tally.Usage;
        while (true)
        {
            // No method of its own: it would be woken for every token.
            bool hasNext;
            try
            {
                var next = updates.MoveNextAsync();
                if (next.IsCompleted && output.UnflushedBytes < MaxUnflushedBytes)
                {
                    hasNext = await next;
                }
                else
                {
                    try
                    {
                        await FlushAsync();
                    }
                    catch
                    {
                        await AbandonAsync(next);
                        throw;
                    }

                    output.ReleaseWriter();
                    try
                    {
                        hasNext = await next;
                    }
                    finally
                    {
                        await output.AcquireWriterAsync();
                    }
                }
            }
            catch (Exception failure) when (cancellation.IsSuperseded && failure is not CallerLeftException)
            {
                // The caller is in a newer turn; this one ends as it stands, whatever a responder makes of being cancelled.
                turn.MarkCallerLeft();
                EndSuperseded();
                break;
            }
            catch (Exception failure) when (cancellation.IsStopped && output.HasStarted && failure is not CallerLeftException)
            {
                // Nothing stands in for it, and it can be no status any more: what was said is the answer.
                turn.MarkStopped();
                break;
            }

            if (!hasNext)
            {
                break;
            }

            if (output.HasStarted || AnswerTally.IsForWire(updates.Current))
            {
                output.Start();
                Write(updates.Current);
                if (chunks.IsFull)
                {
                    _tally.Cut();
                    break;
                }
            }
            else
            {
                _tally.Add(updates.Current);
            }
        }

        output.Start();
        chunks.WriteEnd(_tally.FinishReason, _tally.Usage);
        _isWhole = true;
        await FlushAsync();
    }

    /// <summary>Ends a stream that has begun with an error event, and without <c>[DONE]</c>: the answer is not whole.</summary>
    public async Task WriteErrorAsync(ApiException error)
    {
        if (!_isWhole)
        {
            chunks.WriteError(error);
            await FlushAsync();
        }
    }

    private void Write(ChatResponseUpdate update)
    {
        var firstCall = _tally.ToolCalls;
        _tally.Add(update);
        var contents = update.Contents;
        for (var position = 0; position < contents.Count; position++)
        {
            if (contents[position] is TextContent { Text: { Length: > 0 } text })
            {
                var length = chunks.WriteContent(text);
                recording?.Write(length == text.Length ? text : text[..length]);
                _hasUnflushedSpeech |= turn.FirstSpeech is null && !string.IsNullOrWhiteSpace(text);
                _hasUnflushedAnswer |= turn.FirstAnswer is null && Speakable.IsAnswer(contents[position]);
            }
        }

        if (_tally.ToolCalls > firstCall)
        {
            FunctionCallContent[] calls = [.. update.Contents.OfType<FunctionCallContent>()];
            var written = chunks.WriteToolCalls(calls, firstCall);
            _tally.ToolCalls = firstCall + written;
            recording?.Write(calls[..written]);
        }
    }

    private void EndSuperseded()
    {
        if (turn.FirstSpeech is null && !_hasUnflushedSpeech && _tally.ToolCalls == 0 && Dialects.Of(turn.Call).Answer.WhenSuperseded is { Length: > 0 } words)
        {
            output.Start();
            chunks.WriteContent(words);
        }
    }

    private async ValueTask FlushAsync()
    {
        if (output.UnflushedBytes > 0)
        {
            await output.FlushAsync();
        }

        recording?.MarkSent();
        if (_hasUnflushedSpeech || _hasUnflushedAnswer)
        {
            turn.MarkSpeech(_hasUnflushedAnswer);
            _hasUnflushedSpeech = _hasUnflushedAnswer = false;
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
        catch (Exception)
        {
            // It was told to stop; that the caller left is what is reported.
        }
    }
}
