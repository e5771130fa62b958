using Azure.Data.Tables;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>What is kept of one turn. Who answers a turn fills it in with plain values; <see cref="TurnRecording.Finish"/> makes them fit to be stored.</summary>
internal sealed record TurnTranscript : TranscriptItem
{
    /// <summary>The most characters of what was heard, and of what was spoken: both, and all the rest, must fit into 1 MiB, which is 512 Ki characters.</summary>
    public const int MaxText = 6 * StoredText.PieceLength;

    /// <summary>The most actions of a turn, and the most characters of the arguments of each.</summary>
    public const int MaxActions = 16;

    public const int MaxArguments = 4 * 1024;

    // What the ids and the numbers take, roughly.
    private const int Overhead = 1024;

    private const string RequestIds = nameof(RequestIds);

    // So many requests about the same words are told apart.
    private const int MaxRequestIds = 16;

    /// <summary>What must be known of a stored turn to decide about a newcomer.</summary>
    public static readonly string[] Head =
        [nameof(TableEntity.RowKey), nameof(StartedAt), nameof(Outcome), nameof(IsCut), nameof(Requests), RequestIds];

    public string? ChannelId { get; init; }

    public string? SentenceId { get; init; }

    /// <summary>The platform, by the name of its dialect; null where it is not known.</summary>
    public string? Platform { get; init; }

    public required string RequestId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What the caller said; null where only its length is kept.</summary>
    public string? Heard { get; init; }

    public int HeardLength { get; init; }

    /// <summary>What was written to the client; null where only its length is kept.</summary>
    public string? Spoken { get; init; }

    public int SpokenLength { get; init; }

    /// <summary>Whether the caller left before the end.</summary>
    public bool IsCut { get; init; }

    public IReadOnlyList<TranscribedAction> Actions { get; init; } = [];

    /// <summary>The configured model that answered, or the id that was asked for and is none.</summary>
    public string? Model { get; init; }

    public string? Responder { get; init; }

    /// <summary>The upstream that answered, where the responder has several.</summary>
    public string? Upstream { get; init; }

    /// <summary>One of <see cref="TurnOutcome"/>.</summary>
    public required string Outcome { get; init; }

    public string? ErrorCode { get; init; }

    public double? FirstSpeechMs { get; init; }

    public double DurationMs { get; init; }

    public long? PromptTokens { get; init; }

    /// <summary>How many tokens of the prompt the upstream remembered from an earlier request; null where it does not say.</summary>
    public long? CachedPromptTokens { get; init; }

    public long? CompletionTokens { get; init; }

    /// <summary>How many requests there were about the same words; the platform may repeat one.</summary>
    public int Requests { get; init; } = 1;

    public override long Size => Overhead + (sizeof(char) * (long)(
        InstanceId.Length + (ChannelId?.Length ?? 0) + (SentenceId?.Length ?? 0) + (Heard?.Length ?? 0) + (Spoken?.Length ?? 0)
        + Actions.Sum(action => action.Name.Length + (action.Arguments?.Length ?? 0))));

    /// <summary>The row, which counts on from <paramref name="stored"/>, an earlier request about the same words.</summary>
    public TableEntity ToRow(TableEntity? stored)
    {
        var row = new TableEntity(TableKey.Of(InstanceId), TableKey.Of(this));
        foreach (var (name, value) in ((string, object?)[])
        [
            (nameof(InstanceId), InstanceId), (nameof(ChannelId), ChannelId), (nameof(SentenceId), SentenceId), (nameof(Platform), Platform),
            (nameof(Key), Key), (nameof(RequestId), RequestId), (nameof(StartedAt), StartedAt),
            (nameof(HeardLength), HeardLength), (nameof(SpokenLength), SpokenLength), (nameof(IsCut), IsCut),
            (nameof(Model), Model), (nameof(Responder), Responder), (nameof(Upstream), Upstream),
            (nameof(Outcome), Outcome), (nameof(ErrorCode), ErrorCode), (nameof(FirstSpeechMs), FirstSpeechMs),
            (nameof(DurationMs), DurationMs), (nameof(PromptTokens), PromptTokens), (nameof(CachedPromptTokens), CachedPromptTokens), (nameof(CompletionTokens), CompletionTokens),
        ])
        {
            Put(row, name, value);
        }

        StoredText.Put(row, nameof(Heard), Heard);
        StoredText.Put(row, nameof(Spoken), Spoken);
        for (var index = 0; index < Actions.Count; index++)
        {
            row[ActionName(index)] = Actions[index].Name;
            Put(row, ActionArguments(index), Actions[index].Arguments);
        }

        Count(row, stored);
        return row;
    }

    /// <summary>What of <paramref name="stored"/> changes where it stays as it is: that there was one more request.</summary>
    public TableEntity ToRecount(TableEntity stored)
    {
        var row = new TableEntity(TableKey.Of(InstanceId), TableKey.Of(this));
        Count(row, stored);
        return row;
    }

    /// <summary>Whether this very request is in the row already: the answer to an earlier attempt to write it was lost.</summary>
    public bool IsHeldBy(TableEntity stored) => IdsOf(stored).Contains(RequestId, StringComparer.Ordinal);

    /// <summary>
    /// Whether it takes the place of <paramref name="stored"/>: the later request does, but not one that the caller
    /// left when the other was spoken whole.
    /// </summary>
    public bool IsToReplace(TableEntity stored)
    {
        var isWhole = IsWhole(Outcome, IsCut);
        var wasWhole = IsWhole(stored.GetString(nameof(Outcome)), stored.GetBoolean(nameof(IsCut)) is true);
        return (isWhole && !wasWhole) || (!(wasWhole && IsCut) && StartedAt >= stored.GetDateTimeOffset(nameof(StartedAt)));
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
            InstanceId = row.GetString(nameof(InstanceId)),
            ChannelId = row.GetString(nameof(ChannelId)),
            SentenceId = row.GetString(nameof(SentenceId)),
            Platform = row.GetString(nameof(Platform)),
            Key = row.GetString(nameof(Key)),
            RequestId = row.GetString(nameof(RequestId)),
            StartedAt = row.GetDateTimeOffset(nameof(StartedAt)) ?? default,
            Heard = StoredText.Get(row, nameof(Heard)),
            HeardLength = row.GetInt32(nameof(HeardLength)) ?? 0,
            Spoken = StoredText.Get(row, nameof(Spoken)),
            SpokenLength = row.GetInt32(nameof(SpokenLength)) ?? 0,
            IsCut = row.GetBoolean(nameof(IsCut)) is true,
            Actions = actions,
            Model = row.GetString(nameof(Model)),
            Responder = row.GetString(nameof(Responder)),
            Upstream = row.GetString(nameof(Upstream)),
            Outcome = row.GetString(nameof(Outcome)),
            ErrorCode = row.GetString(nameof(ErrorCode)),
            FirstSpeechMs = row.GetDouble(nameof(FirstSpeechMs)),
            DurationMs = row.GetDouble(nameof(DurationMs)) ?? 0,
            PromptTokens = row.GetInt64(nameof(PromptTokens)),
            CachedPromptTokens = row.GetInt64(nameof(CachedPromptTokens)),
            CompletionTokens = row.GetInt64(nameof(CompletionTokens)),
            Requests = row.GetInt32(nameof(Requests)) ?? 1,
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

    private void Count(TableEntity row, TableEntity? stored)
    {
        row[nameof(Requests)] = (stored?.GetInt32(nameof(Requests)) ?? 0) + 1;
        row[RequestIds] = string.Join(' ', IdsOf(stored).TakeLast(MaxRequestIds - 1).Append(RequestId));
    }

    private static string[] IdsOf(TableEntity? stored) => stored?.GetString(RequestIds)?.Split(' ') ?? [];

    private static string ActionName(int index) => $"Action{index}";

    private static string ActionArguments(int index) => $"Action{index}Arguments";
}

/// <summary>A call action, or a call of the client's own tool, that the client got.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments as JSON; null where they are not kept.</param>
internal sealed record TranscribedAction(string Name, string? Arguments);
