using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Telemetry;

namespace Switchboard.Transcripts;

/// <summary>Takes turns down and hands each over to be stored.</summary>
/// <param name="queue">Where they wait.</param>
/// <param name="redact">Whether only lengths are kept.</param>
/// <param name="report">Counts what was shortened.</param>
/// <param name="time">The clock.</param>
internal sealed class Transcriber(TranscriptQueue queue, bool redact, TranscriptReport report, TimeProvider time)
{
    /// <summary>
    /// Begins to take down a turn. It is handed over when the response is complete: the client has all of it by then, be it a stream,
    /// a whole answer or an error, so that no word and no <c>[DONE]</c> ever waits for this.
    /// </summary>
    public TurnRecording Begin(HttpResponse response, TurnRecord turn, IReadOnlyList<ChatMessage> messages, TurnNotes notes)
    {
        var recording = new TurnRecording(turn, messages.LastOrDefault(message => message.Role == ChatRole.User), notes, time.GetUtcNow() - turn.Elapsed);
        response.OnCompleted(() =>
        {
            try
            {
                var transcript = recording.Finish(redact, out var isShortened);
                if (isShortened)
                {
                    report.Shortened();
                }

                queue.Enqueue(transcript);
            }
            catch (Exception fault)
            {
                // The server would log its message, which may quote what was said, and nobody would count the loss.
                report.RejectedFor(fault);
            }

            return Task.CompletedTask;
        });
        return recording;
    }
}
