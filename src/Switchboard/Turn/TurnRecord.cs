using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Transcripts;

namespace Switchboard.Turn;

/// <summary>What is known of one turn while it runs; the source of its log line.</summary>
internal sealed class TurnRecord(TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private Exception? _cause;
    private TimeSpan? _duration;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public string RequestId { get; } = Common.RequestId.New();

    /// <summary>The key that the turn was asked with, by the first 8 hex digits of its digest; null before one was accepted.</summary>
    public string? Key { get; set; }

    /// <summary>What the operator calls that key; null where it has no name.</summary>
    public string? KeyName { get; set; }

    /// <summary>What logs call it.</summary>
    public string? KeyLabel => KeyName ?? Key;

    public CallContext Call { get; set; } = new();

    /// <summary>What its steps leave; null before it was read.</summary>
    public TurnNotes? Notes { get; set; }

    /// <summary>The configured model that answers, or the id that was asked for and is none; null before it was read.</summary>
    public string? Model { get; set; }

    /// <summary>The configured model that answers: one of few, fit for a metric, unlike what a request may say.</summary>
    public string ConfiguredModel { get; set; } = "none";

    /// <summary>The responder of the model that answers; null before one was found.</summary>
    public string? Responder { get; set; }

    public string Outcome { get; private set; } = TurnOutcome.Completed;

    /// <summary>The route that answered, such as an upstream's host; null when none did.</summary>
    public string? Route { get; set; }

    /// <summary>The upstream that answered; null when none did.</summary>
    public string? Upstream => Route == Responder ? null : Route;

    /// <summary>The version of the settings that it is answered by; null before its model was found.</summary>
    public string? Settings { get; set; }

    /// <summary>The code of the error that ended the turn; null when none did.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>How the responder failed, without anything that was said; null when it did not.</summary>
    public string? Failure { get; set; }

    /// <summary>What the answer has used so far; null where there is none.</summary>
    public UsageDetails? Usage { get; set; }

    /// <summary>What all askings of it have used, as far as upstreams have told by now.</summary>
    public Spent Spent => Spent.Of(Notes?.Spending.All() ?? [], Usage);

    /// <summary>Time from the request's arrival to the first speakable text sent; null while there was none.</summary>
    public TimeSpan? FirstSpeech { get; private set; }

    /// <summary>Time from the request's arrival to the first speakable text of the responder, which no filler and no apology is; null while there was none.</summary>
    public TimeSpan? FirstAnswer { get; private set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Time from the request's arrival to the end of its answer; until that, to now.</summary>
    public TimeSpan Duration => _duration ?? Elapsed;

    /// <summary>Speakable text was sent.</summary>
    /// <param name="isAnswer">Whether some of it is the responder's, and no filler or apology.</param>
    public void MarkSpeech(bool isAnswer)
    {
        var now = Elapsed;
        FirstSpeech ??= now;
        if (isAnswer)
        {
            FirstAnswer ??= now;
        }
    }

    /// <summary>The answer has ended: the log, the metrics and the transcript tell the same time.</summary>
    public void MarkEnd() => _duration ??= Elapsed;

    public void MarkCallerLeft() => Mark(TurnOutcome.CallerLeft, ErrorCode, _cause);

    /// <summary>The app stopped before the answer was whole. It stays so, whatever comes of that.</summary>
    public void MarkStopped() => Mark(TurnOutcome.Stopped, ApiException.Stopping().Code, null);

    /// <summary>The caller heard an apology in the place of what <paramref name="error"/> says.</summary>
    public void MarkApology(ApiException error) => Mark(TurnOutcome.Apologised, error.Code, error.InnerException);

    /// <summary>The client got <paramref name="error"/>, or the caller half an answer on its account.</summary>
    public void MarkError(ApiException error) => Mark(error.IsRefusal ? TurnOutcome.Refused : TurnOutcome.Failed, error.Code, error.InnerException);

    /// <summary>What its transcript holds beside what was said.</summary>
    public TurnTranscript ToTranscript()
    {
        var askings = Notes?.Spending.All() ?? [];
        var spent = Spent.Of(askings, Usage);
        return new()
        {
            InstanceId = Call.InstanceId is { Length: > 0 } instance ? instance : RequestId,
            ChannelId = Call.ChannelId,
            Platform = Call.Platform,
            SentenceId = Call.SentenceId,
            Key = Key,
            KeyName = KeyName,
            RequestId = RequestId,
            StartedAt = StartedAt,
            IsCut = Outcome == TurnOutcome.CallerLeft,
            Model = Model,
            Responder = Responder,
            Upstream = Upstream,
            UpstreamFailures = [.. Failures()],
            Outcome = Outcome,
            ErrorCode = ErrorCode,
            Settings = Settings,
            PromptTokens = spent.Prompt,
            CachedPromptTokens = spent.Cached,
            CompletionTokens = spent.Completion,
            Cost = spent.Cost,
            SpentBy = UpstreamSpent.Of(Upstream, askings.Select(asking => new UpstreamSpent(StoredText.Line(asking.Upstream), Spent.Of([asking], null)))),
            FirstSpeechMs = FirstSpeech is { } speech ? Milliseconds(speech) : null,
            FirstAnswerMs = FirstAnswer is { } answer ? Milliseconds(answer) : null,
            DurationMs = Milliseconds(Duration),
        };
    }

    // One that had begun to answer is told by how the turn ended.
    private IEnumerable<UpstreamFailure> Failures()
    {
        var failed = (Notes?.Failures ?? []).Select(failure => new UpstreamFailure(StoredText.Line(failure.Route.Name), failure.Reason)).ToList();
        return ErrorCode is { } code && Outcome is TurnOutcome.Failed or TurnOutcome.Apologised && Route is { } route && !failed.Exists(failure => failure.Upstream == route)
            ? failed.Append(new UpstreamFailure(StoredText.Line(route), RouteFailure.Word(_cause) ?? code))
            : failed;
    }

    private void Mark(string outcome, string? code, Exception? cause)
    {
        if (Outcome != TurnOutcome.Stopped)
        {
            Outcome = outcome;
            (ErrorCode, _cause) = (code, cause);
        }
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
