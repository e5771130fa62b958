using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Transcripts;

namespace Switchboard.Turn;

/// <summary>What is known of one turn while it runs; the source of its log line.</summary>
internal sealed class TurnRecord(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public string RequestId { get; } = Common.RequestId.New();

    /// <summary>The key that the turn was asked with, by the first 8 hex digits of its digest; null before one was accepted.</summary>
    public string? Key { get; set; }

    public CallContext Call { get; set; } = new();

    /// <summary>What its steps leave; null before it was read.</summary>
    public TurnNotes? Notes { get; set; }

    /// <summary>The model id, as requested.</summary>
    public string? Model { get; set; }

    /// <summary>The configured model that answers: one of few, fit for a metric, unlike what a request may say.</summary>
    public string ConfiguredModel { get; set; } = "none";

    /// <summary>The responder of the model that answers; null before one was found.</summary>
    public string? Responder { get; set; }

    public string Outcome { get; private set; } = TurnOutcome.Completed;

    /// <summary>The route that answered, such as an upstream's host; null when none did.</summary>
    public string? Route { get; set; }

    /// <summary>The code of the error that ended the turn; null when none did.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>How the responder failed, without anything that was said; null when it did not.</summary>
    public string? Failure { get; set; }

    /// <summary>What the answer has used so far; null where there is none.</summary>
    public UsageDetails? Usage { get; set; }

    /// <summary>Time from the request's arrival to the first speakable text sent; null while there was none.</summary>
    public TimeSpan? FirstSpeech { get; private set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public void MarkSpeech() => FirstSpeech ??= Elapsed;

    public void MarkCallerLeft() => Outcome = TurnOutcome.CallerLeft;

    /// <summary>The caller heard an apology in the place of what <paramref name="error"/> says.</summary>
    public void MarkApology(ApiException error)
    {
        Outcome = TurnOutcome.Apologised;
        ErrorCode = error.Code;
    }

    public void MarkError(ApiException error)
    {
        Outcome = error.IsRefusal ? TurnOutcome.Refused : TurnOutcome.Failed;
        ErrorCode = error.Code;
    }

    /// <summary>What its transcript holds beside what was said.</summary>
    public TurnTranscript ToTranscript() => new()
    {
        InstanceId = Call.InstanceId is { Length: > 0 } instance ? instance : RequestId,
        ChannelId = Call.ChannelId,
        Platform = Call.Platform,
        SentenceId = Call.SentenceId,
        Key = Key,
        RequestId = RequestId,
        StartedAt = StartedAt,
        IsCut = Outcome == TurnOutcome.CallerLeft,
        Model = Responder is null ? Model : ConfiguredModel,
        Responder = Responder,
        Upstream = Route == Responder ? null : Route,
        Outcome = Outcome,
        ErrorCode = ErrorCode,
        FirstSpeechMs = FirstSpeech is { } speech ? Milliseconds(speech) : null,
        DurationMs = Milliseconds(Elapsed),
    };

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
