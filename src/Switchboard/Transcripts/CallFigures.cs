using System.Text.Json;
using System.Text.Json.Serialization;
using Switchboard.Contract;

namespace Switchboard.Transcripts;

/// <summary>
/// What the turns of a call come to, for the overview of its day: counted when a turn is stored, in the very row that counts the call's turns, and so exact. A turn that takes
/// another's place takes the other's figures out again, and who deletes the call deletes them.
/// </summary>
internal sealed class CallFigures
{
    /// <summary>The most characters of it: a turn beyond that is not counted, and the overview says how many were not. Some hundred hours, models and upstreams.</summary>
    public const int MaxText = 30 * 1024;

    /// <summary>The hour of what comes after the day on which the call began.</summary>
    public const int AfterMidnight = 24;

    private CallFigures(List<FigureGroup> groups) => Groups = groups;

    public List<FigureGroup> Groups { get; }

    /// <summary>The upstreams that failed, also where another one answered; by name.</summary>
    public IReadOnlyList<string> FailedUpstreams =>
        [.. Groups.SelectMany(group => group.Failures is { } failures ? failures.Keys.ToArray() : []).Select(failure => UpstreamFailure.Parse(failure).Upstream).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public bool Has(string model) => Groups.Exists(group => group.IsOf(model));

    public static CallFigures Read(string text) => new(text.Length == 0 ? [] : JsonSerializer.Deserialize(text, StoredJson.Short.ListFigureGroup) ?? []);

    /// <summary>The text with <paramref name="turn"/>.</summary>
    /// <param name="text">What was counted before.</param>
    /// <param name="startedAt">When the call began.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="replaced">The turn whose place it takes; null for none.</param>
    /// <param name="isCounted">Whether there was room for it.</param>
    public static string With(string text, DateTimeOffset startedAt, TurnTranscript turn, TurnTranscript? replaced, out bool isCounted)
    {
        var figures = Read(text);
        if (replaced is { IsCounted: true })
        {
            figures.Count(startedAt, replaced, -1);
            text = figures.ToText();
        }

        figures.Count(startedAt, turn, 1);
        var more = figures.ToText();
        isCounted = more.Length <= MaxText;
        return isCounted ? more : text;
    }

    /// <summary>The hour of the call's day in which a turn came, by UTC; <see cref="AfterMidnight"/> for every later one.</summary>
    public static int HourOf(DateTimeOffset callStartedAt, DateTimeOffset turnStartedAt) =>
        (int)Math.Clamp(Math.Floor((turnStartedAt.UtcDateTime - callStartedAt.UtcDateTime.Date).TotalHours), 0, AfterMidnight);

    private string ToText() => JsonSerializer.Serialize(Groups, StoredJson.Short.ListFigureGroup);

    /// <param name="startedAt">When the call began.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="sign">1 counts it, and -1 takes it out again.</param>
    private void Count(DateTimeOffset startedAt, TurnTranscript turn, int sign)
    {
        var answering = UpstreamOf(turn);
        if (Of(startedAt, turn, answering, sign) is not { } group)
        {
            return;
        }

        Count(group.Outcomes, turn.WorstOutcome, sign);
        if (turn.FirstAnswerMs is { } answer)
        {
            Count(group.Answers ??= [], TimeBuckets.Of(answer), sign);
        }

        foreach (var failure in turn.UpstreamFailures)
        {
            Count(group.Failures ??= [], failure.ToString(), sign);
        }

        if (turn.Cost is not null)
        {
            group.Priced = (group.Priced ?? 0) + sign is > 0 and var priced ? priced : null;
        }

        // Who was asked in vain is paid, too.
        foreach (var part in UpstreamSpent.All(turn))
        {
            Of(startedAt, turn, part.Upstream ?? answering, sign)?.Sum(part.Spent, sign);
        }

        Groups.RemoveAll(other => other.IsEmpty);
    }

    // One that is not there has nothing to be taken out of.
    private FigureGroup? Of(DateTimeOffset startedAt, TurnTranscript turn, string? upstream, int sign)
    {
        var hour = HourOf(startedAt, turn.StartedAt);
        var found = Groups.Find(group => group.Hour == hour && group.Model == turn.Model && group.Upstream == upstream);
        if (found is null && sign > 0)
        {
            found = new FigureGroup { Hour = hour, Model = turn.Model, Upstream = upstream };
            Groups.Add(found);
        }

        return found;
    }

    // A responder that asks no upstream stands for itself; where one does and none spoke, nobody answered.
    private static string? UpstreamOf(TurnTranscript turn) => turn.Upstream ?? (turn.Responder == ResponderNames.Upstream ? null : turn.Responder);

    private static void Count<TKey>(Dictionary<TKey, int> counts, TKey key, int more)
        where TKey : notnull
    {
        if (counts.GetValueOrDefault(key) + more is > 0 and var count)
        {
            counts[key] = count;
        }
        else
        {
            counts.Remove(key);
        }
    }
}

/// <summary>The turns of a call in one hour that one upstream answered for one model; the names are short, since each call has them.</summary>
internal sealed class FigureGroup
{
    /// <summary>The hour of the call's day, by UTC.</summary>
    [JsonPropertyName("h")]
    public int Hour { get; set; }

    [JsonPropertyName("m")]
    public string? Model { get; set; }

    /// <summary>Who answered; null when nobody did.</summary>
    [JsonPropertyName("u")]
    public string? Upstream { get; set; }

    /// <summary>How many turns had which outcome.</summary>
    [JsonPropertyName("o")]
    public Dictionary<string, int> Outcomes { get; set; } = [];

    /// <summary>How many first answers came in which of <see cref="TimeBuckets"/>.</summary>
    [JsonPropertyName("a")]
    public Dictionary<int, int>? Answers { get; set; }

    /// <summary>How often which upstream failed for which reason, in turns that ended so or that another one answered.</summary>
    [JsonPropertyName("x")]
    public Dictionary<string, int>? Failures { get; set; }

    [JsonPropertyName("p")]
    public long? PromptTokens { get; set; }

    [JsonPropertyName("k")]
    public long? CachedPromptTokens { get; set; }

    [JsonPropertyName("c")]
    public long? CompletionTokens { get; set; }

    /// <summary>How many of the turns had a cost.</summary>
    [JsonPropertyName("n")]
    public int? Priced { get; set; }

    /// <summary>What the tokens of this upstream have cost, also of turns that another one answered in the end.</summary>
    [JsonPropertyName("s")]
    public decimal? Cost { get; set; }

    /// <summary>Whether they are of a model, in whatever case it is written.</summary>
    public bool IsOf(string model) => string.Equals(Model, model, StringComparison.OrdinalIgnoreCase);

    [JsonIgnore]
    public int Turns => Outcomes.Values.Sum();

    /// <summary>Whether nothing is left in it.</summary>
    [JsonIgnore]
    public bool IsEmpty => Outcomes.Count == 0 && PromptTokens is null && CompletionTokens is null && Cost is null or 0;

    public void Sum(Spent spent, int sign)
    {
        PromptTokens = Sum(PromptTokens, sign * spent.Prompt);
        CachedPromptTokens = Sum(CachedPromptTokens, sign * spent.Cached);
        CompletionTokens = Sum(CompletionTokens, sign * spent.Completion);
        if (spent.Cost is { } cost)
        {
            // What is taken out to nothing was all of it; nothing that was paid for stays a sum.
            Cost = (Cost ?? 0) + (sign * cost) is var sum && (sum > 0 || sign > 0) ? sum : null;
        }
    }

    private static long? Sum(long? sum, long? more) => more is null ? sum : (sum ?? 0) + more is > 0 and var total ? total : null;
}

/// <summary>
/// Times in buckets, each 5 % wider than the one before: so a percentile, which is told as the middle of its bucket, is at most 2.5 % off, however many times there
/// are and over however many calls they lie.
/// </summary>
internal static class TimeBuckets
{
    private const double Width = 1.05;

    /// <summary>As many as there are: what takes ten minutes or more is in the last one.</summary>
    public static readonly int Number = Of(double.MaxValue) + 1;

    public static int Of(double milliseconds) => milliseconds > 1 ? (int)Math.Ceiling(Math.Log(Math.Min(milliseconds, 600_000), Width)) : 0;

    /// <summary>The nearest rank.</summary>
    /// <param name="counts">How many times are in each bucket.</param>
    /// <param name="percent">Which percentile.</param>
    /// <returns>Milliseconds; null where there are no times.</returns>
    public static double? Percentile(ReadOnlySpan<long> counts, double percent)
    {
        var all = 0L;
        foreach (var count in counts)
        {
            all += count;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(all * percent / 100));
        for (var bucket = 0; all > 0; bucket++)
        {
            rank -= counts[bucket];
            if (rank <= 0)
            {
                return Math.Round(bucket == 0 ? 1 : Math.Pow(Width, bucket - 0.5), 1);
            }
        }

        return null;
    }
}
