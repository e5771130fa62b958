using Azure.Data.Tables;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>One turn as an entity.</summary>
internal static class TurnRow
{
    /// <summary>The most characters of what was heard, and of what was spoken: both, and all the rest, must fit into 1 MiB, which is 512 Ki characters.</summary>
    public const int MaxText = 6 * StoredText.PieceLength;

    /// <summary>The most actions of a turn, and the most characters of the arguments of each.</summary>
    public const int MaxActions = 16;

    public const int MaxArguments = 4 * 1024;

    // So many requests about the same words are told apart.
    private const int MaxRequestIds = 16;

    /// <summary>What must be known of a stored turn to decide about a newcomer.</summary>
    public static readonly string[] Head =
        [nameof(TableEntity.RowKey), nameof(TurnTranscript.StartedAt), nameof(TurnTranscript.Outcome), nameof(TurnTranscript.IsCut), nameof(TurnTranscript.Requests), RequestIds];

    private const string RequestIds = nameof(RequestIds);

    /// <summary>The entity of <paramref name="turn"/>, which counts on from <paramref name="stored"/>, an earlier request about the same words.</summary>
    public static TableEntity From(TurnTranscript turn, TableEntity? stored)
    {
        var row = new TableEntity(TableKey.Of(turn.InstanceId), TableKey.Of(turn));
        foreach (var (name, value) in ((string, object?)[])
        [
            (nameof(turn.InstanceId), turn.InstanceId), (nameof(turn.ChannelId), turn.ChannelId), (nameof(turn.SentenceId), turn.SentenceId),
            (nameof(turn.Key), turn.Key), (nameof(turn.RequestId), turn.RequestId), (nameof(turn.StartedAt), turn.StartedAt),
            (nameof(turn.HeardLength), turn.HeardLength), (nameof(turn.SpokenLength), turn.SpokenLength), (nameof(turn.IsCut), turn.IsCut),
            (nameof(turn.Model), turn.Model), (nameof(turn.Responder), turn.Responder), (nameof(turn.Upstream), turn.Upstream),
            (nameof(turn.Outcome), turn.Outcome), (nameof(turn.ErrorCode), turn.ErrorCode), (nameof(turn.FirstSpeechMs), turn.FirstSpeechMs),
            (nameof(turn.DurationMs), turn.DurationMs), (nameof(turn.PromptTokens), turn.PromptTokens), (nameof(turn.CompletionTokens), turn.CompletionTokens),
        ])
        {
            Put(row, name, value);
        }

        StoredText.Put(row, nameof(turn.Heard), turn.Heard);
        StoredText.Put(row, nameof(turn.Spoken), turn.Spoken);
        for (var index = 0; index < turn.Actions.Count; index++)
        {
            row[ActionName(index)] = turn.Actions[index].Name;
            Put(row, ActionArguments(index), turn.Actions[index].Arguments);
        }

        Count(row, turn.RequestId, stored);
        return row;
    }

    /// <summary>What of <paramref name="stored"/> changes where it stays in the place of <paramref name="turn"/>: that there was one more request.</summary>
    public static TableEntity Recount(TurnTranscript turn, TableEntity stored)
    {
        var row = new TableEntity(TableKey.Of(turn.InstanceId), TableKey.Of(turn));
        Count(row, turn.RequestId, stored);
        return row;
    }

    /// <summary>Whether this very request is in the row already: the answer to an earlier attempt to write it was lost.</summary>
    public static bool Holds(TableEntity stored, string requestId) => IdsOf(stored).Contains(requestId, StringComparer.Ordinal);

    /// <summary>
    /// Whether <paramref name="turn"/> takes the place of <paramref name="stored"/>: the later request does, but not one that the caller
    /// left when the other was spoken whole.
    /// </summary>
    public static bool Replaces(TurnTranscript turn, TableEntity stored)
    {
        var isWhole = IsWhole(turn.Outcome, turn.IsCut);
        var wasWhole = IsWhole(stored.GetString(nameof(turn.Outcome)), stored.GetBoolean(nameof(turn.IsCut)) is true);
        return (isWhole && !wasWhole) || (!(wasWhole && turn.IsCut) && turn.StartedAt >= stored.GetDateTimeOffset(nameof(turn.StartedAt)));
    }

    public static TurnTranscript Read(TableEntity row)
    {
        var actions = new List<TranscribedAction>();
        for (var index = 0; row.GetString(ActionName(index)) is { } name; index++)
        {
            actions.Add(new TranscribedAction(name, row.GetString(ActionArguments(index))));
        }

        return new TurnTranscript
        {
            InstanceId = row.GetString(nameof(TurnTranscript.InstanceId)),
            ChannelId = row.GetString(nameof(TurnTranscript.ChannelId)),
            SentenceId = row.GetString(nameof(TurnTranscript.SentenceId)),
            Key = row.GetString(nameof(TurnTranscript.Key)),
            RequestId = row.GetString(nameof(TurnTranscript.RequestId)),
            StartedAt = row.GetDateTimeOffset(nameof(TurnTranscript.StartedAt)) ?? default,
            Heard = StoredText.Get(row, nameof(TurnTranscript.Heard)),
            HeardLength = row.GetInt32(nameof(TurnTranscript.HeardLength)) ?? 0,
            Spoken = StoredText.Get(row, nameof(TurnTranscript.Spoken)),
            SpokenLength = row.GetInt32(nameof(TurnTranscript.SpokenLength)) ?? 0,
            IsCut = row.GetBoolean(nameof(TurnTranscript.IsCut)) is true,
            Actions = actions,
            Model = row.GetString(nameof(TurnTranscript.Model)),
            Responder = row.GetString(nameof(TurnTranscript.Responder)),
            Upstream = row.GetString(nameof(TurnTranscript.Upstream)),
            Outcome = row.GetString(nameof(TurnTranscript.Outcome)),
            ErrorCode = row.GetString(nameof(TurnTranscript.ErrorCode)),
            FirstSpeechMs = row.GetDouble(nameof(TurnTranscript.FirstSpeechMs)),
            DurationMs = row.GetDouble(nameof(TurnTranscript.DurationMs)) ?? 0,
            PromptTokens = row.GetInt64(nameof(TurnTranscript.PromptTokens)),
            CompletionTokens = row.GetInt64(nameof(TurnTranscript.CompletionTokens)),
            Requests = row.GetInt32(nameof(TurnTranscript.Requests)) ?? 1,
        };
    }

    private static bool IsWhole(string? outcome, bool isCut) => !isCut && outcome is TurnOutcome.Completed or TurnOutcome.Apologised;

    private static void Put(TableEntity row, string name, object? value)
    {
        if (value is not null)
        {
            row[name] = value;
        }
    }

    private static void Count(TableEntity row, string requestId, TableEntity? stored)
    {
        row[nameof(TurnTranscript.Requests)] = (stored?.GetInt32(nameof(TurnTranscript.Requests)) ?? 0) + 1;
        row[RequestIds] = string.Join(' ', IdsOf(stored).TakeLast(MaxRequestIds - 1).Append(requestId));
    }

    private static string[] IdsOf(TableEntity? stored) => stored?.GetString(RequestIds)?.Split(' ') ?? [];

    private static string ActionName(int index) => $"Action{index}";

    private static string ActionArguments(int index) => $"Action{index}Arguments";
}
