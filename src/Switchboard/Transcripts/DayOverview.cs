using System.Text.Json.Serialization;

namespace Switchboard.Transcripts;

/// <summary>The answer of <c>GET calls/overview</c>: what the calls that began on a day come to, with all their turns.</summary>
/// <param name="Day">The day, by UTC.</param>
/// <param name="Model">The model whose turns are counted; null for those of all.</param>
/// <param name="Models">All models of the day, whichever is counted, by name; the first 100.</param>
/// <param name="IsPartial">Whether there is more on that day than is counted.</param>
/// <param name="CountedSince">Where the reading of the day ended early: when the oldest call began that is counted. Null when the whole day was read.</param>
/// <param name="Uncounted">How many turns of the calls that were read are in no figure: an earlier version stored them, or their call has too many models and upstreams.</param>
/// <param name="Total">The day.</param>
/// <param name="Hours">Its 24 hours by UTC, and, where there is any, what came after its midnight.</param>
/// <param name="Upstreams">Who answered or failed, the busiest first.</param>
internal sealed record DayOverview(
    DateOnly Day,
    string? Model,
    IReadOnlyList<string> Models,
    bool IsPartial,
    DateTimeOffset? CountedSince,
    long Uncounted,
    OverviewFigures Total,
    IReadOnlyList<OverviewFigures> Hours,
    IReadOnlyList<OverviewUpstream> Upstreams);

/// <summary>What an hour or the day comes to.</summary>
/// <param name="Hour">The hour, 0 to 23, or 24 for what came after midnight; left out for the day.</param>
/// <param name="Calls">How many calls had a turn in it; one that goes on into the next hour counts in both.</param>
/// <param name="CallOutcomes">How many of them have which outcome, as the list of calls tells it.</param>
/// <param name="Turns">How many turns came.</param>
/// <param name="Outcomes">How many of them had which outcome.</param>
/// <param name="FirstAnswer">The times to the first answer; null where there was none.</param>
/// <param name="Failures">How often which upstream failed.</param>
/// <param name="PromptTokens">The tokens of the requests, as far as they are known.</param>
/// <param name="CachedPromptTokens">How many of them the upstreams remembered.</param>
/// <param name="CompletionTokens">The tokens of the answers.</param>
/// <param name="Cost">What they cost, as far as it is known; null where it is of no turn.</param>
/// <param name="Priced">Of how many turns that is.</param>
internal sealed record OverviewFigures(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Hour,
    long Calls,
    IReadOnlyDictionary<string, long> CallOutcomes,
    long Turns,
    IReadOnlyDictionary<string, long> Outcomes,
    AnswerTimes? FirstAnswer,
    IReadOnlyDictionary<string, long> Failures,
    long PromptTokens,
    long CachedPromptTokens,
    long CompletionTokens,
    decimal? Cost,
    long Priced);

/// <summary>Times to the first answer in milliseconds, each at most 2.5 % off.</summary>
internal sealed record AnswerTimes(long Count, double P50, double P95, double P99);

/// <summary>An upstream on a day.</summary>
/// <param name="Name">Its host and port, or the name of a responder that asks none.</param>
/// <param name="Turns">How many turns it answered.</param>
/// <param name="Failures">How often it failed, by reason: in turns that failed, and in those that another one answered.</param>
/// <param name="FirstAnswer">The times to the first answer of those that it answered.</param>
/// <param name="PromptTokens">As of <see cref="OverviewFigures"/>, as all that follows.</param>
/// <param name="CompletionTokens">The tokens of its answers.</param>
/// <param name="Cost">What they cost.</param>
internal sealed record OverviewUpstream(
    string Name, long Turns, IReadOnlyDictionary<string, long> Failures, AnswerTimes? FirstAnswer, long PromptTokens, long CompletionTokens, decimal? Cost);

/// <summary>Adds the calls of a day up, one after the other: what it takes does not grow with their number.</summary>
/// <param name="model">The model whose turns are counted; null for all.</param>
internal sealed class DayTally(string? model)
{
    // A request may name any model, so there may be many that are none.
    private const int MaxNames = 100;

    private readonly Tally _day = new();
    private readonly Tally[] _hours = [.. Enumerable.Range(0, CallFigures.AfterMidnight + 1).Select(_ => new Tally())];
    private readonly Dictionary<string, Tally> _upstreams = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _models = new(StringComparer.OrdinalIgnoreCase);
    private long _uncounted;

    /// <param name="outcome">The call's.</param>
    /// <param name="turns">How many turns are stored of it.</param>
    /// <param name="figures">What is counted of it.</param>
    public void Add(string outcome, int turns, CallFigures figures)
    {
        _uncounted += Math.Max(0, turns - figures.Groups.Sum(group => group.Turns));
        foreach (var name in figures.Groups.Select(group => group.Model).OfType<string>().Where(name => name.Length > 0 && _models.Count < MaxNames))
        {
            _models.Add(name);
        }

        var groups = model is null ? figures.Groups : figures.Groups.FindAll(group => group.IsOf(model));
        // One that has no figures is still a call of all models.
        if (groups.Count > 0 || model is null)
        {
            _day.AddCall(outcome);
        }

        foreach (var hour in groups.Select(group => group.Hour).Distinct())
        {
            _hours[hour].AddCall(outcome);
        }

        foreach (var group in groups)
        {
            _day.Add(group);
            _hours[group.Hour].Add(group);
            if (group.Upstream is { } upstream)
            {
                Of(upstream)?.Add(group);
            }

            foreach (var (failure, count) in group.Failures ?? [])
            {
                var (failed, reason) = UpstreamFailure.Parse(failure);
                _day.AddFailures(failed, count);
                _hours[group.Hour].AddFailures(failed, count);
                Of(failed)?.AddFailures(reason, count);
            }
        }
    }

    public DayOverview ToOverview(DateOnly day, DateTimeOffset? countedSince)
    {
        var isLate = _hours[CallFigures.AfterMidnight].Turns > 0;
        return new(
            day, model, [.. _models], countedSince is not null || _uncounted > 0, countedSince, _uncounted, _day.ToFigures(null),
            [.. _hours.Take(isLate ? _hours.Length : CallFigures.AfterMidnight).Select((hour, index) => hour.ToFigures(index))],
            [.. _upstreams.Select(upstream => upstream.Value.ToUpstream(upstream.Key)).OrderByDescending(upstream => upstream.Turns).ThenBy(upstream => upstream.Name, StringComparer.Ordinal)]);
    }

    private Tally? Of(string upstream)
    {
        if (!_upstreams.TryGetValue(upstream, out var tally) && _upstreams.Count < MaxNames)
        {
            _upstreams.Add(upstream, tally = new Tally());
        }

        return tally;
    }

    private sealed class Tally
    {
        private readonly Dictionary<string, long> _callOutcomes = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _outcomes = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _failures = new(StringComparer.Ordinal);
        private readonly long[] _answers = new long[TimeBuckets.Number];
        private long _calls;
        private long _promptTokens;
        private long _cachedPromptTokens;
        private long _completionTokens;
        private long _priced;
        private decimal? _cost;

        public long Turns { get; private set; }

        public void AddCall(string outcome)
        {
            _calls++;
            Add(_callOutcomes, outcome, 1);
        }

        public void AddFailures(string name, long count) => Add(_failures, name, count);

        public void Add(FigureGroup group)
        {
            Turns += group.Turns;
            foreach (var (outcome, count) in group.Outcomes)
            {
                Add(_outcomes, outcome, count);
            }

            foreach (var (bucket, count) in group.Answers ?? [])
            {
                _answers[Math.Clamp(bucket, 0, _answers.Length - 1)] += count;
            }

            _promptTokens += group.PromptTokens ?? 0;
            _cachedPromptTokens += group.CachedPromptTokens ?? 0;
            _completionTokens += group.CompletionTokens ?? 0;
            _priced += group.Priced ?? 0;
            _cost = group.Cost is { } cost ? (_cost ?? 0) + cost : _cost;
        }

        public OverviewFigures ToFigures(int? hour) => new(
            hour, _calls, _callOutcomes, Turns, _outcomes, Times(), _failures, _promptTokens, _cachedPromptTokens, _completionTokens, _cost, _priced);

        public OverviewUpstream ToUpstream(string name) => new(name, Turns, _failures, Times(), _promptTokens, _completionTokens, _cost);

        private AnswerTimes? Times() => TimeBuckets.Percentile(_answers, 50) is { } median
            ? new(_answers.Sum(), median, TimeBuckets.Percentile(_answers, 95)!.Value, TimeBuckets.Percentile(_answers, 99)!.Value)
            : null;

        private static void Add(Dictionary<string, long> counts, string name, long count)
        {
            if (counts.TryGetValue(name, out var before) || counts.Count < MaxNames)
            {
                counts[name] = before + count;
            }
        }
    }
}
