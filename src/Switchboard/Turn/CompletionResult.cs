using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Transcripts;

namespace Switchboard.Turn;

/// <summary>An answer that is not streamed, ready to be sent.</summary>
internal sealed class CompletionResult
{
    /// <summary>
    /// The most that is collected, in UTF-16 characters, tool calls included: more than four hours of speech. What an upstream sends
    /// beyond it would only fill the memory.
    /// </summary>
    public const int MaxLength = 256 * 1024;

    // A call costs more than its text.
    private const int CallLength = 64;

    private readonly ArrayBufferWriter<byte> _body = new();

    private readonly TurnRecording? _recording;

    /// <summary>Whether there is anything to hear in it.</summary>
    public bool IsHeard { get; private init; }

    /// <summary>Whether the responder itself said anything of it.</summary>
    public bool IsAnswered { get; private init; }

    private CompletionResult(CompletionHead head, AnswerForm form, CompletedAnswer answer, TurnRecording? recording)
    {
        _recording = recording;
        CompletionWriter.Write(_body, head, answer, form);
    }

    /// <summary>
    /// Reads a whole answer, up to <see cref="MaxLength"/>: then the responder is left, and the answer ends as one whose tokens were used up.
    /// What can fail fails here, where it is still the turn's.
    /// </summary>
    public static async Task<CompletionResult> CollectAsync(CompletionHead head, AnswerForm form, IAsyncEnumerable<ChatResponseUpdate> updates, TurnRecord turn, TurnRecording? recording)
    {
        var tally = new AnswerTally();
        var text = new StringBuilder();
        var calls = new List<FunctionCallContent>();
        var room = MaxLength;
        var isAnswered = false;
        turn.Usage = tally.Usage;
        await foreach (var update in updates)
        {
            tally.Add(update);
            isAnswered = isAnswered || update.Contents.Any(Speakable.IsAnswer);
            if (!TryTake(update, text, calls, ref room))
            {
                tally.Cut();
                break;
            }
        }

        var answer = new CompletedAnswer(text.ToString(), [.. calls], FinishReasons.ToWire(tally.Reason, calls.Count > 0), tally.Usage);
        recording?.Write(answer.Text);
        recording?.Write(calls);
        return new CompletionResult(head, form, answer, recording) { IsHeard = !string.IsNullOrWhiteSpace(answer.Text), IsAnswered = isAnswered };
    }

    /// <summary>An answer that nobody waits for any more.</summary>
    public static CompletionResult Superseded(CompletionHead head, AnswerForm form) =>
        new(head, form, new CompletedAnswer(form.WhenSuperseded, [], FinishReasons.Stop, new UsageDetails()), recording: null);

    /// <summary>Sends it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cutOff">Ends the wait for a client that does not read.</param>
    /// <exception cref="CallerLeftException">The client is gone, or did not take the answer in time.</exception>
    public async Task WriteAsync(HttpContext context, CancellationToken cutOff)
    {
        // Whatever the responder made of it: nobody is there who could take the answer.
        if (context.RequestAborted.IsCancellationRequested)
        {
            throw new CallerLeftException();
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = _body.WrittenCount;
        await StreamOutput.FlushAsync(context.Response.BodyWriter.WriteAsync(_body.WrittenMemory, cutOff), context, cutOff);
        _recording?.MarkSent();
    }

    // False when it was more than there is room for.
    private static bool TryTake(ChatResponseUpdate update, StringBuilder text, List<FunctionCallContent> calls, ref int room)
    {
        foreach (var content in update.Contents)
        {
            if (content is TextContent { Text: { } said })
            {
                if (said.Length > room)
                {
                    text.Append(said.AsSpan(0, TextCut.Length(said, room)));
                    return false;
                }

                text.Append(said);
                room -= said.Length;
            }
            else if (content is FunctionCallContent call)
            {
                room -= CallLength + call.CallId.Length + call.Name.Length + ToolCallJson.Arguments(call).Length + Thoughts.Length(call);
                if (room < 0)
                {
                    return false;
                }

                calls.Add(call);
            }
        }

        return true;
    }
}
