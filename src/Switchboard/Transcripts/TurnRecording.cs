using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Masks;
using Switchboard.Platforms;

namespace Switchboard.Transcripts;

/// <summary>Takes turns down and hands each over to be stored.</summary>
/// <param name="queue">Where they wait.</param>
/// <param name="options">What is kept.</param>
/// <param name="report">Counts.</param>
/// <param name="numbers">Masks numbers; null where none are masked.</param>
internal sealed class Transcriber(TranscriptQueue queue, TranscriptsOptions options, TranscriptReport report, NumberMask? numbers = null)
{
    /// <summary>
    /// Begins to take down a turn. It is handed over when the response is complete: the client has all of it by then, be it a stream,
    /// a whole answer or an error, so that no word and no <c>[DONE]</c> ever waits for this.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="messages">The request's; the last that the caller said is kept.</param>
    /// <param name="call">The call, whose numbers are masked wherever they stand.</param>
    /// <param name="notes">What the steps of the turn leave.</param>
    /// <param name="end">Tells, when the response is complete, all else of the turn: ids as the platform sent them, and no text.</param>
    public TurnRecording Begin(HttpResponse response, IReadOnlyList<ChatMessage> messages, CallContext call, TurnNotes notes, Func<TurnTranscript> end)
    {
        var recording = new TurnRecording(messages.LastOrDefault(message => message.Role == ChatRole.User), notes);
        response.OnCompleted(() =>
        {
            try
            {
                var transcript = recording.Finish(end(), options.Redact, MaskOf(call.Direction, call.CallerNumber, call.CalleeNumber), out var isShortened);
                if (isShortened)
                {
                    report.Shortened();
                }

                queue.Enqueue(transcript with { Caller = Number(call.Direction == CallDirection.Outbound ? call.CalleeNumber : call.CallerNumber, isPersons: true) });
            }
            catch (Exception failure)
            {
                // The server would log its message, which may quote what was said, and nobody would count the loss.
                report.RejectedFor(failure);
            }

            return Task.CompletedTask;
        });
        return recording;
    }

    /// <summary>
    /// Takes down what the platform told of a call, as the request said it; what is in it is made fit to be stored, and of the number of the person
    /// the last four digits alone are kept, or none where numbers are masked.
    /// </summary>
    public void Note(CallEvent told)
    {
        if (told.IsEmpty)
        {
            return;
        }

        var isInbound = told.Direction == CallDirection.Inbound;
        var mask = MaskOf(told.Direction, told.CallerNumber, told.CalleeNumber);
        queue.Enqueue(told with
        {
            InstanceId = TableKey.Id(told.InstanceId),
            Key = CallEvent.Owner,
            ChannelId = told.ChannelId is { } channel ? TableKey.Id(channel) : null,
            SentenceId = told.SentenceId is { } sentence ? TableKey.Id(sentence) : null,
            Ending = told.Ending is not { } ending ? null
                : ending with { Code = ending.Code is { } code ? StoredText.Line(code) : null, Message = ending.Message is { } message ? StoredText.Line(mask?.Text(message) ?? message) : null },
            CallerNumber = Number(told.CallerNumber, told.Direction is null || isInbound),
            CalleeNumber = Number(told.CalleeNumber, !isInbound),
            Lines = [.. told.Lines.Select(line => Fit(line, mask))],
        });
    }

    // Of an outbound call the person is who is called.
    private CallMask? MaskOf(string? direction, string? caller, string? callee) =>
        direction == CallDirection.Outbound ? numbers?.Of(callee, caller) : numbers?.Of(caller, callee);

    private SaidLine Fit(SaidLine line, CallMask? mask)
    {
        var text = line.IsCallers ? ImsMarks.Neutralise(line.Text ?? "") : line.Text ?? "";
        return line with { Id = StoredText.Line(line.Id), Length = text.Length, Text = options.Redact is Redaction.All ? null : StoredText.Clean(StoredText.Fit(mask?.Text(text) ?? text, SaidLine.MaxText)) };
    }

    // That of the own line is no secret of a caller's.
    private string? Number(string? number, bool isPersons)
    {
        const int Shown = 4;
        if (number is null || (isPersons && options.Redact is Redaction.All))
        {
            return null;
        }

        if (isPersons && options.Redact is Redaction.Numbers)
        {
            return Mark.Phone;
        }

        // Of a short one so much would be nearly all of it.
        var hidden = !isPersons ? 0 : number.Length > 2 * Shown ? number.Length - Shown : number.Length;
        return StoredText.Line($"{new string('*', hidden)}{number[hidden..]}");
    }
}

/// <summary>Takes down a turn while it runs: what is written to the client, and how much of it went out.</summary>
/// <param name="heard">The last thing that the caller said; null when that is not in the request.</param>
/// <param name="notes">What the steps of the turn leave.</param>
internal sealed class TurnRecording(ChatMessage? heard, TurnNotes notes)
{
    private readonly StringBuilder _written = new();
    private readonly List<FunctionCallContent> _calls = [];
    private int _length;
    private int _sent;
    private int _callCount;
    private int _sentCalls;

    public void Write(string text)
    {
        _length += text.Length;
        // What is beyond the limit is not kept: a responder that never stops must not fill the memory.
        if (_written.Length <= TurnTranscript.MaxText)
        {
            _written.Append(text);
        }
    }

    public void Write(IEnumerable<FunctionCallContent> calls)
    {
        foreach (var call in calls)
        {
            // One more than are kept tells that there were more; a client's tools may be called without end.
            if (_callCount++ <= TurnTranscript.MaxActions)
            {
                _calls.Add(call);
            }
        }
    }

    /// <summary>What was written has been handed to the connection.</summary>
    public void MarkSent()
    {
        _sent = _length;
        _sentCalls = _callCount;
    }

    /// <summary>The turn as it is kept, when it is over.</summary>
    /// <param name="turn">What else is known of it: ids as the platform sent them, and no text.</param>
    /// <param name="redaction">What is left out.</param>
    /// <param name="mask">Masks numbers; null where none are masked.</param>
    /// <param name="isShortened">Whether it was too long to be kept whole.</param>
    public TurnTranscript Finish(TurnTranscript turn, Redaction redaction, CallMask? mask, out bool isShortened)
    {
        var redact = redaction is Redaction.All;
        // As the responder saw it: no mark of the platform in what others said.
        var said = heard is null ? "" : ImsMarks.Neutralise(heard.Text);
        var spoken = _written.ToString(0, Math.Min(_sent, _written.Length));
        var actions = Actions(spoken).Select(action => mask is null ? action : action with { Arguments = MaskedJson.Of(mask, action.Arguments!) }).ToList();
        isShortened = !redact && (said.Length > TurnTranscript.MaxText || spoken.Length > TurnTranscript.MaxText
            || actions.Count > TurnTranscript.MaxActions || actions.Any(action => action.Arguments!.Length > TurnTranscript.MaxArguments));
        return turn with
        {
            InstanceId = TableKey.Id(turn.InstanceId),
            ChannelId = turn.ChannelId is { } channel ? TableKey.Id(channel) : null,
            SentenceId = turn.SentenceId is { } sentence ? TableKey.Id(sentence) : null,
            Heard = redact ? null : Text(said, mask),
            HeardLength = said.Length,
            Spoken = redact ? null : Text(spoken, mask),
            SpokenLength = _sent,
            IsCut = turn.IsCut || _sent < _length || _sentCalls < _callCount,
            Actions = [.. actions.Take(TurnTranscript.MaxActions).Select(action => action with
            {
                Arguments = redact ? null : StoredText.Fit(StoredText.Clean(action.Arguments!), TurnTranscript.MaxArguments),
            })],
            Model = turn.Model is { } model ? StoredText.Line(model) : null,
        };
    }

    // Masked before it is cut: half a number is none.
    private static string Text(string text, CallMask? mask) => StoredText.Clean(StoredText.Fit(mask is null ? text : Masked(text, mask), TurnTranscript.MaxText));

    // Of what is far too long only what may be kept is looked at, and not the number that the cut goes through.
    private static string Masked(string text, CallMask mask)
    {
        const int Beyond = 1024;
        const int LongestNumber = 256;
        return text.Length <= TurnTranscript.MaxText ? mask.Text(text)
            : mask.Text(TextCut.Cut(text, TurnTranscript.MaxText + Beyond)) is var masked && masked.Length > LongestNumber ? TextCut.Cut(masked, masked.Length - LongestNumber) + StoredText.Cut : "";
    }

    // What went out: a directive is part of the text, a tool call stands beside it. What the platform has no form for is told by its name.
    private IEnumerable<TranscribedAction> Actions(string spoken) =>
        notes.Actions
            .Where(action => action.Content is null || (action.Content is TextContent directive && spoken.Contains(directive.Text, StringComparison.Ordinal)))
            .Select(action => new TranscribedAction(action.Name, action.Arguments))
            .Concat(_calls.Take(_sentCalls).Select(call => notes.Actions.Find(action => ReferenceEquals(action.Content, call)) is { } known
                ? new TranscribedAction(known.Name, known.Arguments)
                : new TranscribedAction(StoredText.Line(call.Name), ToolCallJson.Arguments(call))));
}
