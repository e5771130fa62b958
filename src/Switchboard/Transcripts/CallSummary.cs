using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>
/// What a list of calls tells of one. It is stored beside the call's turns, changed together with them, and so exact; and among the calls
/// of its day. There it is open while turns are added, and sends its reader to the exact one: see <see cref="TurnStore"/>.
/// </summary>
internal sealed record CallSummary
{
    /// <summary>What says where the call stands among those of its day.</summary>
    public static readonly string[] PlaceColumns = [nameof(InstanceId), nameof(Key), nameof(StartedAt)];

    /// <summary>All that is read of a call.</summary>
    public static readonly string[] Columns = [.. PlaceColumns, nameof(ChannelId), nameof(LastTurnAt), nameof(Turns), nameof(Model), nameof(Outcome), nameof(ActionLines), nameof(IsOpen)];

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
    public TableEntity ToRow()
    {
        var row = Fill(new TableEntity(TableKey.Of(InstanceId), TableKey.Owned(TableKey.Call, Key)));
        row[nameof(IsOpen)] = IsOpen;
        return row;
    }

    /// <summary>The whole entry among the calls of its day.</summary>
    public TableEntity ToEntry() => Fill(ToEntryKey());

    /// <summary>That entry with only what never changes: merged into what is there, it makes it an open one.</summary>
    public TableEntity ToOpenEntry()
    {
        var entry = ToEntryKey();
        entry[nameof(InstanceId)] = InstanceId;
        entry[nameof(StartedAt)] = StartedAt;
        entry[nameof(IsOpen)] = true;
        StoredText.Put(entry, nameof(Key), Key);
        return entry;
    }

    public TableEntity ToEntryKey() => new(
        TableKey.Of(DateOnly.FromDateTime(StartedAt.UtcDateTime)), TableKey.OfDay(StartedAt, TableKey.Owned(TableKey.Of(InstanceId), Key)));

    private TableEntity Fill(TableEntity entity)
    {
        entity[nameof(ActionLines)] = ActionLines;
        entity[nameof(InstanceId)] = InstanceId;
        entity[nameof(StartedAt)] = StartedAt;
        entity[nameof(LastTurnAt)] = LastTurnAt;
        entity[nameof(Turns)] = Turns;
        entity[nameof(Outcome)] = Outcome;
        StoredText.Put(entity, nameof(ChannelId), ChannelId);
        StoredText.Put(entity, nameof(Key), Key);
        StoredText.Put(entity, nameof(Model), Model);
        return entity;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
