using Azure.Data.Tables;
using Switchboard.Common;
using Switchboard.Contract;

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

    /// <summary>The ids of all requests about the same words, with blanks between.</summary>
    public const string RequestIds = nameof(RequestIds);

    // So many requests about the same words are told apart, and so many failures of upstreams are kept of them all.
    private const int MaxRequestIds = 16;
    private const int MaxFailures = 48;

    /// <summary>What must be known of a stored turn to decide about a newcomer.</summary>
    public static readonly string[] Head =
    [
        nameof(TableEntity.RowKey), nameof(StartedAt), nameof(Outcome), nameof(IsCut), nameof(Requests), RequestIds,
        // For what was counted of it, if its place is taken.
        nameof(Model), nameof(Responder), nameof(Upstream), nameof(UpstreamFailures), nameof(FirstAnswerMs), nameof(IsCounted), nameof(WorseOutcome), nameof(SpentBy),
        .. StoredMoney.Columns,
    ];

    public string? ChannelId { get; init; }

    public string? SentenceId { get; init; }

    /// <summary>The platform, by the name of its dialect; null where it is not known.</summary>
    public string? Platform { get; init; }

    public required string RequestId { get; init; }

    /// <summary>The number of the person on the line, for the call's row; null where it is not known or not kept.</summary>
    public string? Caller { get; init; }

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

    /// <summary>The upstreams that failed, in order: those in whose place another one was asked, and the one that broke off; in all requests about the same words.</summary>
    public IReadOnlyList<UpstreamFailure> UpstreamFailures { get; init; } = [];

    /// <summary>One of <see cref="TurnOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>How another request about the same words ended that went worse; null where none did.</summary>
    public string? WorseOutcome { get; init; }

    /// <summary>How the worst of its requests ended, by which the call is judged: what the caller went through does not go away because it was asked again.</summary>
    public string WorstOutcome => WorseOutcome ?? Outcome;

    public string? ErrorCode { get; init; }

    public double? FirstSpeechMs { get; init; }

    /// <summary>To the first speakable text of the responder, which no filler and no apology is.</summary>
    public double? FirstAnswerMs { get; init; }

    public double DurationMs { get; init; }

    /// <summary>The tokens of all that upstreams were asked in the turn, of all its requests; null where nobody told, as the next three.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>How many tokens of the prompt the upstream remembered from an earlier request; null where it does not say.</summary>
    public long? CachedPromptTokens { get; init; }

    public long? CompletionTokens { get; init; }

    /// <summary>What they have cost, by the prices of the upstreams that have one.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Which upstream used how much of it; empty where it was the one that answered, which is nearly always so.</summary>
    public IReadOnlyList<UpstreamSpent> SpentBy { get; init; } = [];

    /// <summary>The turn with what another request about the same words came to: what it has used, which upstreams failed in it, and how it went wrong.</summary>
    /// <param name="other">The other request's turn, with all that came before it.</param>
    public TurnTranscript With(TurnTranscript other)
    {
        var sum = Spent + other.Spent;
        var failures = other.StartedAt <= StartedAt ? other.UpstreamFailures.Concat(UpstreamFailures) : UpstreamFailures.Concat(other.UpstreamFailures);
        // One that was given up for another, or sent away to ask again, is how platforms ask: nothing went wrong.
        var worst = TurnOutcome.WentWrong(other.WorstOutcome) ? TurnOutcome.Worst([WorstOutcome, other.WorstOutcome]) : WorstOutcome;
        return this with
        {
            PromptTokens = sum.Prompt,
            CachedPromptTokens = sum.Cached,
            CompletionTokens = sum.Completion,
            Cost = sum.Cost,
            SpentBy = UpstreamSpent.Of(Upstream, [.. UpstreamSpent.All(this), .. UpstreamSpent.All(other)]),
            UpstreamFailures = [.. failures.TakeLast(MaxFailures)],
            WorseOutcome = worst == Outcome ? null : worst,
        };
    }

    /// <summary>What was used, in one.</summary>
    public Spent Spent => new(PromptTokens, CachedPromptTokens, CompletionTokens, Cost);

    /// <summary>The version of the settings that it was answered by.</summary>
    public string? Settings { get; init; }

    /// <summary>What the operator calls the key; null where it has no name.</summary>
    public string? KeyName { get; init; }

    /// <summary>Whether it is in the <see cref="CallFigures"/> of its call; not so for one that an earlier version stored.</summary>
    public bool IsCounted { get; init; }

    /// <summary>How many requests there were about the same words; the platform may repeat one.</summary>
    public int Requests { get; init; } = 1;

    public override long Size => Overhead + (sizeof(char) * (long)(
        InstanceId.Length + (ChannelId?.Length ?? 0) + (SentenceId?.Length ?? 0) + (Heard?.Length ?? 0) + (Spoken?.Length ?? 0)
        + Actions.Sum(action => action.Name.Length + (action.Arguments?.Length ?? 0))));

    /// <summary>The row, which counts on from <paramref name="stored"/>, an earlier request about the same words: what that came to is in this turn.</summary>
    public TableEntity ToRow(TableEntity? stored)
    {
        var row = new TableEntity(TableKey.Of(InstanceId), TableKey.Of(this));
        foreach (var (name, value) in ((string, object?)[])
        [
            (nameof(InstanceId), InstanceId), (nameof(ChannelId), ChannelId), (nameof(SentenceId), SentenceId), (nameof(Platform), Platform),
            (nameof(Key), Key), (nameof(KeyName), KeyName), (nameof(RequestId), RequestId), (nameof(StartedAt), StartedAt),
            (nameof(HeardLength), HeardLength), (nameof(SpokenLength), SpokenLength), (nameof(IsCut), IsCut), (nameof(IsCounted), IsCounted),
            (nameof(Model), Model), (nameof(Responder), Responder), (nameof(Upstream), Upstream),
            (nameof(Outcome), Outcome), (nameof(WorseOutcome), WorseOutcome), (nameof(ErrorCode), ErrorCode), (nameof(FirstSpeechMs), FirstSpeechMs),
            (nameof(DurationMs), DurationMs), (nameof(FirstAnswerMs), FirstAnswerMs), (nameof(Settings), Settings),
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

        Count(row, stored, RequestId);
        return row;
    }

    /// <summary>What of <paramref name="stored"/> changes where it stays as it is: that there was one more request, this one, and what that came to.</summary>
    /// <param name="stored">The row.</param>
    /// <param name="whole">What is in it, with this request.</param>
    public TableEntity ToRecount(TableEntity stored, TurnTranscript whole)
    {
        var row = new TableEntity(TableKey.Of(InstanceId), TableKey.Of(this));
        Put(row, nameof(WorseOutcome), whole.WorseOutcome);
        whole.Count(row, stored, RequestId);
        return row;
    }

    /// <summary>Whether this very request is in the row already: the answer to an earlier attempt to write it was lost.</summary>
    public bool IsHeldBy(TableEntity stored) => IdsOf(stored).Contains(RequestId, StringComparer.Ordinal);

    /// <summary>
    /// Whether it takes the place of <paramref name="stored"/>: the later request does, but not one that the caller
    /// left or that was turned away when the other was spoken whole.
    /// </summary>
    public bool IsToReplace(TableEntity stored)
    {
        var isWhole = IsWhole(Outcome, IsCut);
        var wasWhole = IsWhole(stored.GetString(nameof(Outcome)), stored.GetBoolean(nameof(IsCut)) is true);
        return (isWhole && !wasWhole) || (!(wasWhole && (IsCut || Outcome == TurnOutcome.Refused)) && StartedAt >= stored.GetDateTimeOffset(nameof(StartedAt)));
    }

    public static TurnTranscript Read(TableEntity row)
    {
        var actions = new List<TranscribedAction>();
        for (var index = 0; row.GetString(ActionName(index)) is { } name; index++)
        {
            actions.Add(new TranscribedAction(name, row.GetString(ActionArguments(index))));
        }

        var spent = StoredMoney.Get(row);
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
            UpstreamFailures = row.GetString(nameof(UpstreamFailures)) is { } failures ? [.. failures.Split('\n').Select(UpstreamFailure.Parse)] : [],
            Outcome = row.GetString(nameof(Outcome)),
            WorseOutcome = row.GetString(nameof(WorseOutcome)),
            ErrorCode = row.GetString(nameof(ErrorCode)),
            FirstSpeechMs = row.GetDouble(nameof(FirstSpeechMs)),
            DurationMs = row.GetDouble(nameof(DurationMs)) ?? 0,
            FirstAnswerMs = row.GetDouble(nameof(FirstAnswerMs)),
            PromptTokens = spent.Prompt,
            CachedPromptTokens = spent.Cached,
            CompletionTokens = spent.Completion,
            Cost = spent.Cost,
            SpentBy = UpstreamSpent.Read(row.GetString(nameof(SpentBy))),
            Settings = row.GetString(nameof(Settings)),
            KeyName = row.GetString(nameof(KeyName)),
            IsCounted = row.GetBoolean(nameof(IsCounted)) is true,
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

    private void Count(TableEntity row, TableEntity? stored, string request)
    {
        row[nameof(Requests)] = (stored?.GetInt32(nameof(Requests)) ?? 0) + 1;
        // Each request was paid for, also one that another took the place of.
        StoredMoney.Put(row, Spent);
        Put(row, nameof(SpentBy), UpstreamSpent.ToText(SpentBy));
        Put(row, nameof(UpstreamFailures), UpstreamFailures is [] ? null : string.Join('\n', UpstreamFailures));
        row[RequestIds] = string.Join(' ', IdsOf(stored).TakeLast(MaxRequestIds - 1).Append(request));
    }

    private static string[] IdsOf(TableEntity? stored) => stored?.GetString(RequestIds)?.Split(' ') ?? [];

    private static string ActionName(int index) => $"Action{index}";

    private static string ActionArguments(int index) => $"Action{index}Arguments";
}

/// <summary>An upstream that failed in a turn.</summary>
/// <param name="Upstream">Its host and port, or the name of a responder that asks none.</param>
/// <param name="Reason">How, in one of few words, such as <c>silent</c> and <c>status 429</c>.</param>
internal sealed record UpstreamFailure(string Upstream, string Reason)
{
    public static UpstreamFailure Parse(string text) => text.Split('\t', 2) is [var upstream, var reason] ? new(upstream, reason) : new(text, "");

    public override string ToString() => $"{Upstream}\t{Reason}";
}

/// <summary>A call action, or a call of the client's own tool, that the client got.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments as JSON; null where they are not kept.</param>
internal sealed record TranscribedAction(string Name, string? Arguments);
