using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>What is kept of one turn. Who answers a turn fills it in with plain values; <see cref="TurnRecording.Finish"/> makes them fit to be stored.</summary>
internal sealed record TurnTranscript
{
    // What the ids and the numbers take, roughly.
    private const int Overhead = 1024;

    /// <summary>The call; the request's id where the platform names none.</summary>
    public required string InstanceId { get; init; }

    public string? ChannelId { get; init; }

    public string? SentenceId { get; init; }

    /// <summary>The key that the turn was asked with, by the first 8 hex digits of its digest; null for a turn from before keys were kept.</summary>
    public string? Key { get; init; }

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

    public long? CompletionTokens { get; init; }

    /// <summary>How many requests there were about the same words; the platform may repeat one.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>The memory that it takes, in bytes, roughly.</summary>
    public long Size => Overhead + (sizeof(char) * (long)(
        InstanceId.Length + (ChannelId?.Length ?? 0) + (SentenceId?.Length ?? 0) + (Heard?.Length ?? 0) + (Spoken?.Length ?? 0)
        + Actions.Sum(action => action.Name.Length + (action.Arguments?.Length ?? 0))));
}

/// <summary>A call action, or a call of the client's own tool, that the client got.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments as JSON; null where they are not kept.</param>
internal sealed record TranscribedAction(string Name, string? Arguments);
