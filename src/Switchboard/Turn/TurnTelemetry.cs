using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>Traces, counts and logs the turns.</summary>
internal sealed class TurnTelemetry : IDisposable
{
    // Seconds; a caller hears a pause from about a third of a second on.
    private static readonly double[] SpeechBuckets = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10];
    private static readonly double[] DurationBuckets = [0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120];

    private readonly ActivitySource _source = new(SwitchboardSource.Name);
    private readonly ILogger<TurnTelemetry> _logger;
    private readonly UpDownCounter<int> _open;
    private readonly Counter<long> _turns;
    private readonly Histogram<double> _firstSpeech;
    private readonly Histogram<double> _firstAnswer;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;

    public TurnTelemetry(IMeterFactory meters, ILogger<TurnTelemetry> logger)
    {
        _logger = logger;
        var meter = meters.Create(SwitchboardSource.Name);
        _open = meter.CreateUpDownCounter<int>("switchboard.turns.open", "{turn}", "Turns that are being answered now.");
        _turns = meter.CreateCounter<long>("switchboard.turns", "{turn}", "Turns, by outcome.");
        _firstSpeech = meter.CreateHistogram(
            "switchboard.turn.first_speech", "s", "Time from the request to the first speakable text sent.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SpeechBuckets });
        _firstAnswer = meter.CreateHistogram(
            "switchboard.turn.first_answer", "s", "Time from the request to the first speakable text of the responder sent, which no filler and no apology is.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SpeechBuckets });
        _duration = meter.CreateHistogram(
            "switchboard.turn.duration", "s", "Time from the request to the end of the answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets });
        _tokens = meter.CreateCounter<long>("switchboard.turn.tokens", "{token}", "Tokens that answers have used, by type; those cached are among the input.");
        _cost = meter.CreateCounter<double>(
            "switchboard.turn.cost", "{currency}", "What the tokens of turns have cost, by the prices of Models:n:Upstreams:m:Price and in their currency.");
    }

    /// <summary>Starts the activity of a turn; null when nobody listens.</summary>
    public Activity? Begin()
    {
        _open.Add(1);
        return _source.StartActivity("switchboard.turn", ActivityKind.Server);
    }

    /// <summary>Reports a turn that has ended.</summary>
    public void End(TurnRecord turn, Activity? activity)
    {
        _open.Add(-1);
        var tags = new TagList { { "outcome", turn.Outcome }, { "model", turn.ConfiguredModel } };
        if (turn.Call.Platform is { } platform)
        {
            // One of few names of our own.
            tags.Add("platform", platform);
        }

        if (turn.ErrorCode is { } code)
        {
            tags.Add("error.type", code);
        }

        var counted = tags;
        if (turn.KeyName is { } key)
        {
            // One of few, too; but not for the distributions, which have a series for each limit of theirs.
            counted.Add("key", key);
        }

        _turns.Add(1, counted);
        _duration.Record(turn.Duration.TotalSeconds, tags);
        if (turn.FirstSpeech is { } firstSpeech)
        {
            _firstSpeech.Record(firstSpeech.TotalSeconds, tags);
        }

        if (turn.FirstAnswer is { } firstAnswer)
        {
            _firstAnswer.Record(firstAnswer.TotalSeconds, tags);
        }

        Count(turn);
        Describe(turn, activity);
        TurnLog.Ended(_logger, turn);
    }

    // One that a responder does not tell is not known, which is not none.
    private void Count(TurnRecord turn)
    {
        var askings = turn.Notes?.Spending.All() ?? [];
        if (askings.Count == 0)
        {
            Count(Spent.Of([], turn.Usage), Tags(turn, upstream: null));
        }

        foreach (var asking in askings)
        {
            Count(Spent.Of([asking], null), Tags(turn, asking.Upstream));
        }
    }

    private void Count(Spent spent, TagList tags)
    {
        foreach (var (type, count) in new[] { ("input", spent.Prompt), ("cached", spent.Cached), ("output", spent.Completion) })
        {
            if (count is { } tokens)
            {
                var ofType = tags;
                ofType.Add("type", type);
                _tokens.Add(tokens, ofType);
            }
        }

        if (spent.Cost is { } cost)
        {
            // Exact sums are those of the transcripts: exporters know no decimal numbers.
            _cost.Add((double)cost, tags);
        }
    }

    // Each has few values, all of them configured.
    private static TagList Tags(TurnRecord turn, string? upstream)
    {
        var tags = new TagList { { "model", turn.ConfiguredModel } };
        if (upstream is not null)
        {
            tags.Add("upstream", upstream);
        }

        if (turn.KeyName is { } key)
        {
            tags.Add("key", key);
        }

        return tags;
    }

    public void Dispose() => _source.Dispose();

    private static void Describe(TurnRecord turn, Activity? activity)
    {
        if (activity is null)
        {
            return;
        }

        if (turn.Key is null)
        {
            // Nor may who has no key fill the traces, which cost more than a line.
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        activity.SetTag("switchboard.outcome", turn.Outcome);
        activity.SetTag("switchboard.model", turn.ConfiguredModel);
        activity.SetTag("switchboard.request_id", turn.RequestId);
        activity.SetTag("switchboard.key", turn.KeyLabel);
        var spent = turn.Spent;
        activity.SetTag("switchboard.tokens.prompt", spent.Prompt);
        activity.SetTag("switchboard.tokens.cached", spent.Cached);
        activity.SetTag("switchboard.tokens.completion", spent.Completion);
        // As a number: it is added up by whoever reads the traces.
        activity.SetTag("switchboard.cost", (double?)spent.Cost);
        activity.SetTag("switchboard.platform", turn.Call.Platform);
        activity.SetTag("switchboard.call", LogText.Clean(turn.Call.InstanceId));
        activity.SetTag("switchboard.turn", LogText.Clean(turn.Call.SentenceId));
        activity.SetTag("switchboard.route", LogText.Clean(turn.Route));
        activity.SetTag("switchboard.first_speech", turn.FirstSpeech?.TotalSeconds);
        activity.SetTag("switchboard.first_answer", turn.FirstAnswer?.TotalSeconds);
        activity.SetTag("switchboard.settings", turn.Settings);
        activity.SetTag("error.type", turn.ErrorCode);
        if (turn.Outcome is TurnOutcome.Failed or TurnOutcome.Apologised)
        {
            activity.SetStatus(ActivityStatusCode.Error, turn.Failure);
        }

        activity.Dispose();
    }
}
