using System.Text.Json;
using Azure.Data.Tables;
using Switchboard.Contract;

namespace Switchboard.Transcripts;

/// <summary>
/// What all <see cref="CallEvent"/>s of a call come to. They may be repeated and come in any order, and come to the same: each part is a union, the
/// earlier of two times, or the greater of two texts, and where it is bounded, those that come first in an order of their own are kept.
/// </summary>
internal sealed record CallFacts
{
    // More are no call, but a platform that never stops.
    private const int MaxEndings = 8;

    /// <summary>The row of a call: it has the columns of one with turns, so that lists, sweep and deletion take it for one.</summary>
    public required CallSummary Call { get; init; }

    /// <summary>How the call ended, in order. Several events may tell of one end.</summary>
    public IReadOnlyList<CallEnding> Endings { get; init; } = [];

    /// <summary>The same; null where there is none.</summary>
    public IReadOnlyList<CallEnding>? Ended => Endings is [] ? null : Endings;

    public string? Direction { get; init; }

    public string? CallerNumber { get; init; }

    public string? CalleeNumber { get; init; }

    /// <summary>The number of the person on the line.</summary>
    public string? Person => Direction == CallDirection.Outbound ? CalleeNumber : CallerNumber;

    /// <summary>A call that is about to get its first event.</summary>
    public static CallFacts Before(CallEvent first) => new()
    {
        Call = new CallSummary
        {
            InstanceId = first.InstanceId,
            Key = CallEvent.Owner,
            StartedAt = first.ReceivedAt,
            LastTurnAt = first.ReceivedAt,
            Outcome = CallSummary.NoTurn,
        },
    };

    public static CallFacts Read(TableEntity row) => new()
    {
        Call = CallSummary.Read(row),
        Endings = StoredText.Get(row, nameof(Endings)) is { } endings ? JsonSerializer.Deserialize(endings, StoredJson.Short.ListCallEnding)! : [],
        Direction = row.GetString(nameof(Direction)),
        CallerNumber = row.GetString(nameof(CallerNumber)),
        CalleeNumber = row.GetString(nameof(CalleeNumber)),
    };

    public CallFacts With(CallEvent told) => this with
    {
        Call = Call with { ChannelId = Greater(Call.ChannelId, told.ChannelId) },
        Endings = told.Ending is null ? Endings : Merged(Endings, told.Ending),
        Direction = Greater(Direction, told.Direction),
        CallerNumber = Greater(CallerNumber, told.CallerNumber),
        CalleeNumber = Greater(CalleeNumber, told.CalleeNumber),
    };

    public TableEntity ToRow()
    {
        var row = Call.ToRow();
        StoredText.Put(row, nameof(Endings), JsonSerializer.Serialize([.. Endings], StoredJson.Short.ListCallEnding));
        StoredText.Put(row, nameof(Direction), Direction);
        StoredText.Put(row, nameof(CallerNumber), CallerNumber);
        StoredText.Put(row, nameof(CalleeNumber), CalleeNumber);
        return row;
    }

    private static List<CallEnding> Merged(IReadOnlyList<CallEnding> endings, CallEnding told) =>
    [
        .. endings.Append(told)
            .GroupBy(ending => (ending.Event, ending.Code, ending.Message), (_, same) => same.Aggregate((one, other) => one with { At = PlatformTimes.Earlier(one.At, other.At) }))
            .OrderBy(ending => ending.At ?? DateTimeOffset.MaxValue)
            .ThenBy(ending => ending.Event, StringComparer.Ordinal).ThenBy(ending => ending.Code, StringComparer.Ordinal).ThenBy(ending => ending.Message, StringComparer.Ordinal)
            .Take(MaxEndings),
    ];

    private static string? Greater(string? one, string? other) => string.CompareOrdinal(one, other) >= 0 ? one : other;
}

/// <summary>What the platform told of one turn, or of what was said beside the turns: as <see cref="CallFacts"/>.</summary>
/// <param name="SentenceId">The turn; null for what is of none.</param>
/// <param name="Times">Its times.</param>
/// <param name="Lines">What was said, in order.</param>
internal sealed record SentenceFacts(string? SentenceId, PlatformTimes Times, IReadOnlyList<SaidLine> Lines)
{
    private static readonly Comparer<(int Length, string Text, DateTimeOffset At)> LineOrder = Comparer<(int Length, string Text, DateTimeOffset At)>.Create((one, other) =>
        one.Length != other.Length ? one.Length.CompareTo(other.Length)
        : string.CompareOrdinal(one.Text, other.Text) is not 0 and var order ? order
        : one.At.CompareTo(other.At));

    public static SentenceFacts Read(TableEntity row) => new(
        row.GetString(nameof(SentenceId)),
        new PlatformTimes(
            row.GetDateTimeOffset(nameof(PlatformTimes.ModelAskedAt)), row.GetDateTimeOffset(nameof(PlatformTimes.ModelAnsweredAt)),
            row.GetDateTimeOffset(nameof(PlatformTimes.VoiceAskedAt)), row.GetDateTimeOffset(nameof(PlatformTimes.VoiceAnsweredAt))),
        StoredText.Get(row, nameof(Lines)) is { } lines ? JsonSerializer.Deserialize(lines, StoredJson.Short.ListSaidLine)! : []);

    public SentenceFacts With(CallEvent told) => this with { Times = Times.With(told.Times), Lines = told.Lines.Aggregate(Lines, Merged) };

    public TableEntity ToRow(string instanceId)
    {
        var row = new TableEntity(TableKey.Of(instanceId), TableKey.OfEvents(SentenceId));
        foreach (var (name, value) in new[]
        {
            (nameof(PlatformTimes.ModelAskedAt), Times.ModelAskedAt), (nameof(PlatformTimes.ModelAnsweredAt), Times.ModelAnsweredAt),
            (nameof(PlatformTimes.VoiceAskedAt), Times.VoiceAskedAt), (nameof(PlatformTimes.VoiceAnsweredAt), Times.VoiceAnsweredAt),
        })
        {
            if (value is { } time)
            {
                row[name] = time;
            }
        }

        StoredText.Put(row, nameof(SentenceId), SentenceId);
        StoredText.Put(row, nameof(Lines), JsonSerializer.Serialize([.. Lines], StoredJson.Short.ListSaidLine));
        return row;
    }

    /// <summary>What one of both said, in order; null where only lengths are kept, and where nothing was.</summary>
    public string? Said(bool byCaller) => Of(byCaller) is [_, ..] lines && lines.TrueForAll(line => line.Text is not null) ? string.Join(' ', lines.Select(line => line.Text)) : null;

    /// <summary>The length of what one of both said, in UTF-16 characters.</summary>
    public int Length(bool byCaller) => Of(byCaller).Sum(line => line.Length);

    private List<SaidLine> Of(bool byCaller) => [.. Lines.Where(line => line.IsCallers == byCaller)];

    // Of one id the longer one: a line may be told while it grows.
    private static IReadOnlyList<SaidLine> Merged(IReadOnlyList<SaidLine> lines, SaidLine told) =>
    [
        .. lines.Append(told)
            .GroupBy(line => line.Id, (_, same) => same.MaxBy(line => (line.Length, line.Text ?? "", line.At ?? DateTimeOffset.MinValue), LineOrder)!)
            .OrderBy(line => line.At ?? DateTimeOffset.MaxValue).ThenBy(line => line.Id, StringComparer.Ordinal)
            .Take(SaidLine.Most),
    ];
}
