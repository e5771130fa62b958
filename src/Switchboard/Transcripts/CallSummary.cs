using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Switchboard.Common;
using Switchboard.Contract;

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
        nameof(InstanceId), nameof(ChannelId), nameof(Key), nameof(StartedAt), nameof(LastTurnAt), nameof(Turns), nameof(Model), nameof(Outcome), nameof(ActionLines), nameof(Figures), nameof(IsOpen),
        nameof(Outcomes), nameof(EndedAt), nameof(Caller), nameof(FirstWords), nameof(FirstRow), nameof(SlowestAnswerMs),
        nameof(KeyName), .. StoredMoney.Columns,
    ];

    /// <summary>The outcome of a call that has no turn.</summary>
    public const string NoTurn = "no_turn";

    public required string InstanceId { get; init; }

    public string? ChannelId { get; init; }

    /// <summary>The key that the call was asked with, by the first 8 hex digits of its digest; null for a call from before keys were kept.</summary>
    public string? Key { get; init; }

    /// <summary>What the operator calls that key; null where it has no name.</summary>
    public string? KeyName { get; init; }

    /// <summary>When the turn began that was stored first.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastTurnAt { get; init; }

    /// <summary>How many turns are stored; 0 while the first one is being written.</summary>
    public int Turns { get; init; }

    /// <summary>The model of the last turn.</summary>
    public string? Model { get; init; }

    /// <summary>How the worst of its turns ended; of a call from before that was kept, the last one.</summary>
    public required string Outcome { get; init; }

    /// <summary>When the last of its requests had ended; null for a call from before that was kept, as all that follows.</summary>
    internal DateTimeOffset? EndedAt { get; init; }

    /// <summary>From there, milliseconds back to its beginning.</summary>
    public double? LengthMs => EndedAt is { } end ? Math.Round((end - StartedAt).TotalMilliseconds) : null;

    /// <summary>The number of the person on the line, cut to its end; null where it is not known or not kept.</summary>
    public string? Caller { get; init; }

    /// <summary>How the caller began, in a line; null where words are not kept, or nothing was said.</summary>
    public string? FirstWords { get; init; }

    /// <summary>The longest that an answer took, in milliseconds to the first words of the responder, which no filler and no apology is; null where no turn had one.</summary>
    public double? SlowestAnswerMs { get; init; }

    /// <summary>The actions of all turns, in their order.</summary>
    public IReadOnlyList<string> Actions => [.. Lines(ActionLines).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];

    /// <summary>The upstreams that failed in it, also where another one answered.</summary>
    public IReadOnlyList<string> FailedUpstreams => CallFigures.Read(Figures).FailedUpstreams;

    /// <summary>What all turns have used, of all their requests, as far as upstreams told; null where none did, as the next three.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>How many of those the upstreams remembered.</summary>
    public long? CachedPromptTokens { get; init; }

    public long? CompletionTokens { get; init; }

    /// <summary>What they have cost, by the prices of the upstreams that have one.</summary>
    public decimal? Cost { get; init; }

    /// <summary>How the call ended, as the platform told; null where it did not, yet. They are stored apart: see <see cref="CallFacts"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CallEnding>? Endings { get; init; }

    /// <summary>A line for each action, in their order: the turn's row and the action's name. At most <see cref="StoredText.PieceLength"/> characters.</summary>
    internal string ActionLines { get; init; } = "";

    /// <summary>What its turns come to: the text of <see cref="CallFigures"/>.</summary>
    internal string Figures { get; init; } = "";

    /// <summary>How many turns ended how, such as <c>completed=3 failed=1</c>; null where that was not kept.</summary>
    internal string? Outcomes { get; init; }

    /// <summary>The row of the turn that <see cref="FirstWords"/> are of.</summary>
    internal string? FirstRow { get; init; }

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

    public static CallSummary Read(TableEntity entity) => new CallSummary
    {
        InstanceId = entity.GetString(nameof(InstanceId)),
        ChannelId = entity.GetString(nameof(ChannelId)),
        Key = entity.GetString(nameof(Key)),
        KeyName = entity.GetString(nameof(KeyName)),
        StartedAt = entity.GetDateTimeOffset(nameof(StartedAt)) ?? default,
        LastTurnAt = entity.GetDateTimeOffset(nameof(LastTurnAt)) ?? default,
        Turns = entity.GetInt32(nameof(Turns)) ?? 0,
        Model = entity.GetString(nameof(Model)),
        Outcome = entity.GetString(nameof(Outcome)),
        ActionLines = entity.GetString(nameof(ActionLines)) ?? "",
        Figures = entity.GetString(nameof(Figures)) ?? "",
        IsOpen = entity.GetBoolean(nameof(IsOpen)) is true,
        Outcomes = entity.GetString(nameof(Outcomes)),
        EndedAt = entity.GetDateTimeOffset(nameof(EndedAt)),
        Caller = entity.GetString(nameof(Caller)),
        FirstWords = entity.GetString(nameof(FirstWords)),
        FirstRow = entity.GetString(nameof(FirstRow)),
        SlowestAnswerMs = entity.GetDouble(nameof(SlowestAnswerMs)),
    }.With(StoredMoney.Get(entity));

    /// <summary>The call, of which one more request was paid for.</summary>
    public CallSummary Paid(Spent spent) => With(Spent + spent);

    /// <summary>The call with a stored turn that stays in its place, and to which one more request was added.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="before">As it was.</param>
    public CallSummary Judged(TurnTranscript turn, TurnTranscript before)
    {
        var judged = Outcomes is null ? this : WithOutcomes(OutcomeCounts.Of(Outcomes).Less(before.WorstOutcome).Plus(turn.WorstOutcome));
        // Where there is no room for more digits, the turn stays as it was counted.
        return before.IsCounted && CallFigures.With(Figures, StartedAt, turn, before, out var fits) is var figures && fits ? judged with { Figures = figures } : judged;
    }

    private CallSummary WithOutcomes(OutcomeCounts outcomes) => this with { Outcome = outcomes.Worst ?? Outcome, Outcomes = outcomes.ToString() };

    private Spent Spent => new(PromptTokens, CachedPromptTokens, CompletionTokens, Cost);

    private CallSummary With(Spent spent) =>
        this with { PromptTokens = spent.Prompt, CachedPromptTokens = spent.Cached, CompletionTokens = spent.Completion, Cost = spent.Cost };

    /// <summary>The call with <paramref name="turn"/>.</summary>
    /// <param name="turn">The turn, with what the one came to whose place it takes.</param>
    /// <param name="replaced">The stored turn whose place it takes, as far as <see cref="TurnTranscript.Head"/> tells; null for none.</param>
    /// <param name="isCounted">Whether the turn is in <see cref="Figures"/>.</param>
    public CallSummary With(TurnTranscript turn, TurnTranscript? replaced, out bool isCounted)
    {
        var key = TableKey.Of(turn);
        var row = $"{key} ";
        // A call from before this was kept: what is known of its turns is how the last ended, and nothing of its beginning.
        var isFormer = Outcomes is null && Turns > 0;
        var outcomes = OutcomeCounts.Of(isFormer ? $"{Outcome}=1" : Outcomes ?? "").Less(replaced?.WorstOutcome).Plus(turn.WorstOutcome);
        var end = turn.StartedAt.AddMilliseconds(turn.DurationMs);
        var words = !isFormer && (FirstRow is null || FirstRow == key) ? Beginning(turn.Heard) : null;
        var isLast = turn.StartedAt >= LastTurnAt;
        var lines = Lines(ActionLines).ToList();
        var place = lines.FindIndex(line => line.StartsWith(row, StringComparison.Ordinal));
        lines.RemoveAll(line => line.StartsWith(row, StringComparison.Ordinal));
        lines.InsertRange(place < 0 ? lines.Count : place, turn.Actions.Select(action => row + action.Name));
        var text = string.Join('\n', lines);
        return WithOutcomes(outcomes) with
        {
            ChannelId = turn.ChannelId ?? ChannelId,
            KeyName = isLast ? turn.KeyName : KeyName,
            LastTurnAt = isLast ? turn.StartedAt : LastTurnAt,
            Turns = Turns + (replaced is null ? 1 : 0),
            Model = isLast ? turn.Model : Model,
            EndedAt = EndedAt > end ? EndedAt : end,
            Caller = turn.Caller ?? Caller,
            FirstWords = words ?? FirstWords,
            FirstRow = words is not null ? key : isFormer ? "" : FirstRow,
            SlowestAnswerMs = turn.FirstAnswerMs is { } wait && !(wait <= SlowestAnswerMs) ? wait : SlowestAnswerMs,
            ActionLines = text.Length <= StoredText.PieceLength ? text : ActionLines,
            Figures = CallFigures.With(Figures, StartedAt, turn, replaced, out isCounted),
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
            [nameof(Figures)] = Figures,
            [nameof(IsOpen)] = isOpen,
        };
        StoredText.Put(entity, nameof(ChannelId), ChannelId);
        StoredText.Put(entity, nameof(Key), Key);
        StoredText.Put(entity, nameof(KeyName), KeyName);
        StoredMoney.Put(entity, Spent);
        StoredText.Put(entity, nameof(Model), Model);
        StoredText.Put(entity, nameof(Outcomes), Outcomes);
        StoredText.Put(entity, nameof(Caller), Caller);
        StoredText.Put(entity, nameof(FirstWords), FirstWords);
        StoredText.Put(entity, nameof(FirstRow), FirstRow);
        if (EndedAt is { } end)
        {
            entity[nameof(EndedAt)] = end;
        }

        if (SlowestAnswerMs is { } slowest)
        {
            entity[nameof(SlowestAnswerMs)] = slowest;
        }

        return entity;
    }

    private static string? Beginning(string? heard)
    {
        const int Most = 120;
        var line = StoredText.Line(heard ?? "").Trim();
        return line.Length == 0 ? null : line.Length <= Most ? line : $"{TextCut.Cut(line, Most - 1)}…";
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
