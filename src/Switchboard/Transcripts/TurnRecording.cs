using System.Text;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Platforms;
using Switchboard.Telemetry;

namespace Switchboard.Transcripts;

/// <summary>Takes down a turn while it runs: what is written to the client, and how much of it went out.</summary>
/// <param name="turn">The turn.</param>
/// <param name="heard">The last thing that the caller said; null when that is not in the request.</param>
/// <param name="notes">What the steps of the turn leave.</param>
/// <param name="startedAt">When the request came.</param>
internal sealed class TurnRecording(TurnRecord turn, ChatMessage? heard, TurnNotes notes, DateTimeOffset startedAt)
{
    private readonly StringBuilder _written = new();
    private readonly List<FunctionCallContent> _calls = [];
    private int _length;
    private int _sent;
    private int _callCount;
    private int _sentCalls;

    /// <summary>The responder of the model that answers; null before one was found.</summary>
    public string? Responder { get; set; }

    /// <summary>What the answer adds up to; null while there is none.</summary>
    public UsageDetails? Usage { get; set; }

    public void Write(string text)
    {
        _length += text.Length;
        // What is beyond the limit is not kept: a responder that never stops must not fill the memory.
        if (_written.Length <= TurnRow.MaxText)
        {
            _written.Append(text);
        }
    }

    public void Write(IEnumerable<FunctionCallContent> calls)
    {
        foreach (var call in calls)
        {
            // One more than are kept tells that there were more; a client's tools may be called without end.
            if (_callCount++ <= TurnRow.MaxActions)
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
    /// <param name="redact">Whether only lengths are kept.</param>
    /// <param name="isShortened">Whether it was too long to be kept whole.</param>
    public TurnTranscript Finish(bool redact, out bool isShortened)
    {
        // As the responder saw it: no mark of the platform in what others said.
        var said = heard is null ? "" : ImsMarks.Neutralise(heard.Text);
        var spoken = _written.ToString(0, Math.Min(_sent, _written.Length));
        var actions = Actions(spoken).ToList();
        isShortened = !redact && (said.Length > TurnRow.MaxText || spoken.Length > TurnRow.MaxText
            || actions.Count > TurnRow.MaxActions || actions.Any(action => action.Arguments!.Length > TurnRow.MaxArguments));
        return new TurnTranscript
        {
            InstanceId = turn.Call.InstanceId is { Length: > 0 } instance ? TableKey.Id(instance) : turn.RequestId,
            ChannelId = turn.Call.ChannelId is { } channel ? TableKey.Id(channel) : null,
            SentenceId = turn.Call.SentenceId is { } sentence ? TableKey.Id(sentence) : null,
            Key = turn.Key,
            RequestId = turn.RequestId,
            StartedAt = startedAt,
            Heard = redact ? null : Text(said),
            HeardLength = said.Length,
            Spoken = redact ? null : Text(spoken),
            SpokenLength = _sent,
            IsCut = turn.Outcome == TurnOutcome.CallerLeft || _sent < _length || _sentCalls < _callCount,
            Actions = [.. actions.Take(TurnRow.MaxActions).Select(action => action with
            {
                Arguments = redact ? null : StoredText.Fit(StoredText.Clean(action.Arguments!), TurnRow.MaxArguments),
            })],
            Model = StoredText.Line(Responder is null ? turn.Model ?? "" : turn.ConfiguredModel),
            Responder = Responder,
            Upstream = turn.Route == Responder ? null : turn.Route,
            Outcome = turn.Outcome,
            ErrorCode = turn.ErrorCode,
            FirstSpeechMs = turn.FirstSpeech is { } speech ? Milliseconds(speech) : null,
            DurationMs = Milliseconds(turn.Elapsed),
            PromptTokens = Usage?.InputTokenCount,
            CompletionTokens = Usage?.OutputTokenCount,
        };
    }

    private static string Text(string text) => StoredText.Clean(StoredText.Fit(text, TurnRow.MaxText));

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    // What went out: a directive is part of the text, a tool call stands beside it.
    private IEnumerable<TranscribedAction> Actions(string spoken) =>
        notes.Actions
            .Where(action => action.Content is TextContent directive && spoken.Contains(directive.Text, StringComparison.Ordinal))
            .Select(action => new TranscribedAction(action.Name, action.Arguments))
            .Concat(_calls.Take(_sentCalls).Select(call => notes.Actions.Find(action => ReferenceEquals(action.Content, call)) is { } known
                ? new TranscribedAction(known.Name, known.Arguments)
                : new TranscribedAction(StoredText.Line(call.Name), ToolCallJson.Arguments(call))));
}
