using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>
/// A call as an entity: beside its turns, changed together with them, and so exact; and as a copy among the calls of its day. The
/// copy's revision says which of two is the newer one.
/// </summary>
internal sealed record CallRow
{
    /// <summary>The properties.</summary>
    public static readonly string[] Columns =
    [
        nameof(Revision), nameof(ActionLines), nameof(CallSummary.InstanceId), nameof(CallSummary.ChannelId), nameof(CallSummary.Key), nameof(CallSummary.StartedAt),
        nameof(CallSummary.LastTurnAt), nameof(CallSummary.Turns), nameof(CallSummary.Model), nameof(CallSummary.Outcome),
    ];

    /// <summary>What says where the call stands among those of its day.</summary>
    public static readonly string[] PlaceColumns = [nameof(CallSummary.InstanceId), nameof(CallSummary.Key), nameof(CallSummary.StartedAt)];

    // Each action is a line: the turn's row and the action's name.
    private const int MaxActionLines = StoredText.PieceLength;

    public required CallSummary Summary { get; init; }

    /// <summary>Grows with each change.</summary>
    public int Revision { get; init; }

    /// <summary>The lines of the actions, in their order.</summary>
    private string ActionLines { get; init; } = "";

    /// <summary>A call that is about to get its first turn.</summary>
    public static CallRow Before(TurnTranscript first) => new()
    {
        Summary = new CallSummary
        {
            InstanceId = first.InstanceId,
            Key = first.Key,
            StartedAt = first.StartedAt,
            LastTurnAt = first.StartedAt,
            Outcome = first.Outcome,
        },
    };

    /// <summary>The call with <paramref name="turn"/>, which takes the place of one that is stored if it is not <paramref name="isNew"/>.</summary>
    public CallRow With(TurnTranscript turn, bool isNew)
    {
        var row = TableKey.Of(turn);
        var isLast = turn.StartedAt >= Summary.LastTurnAt;
        var lines = ActionLines.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        var place = lines.FindIndex(line => IsOf(line, row));
        lines.RemoveAll(line => IsOf(line, row));
        lines.InsertRange(place < 0 ? lines.Count : place, turn.Actions.Select(action => $"{row} {action.Name}"));
        var text = string.Join('\n', lines);
        text = text.Length <= MaxActionLines ? text : ActionLines;
        return this with
        {
            Revision = Revision + 1,
            ActionLines = text,
            Summary = Summary with
            {
                ChannelId = turn.ChannelId ?? Summary.ChannelId,
                LastTurnAt = isLast ? turn.StartedAt : Summary.LastTurnAt,
                Turns = Summary.Turns + (isNew ? 1 : 0),
                Model = isLast ? turn.Model : Summary.Model,
                Outcome = isLast ? turn.Outcome : Summary.Outcome,
                Actions = NamesOf(text),
            },
        };
    }

    /// <summary>The entity beside the turns.</summary>
    public TableEntity ToCall() => ToEntity(TableKey.Of(Summary.InstanceId), TableKey.Owned(TableKey.Call, Summary.Key));

    /// <summary>The entity among the calls of its day.</summary>
    public TableEntity ToDay() => ToEntity(
        TableKey.Of(DateOnly.FromDateTime(Summary.StartedAt.UtcDateTime)),
        TableKey.OfDay(Summary.StartedAt, TableKey.Owned(TableKey.Of(Summary.InstanceId), Summary.Key)));

    /// <summary>As <see cref="ToDay"/>, but only what never changes: where it is merged into a copy, that one stays as it is.</summary>
    public TableEntity ToPlace()
    {
        var copy = ToDay();
        foreach (var name in Columns.Except(PlaceColumns))
        {
            copy.Remove(name);
        }

        return copy;
    }

    public static CallRow Read(TableEntity entity)
    {
        var lines = entity.GetString(nameof(ActionLines)) ?? "";
        return new CallRow
        {
            Revision = entity.GetInt32(nameof(Revision)) ?? 0,
            ActionLines = lines,
            Summary = new CallSummary
            {
                InstanceId = entity.GetString(nameof(CallSummary.InstanceId)),
                ChannelId = entity.GetString(nameof(CallSummary.ChannelId)),
                Key = entity.GetString(nameof(CallSummary.Key)),
                StartedAt = entity.GetDateTimeOffset(nameof(CallSummary.StartedAt)) ?? default,
                LastTurnAt = entity.GetDateTimeOffset(nameof(CallSummary.LastTurnAt)) ?? default,
                Turns = entity.GetInt32(nameof(CallSummary.Turns)) ?? 0,
                Model = entity.GetString(nameof(CallSummary.Model)),
                Outcome = entity.GetString(nameof(CallSummary.Outcome)),
                Actions = NamesOf(lines),
            },
        };
    }

    private TableEntity ToEntity(string partition, string row)
    {
        var entity = new TableEntity(partition, row)
        {
            [nameof(Revision)] = Revision,
            [nameof(ActionLines)] = ActionLines,
            [nameof(Summary.InstanceId)] = Summary.InstanceId,
            [nameof(Summary.StartedAt)] = Summary.StartedAt,
            [nameof(Summary.LastTurnAt)] = Summary.LastTurnAt,
            [nameof(Summary.Turns)] = Summary.Turns,
            [nameof(Summary.Outcome)] = Summary.Outcome,
        };
        StoredText.Put(entity, nameof(Summary.ChannelId), Summary.ChannelId);
        StoredText.Put(entity, nameof(Summary.Key), Summary.Key);
        StoredText.Put(entity, nameof(Summary.Model), Summary.Model);
        return entity;
    }

    private static bool IsOf(string line, string row) => line.StartsWith($"{row} ", StringComparison.Ordinal);

    private static IReadOnlyList<string> NamesOf(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
}
