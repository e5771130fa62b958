using System.Text.Json.Serialization;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>
/// What a list of calls tells of one. It is stored beside the call's turns, changed together with them, and so exact; and among the calls
/// of its day. There it is open while turns are added, and sends its reader to the exact one: see <see cref="TurnStore"/>.
/// </summary>
internal sealed record CallSummary
{
    /// <summary>All that is stored of a call.</summary>
    public static readonly string[] Columns =
    [
        nameof(InstanceId), nameof(ChannelId), nameof(Key), nameof(StartedAt), nameof(LastTurnAt), nameof(Turns), nameof(Model), nameof(Outcome), nameof(ActionLines), nameof(IsOpen),
    ];

    /// <summary>The outcome of a call that has no turn.</summary>
    public const string NoTurn = "no_turn";

    public required string InstanceId { get; init; }

    public string? ChannelId { get; init; }

    /// <summary>The key that the call was asked with, by the first 8 hex digits of its digest; null for a call from before keys were kept.</summary>
    public string? Key { get; init; }

    /// <summary>When the turn began that was stored first.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastTurnAt { get; init; }

    /// <summary>How many turns are stored; 0 while the first one is being written.</summary>
    public int Turns { get; init; }

    /// <summary>The model of the last turn.</summary>
    public string? Model { get; init; }

    /// <summary>How the last turn ended.</summary>
    public required string Outcome { get; init; }

    /// <summary>The actions of all turns, in their order.</summary>
    public IReadOnlyList<string> Actions => [.. Lines(ActionLines).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];

    /// <summary>How the call ended, as the platform told; null where it did not, yet. They are stored apart: see <see cref="CallFacts"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CallEnding>? Endings { get; init; }

    /// <summary>A line for each action, in their order: the turn's row and the action's name. At most <see cref="StoredText.PieceLength"/> characters.</summary>
    internal string ActionLines { get; init; } = "";

    /// <summary>Whether the entry among the calls of the day is open. False where the former version wrote it, which kept that entry exact.</summary>
    internal bool IsOpen { get; init; }

    /// <summary>A call that is about to get its first turn.</summary>
    public static CallSummary Before(TurnTranscript first) => new()
    {
        InstanceId = first.InstanceId,
        Key = first.Key,
        StartedAt = first.StartedAt,
        LastTurnAt = first.StartedAt,
        Outcome = first.Outcome,
    };

    public static CallSummary Read(TableEntity entity) => new()
    {
        InstanceId = entity.GetString(nameof(InstanceId)),
        ChannelId = entity.GetString(nameof(ChannelId)),
        Key = entity.GetString(nameof(Key)),
        StartedAt = entity.GetDateTimeOffset(nameof(StartedAt)) ?? default,
        LastTurnAt = entity.GetDateTimeOffset(nameof(LastTurnAt)) ?? default,
        Turns = entity.GetInt32(nameof(Turns)) ?? 0,
        Model = entity.GetString(nameof(Model)),
        Outcome = entity.GetString(nameof(Outcome)),
        ActionLines = entity.GetString(nameof(ActionLines)) ?? "",
        IsOpen = entity.GetBoolean(nameof(IsOpen)) is true,
    };

    /// <summary>The call with <paramref name="turn"/>, which takes the place of one that is stored if it is not <paramref name="isNew"/>.</summary>
    public CallSummary With(TurnTranscript turn, bool isNew)
    {
        var row = $"{TableKey.Of(turn)} ";
        var isLast = turn.StartedAt >= LastTurnAt;
        var lines = Lines(ActionLines).ToList();
        var place = lines.FindIndex(line => line.StartsWith(row, StringComparison.Ordinal));
        lines.RemoveAll(line => line.StartsWith(row, StringComparison.Ordinal));
        lines.InsertRange(place < 0 ? lines.Count : place, turn.Actions.Select(action => row + action.Name));
        var text = string.Join('\n', lines);
        return this with
        {
            ChannelId = turn.ChannelId ?? ChannelId,
            LastTurnAt = isLast ? turn.StartedAt : LastTurnAt,
            Turns = Turns + (isNew ? 1 : 0),
            Model = isLast ? turn.Model : Model,
            Outcome = isLast ? turn.Outcome : Outcome,
            ActionLines = text.Length <= StoredText.PieceLength ? text : ActionLines,
        };
    }

    /// <summary>The row beside the turns.</summary>
    public TableEntity ToRow() => ToEntity(TableKey.Of(InstanceId), TableKey.Owned(TableKey.Call, Key), IsOpen);

    /// <summary>The entry among the calls of its day.</summary>
    public TableEntity ToEntry(bool isOpen) => ToEntity(
        TableKey.Of(DateOnly.FromDateTime(StartedAt.UtcDateTime)), TableKey.OfDay(StartedAt, TableKey.Owned(TableKey.Of(InstanceId), Key)), isOpen);

    private TableEntity ToEntity(string partition, string row, bool isOpen)
    {
        var entity = new TableEntity(partition, row)
        {
            [nameof(ActionLines)] = ActionLines,
            [nameof(InstanceId)] = InstanceId,
            [nameof(StartedAt)] = StartedAt,
            [nameof(LastTurnAt)] = LastTurnAt,
            [nameof(Turns)] = Turns,
            [nameof(Outcome)] = Outcome,
            [nameof(IsOpen)] = isOpen,
        };
        StoredText.Put(entity, nameof(ChannelId), ChannelId);
        StoredText.Put(entity, nameof(Key), Key);
        StoredText.Put(entity, nameof(Model), Model);
        return entity;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
