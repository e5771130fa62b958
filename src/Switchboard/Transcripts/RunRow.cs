using Azure.Data.Tables;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Memory;

namespace Switchboard.Transcripts;

/// <summary>The row of a run: a claim, or what came of it.</summary>
internal static class RunRow
{
    private const string Until = nameof(Until);
    private const string ToldAt = nameof(ToldAt);
    private const string Name = nameof(Name);

    public static TableEntity Lease(string partition, string row, DateTimeOffset until) => new(partition, row) { [Until] = until };

    public static bool IsLease(TableEntity row) => row.GetDateTimeOffset(Until) is not null;

    /// <summary>When a claim ends, or when the result was told.</summary>
    public static DateTimeOffset At(TableEntity row) => row.GetDateTimeOffset(Until) ?? row.GetDateTimeOffset(ToldAt) ?? default;

    public static TableEntity Write(string partition, string row, SharedRun run, DateTimeOffset now)
    {
        var entity = new TableEntity(partition, row)
        {
            [ToldAt] = now,
            [nameof(SharedRun.StartedAt)] = run.StartedAt,
            [nameof(TurnPlace.Place)] = run.Where.Place,
            [nameof(TurnPlace.Turn)] = run.Where.Turn,
            [nameof(TurnPlace.Count)] = run.Where.Count,
            [nameof(TurnPlace.Steps)] = run.Where.Steps,
            [nameof(SharedRun.Tool)] = run.Tool,
            [nameof(SharedRun.Occurrence)] = run.Occurrence,
            [nameof(SharedRun.Round)] = run.Round,
            [nameof(ToolResult.Effect)] = run.Result.Effect.ToString(),
            [Name] = run.Call.Name,
        };
        StoredText.Put(entity, nameof(TurnPlace.TurnId), run.Where.TurnId is { } id ? TableKey.Id(id) : null);
        StoredText.Put(entity, nameof(TurnPlace.Prior), run.Where.Prior);
        StoredText.Put(entity, nameof(SharedRun.Words), run.Words);
        StoredText.Put(entity, nameof(SharedRun.Said), StoredText.Clean(TextCut.Cut(run.Said, RememberedTurn.MaxSaid)));
        StoredText.Put(entity, FunctionCall.CallId, StoredText.Clean(run.Call.CallId));
        StoredText.Put(entity, FunctionCall.Arguments, StoredText.Clean(ToolCallJson.Arguments(run.Call)));
        StoredText.Put(entity, nameof(SharedRun.Result), StoredText.Clean(run.Result.Text));
        return entity;
    }

    /// <summary>Null for a claim, and for what another version has written in another way.</summary>
    public static SharedRun? Read(TableEntity row, CallKey call) =>
        StoredText.Get(row, nameof(SharedRun.Result)) is { } result && Enum.TryParse<ToolEffect>(row.GetString(nameof(ToolResult.Effect)), out var effect)
            && row.GetString(nameof(TurnPlace.Place)) is { } place && row.GetString(nameof(TurnPlace.Turn)) is { } turn
        ? new SharedRun
        {
            Key = call,
            Where = new TurnPlace(
                place, turn, row.GetString(nameof(TurnPlace.TurnId)), row.GetString(nameof(TurnPlace.Prior)),
                row.GetInt32(nameof(TurnPlace.Count)) ?? 0, row.GetInt32(nameof(TurnPlace.Steps)) ?? 0),
            Tool = row.GetString(nameof(SharedRun.Tool)) ?? "",
            Occurrence = row.GetInt32(nameof(SharedRun.Occurrence)) ?? 0,
            Round = row.GetString(nameof(SharedRun.Round)) ?? "",
            Call = ToolCallJson.ToContent(
                row.GetString(FunctionCall.CallId) ?? "", row.GetString(Name) ?? "", StoredText.Get(row, FunctionCall.Arguments) ?? ""),
            Said = row.GetString(nameof(SharedRun.Said)) ?? "",
            Words = row.GetString(nameof(SharedRun.Words)),
            StartedAt = row.GetDateTimeOffset(nameof(SharedRun.StartedAt)) ?? default,
            Result = new ToolResult(result, effect),
        }
        : null;

    private static class FunctionCall
    {
        public const string CallId = nameof(CallId);
        public const string Arguments = nameof(Arguments);
    }
}
