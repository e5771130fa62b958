namespace Switchboard.Transcripts;

/// <summary>What a list of calls tells of one.</summary>
internal sealed record CallSummary
{
    public required string InstanceId { get; init; }

    public string? ChannelId { get; init; }

    /// <summary>The key that the call was asked with, by the first 8 hex digits of its digest; null for a call from before keys were kept.</summary>
    public string? Key { get; init; }

    /// <summary>When the turn began that was stored first.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastTurnAt { get; init; }

    /// <summary>How many turns are stored.</summary>
    public int Turns { get; init; }

    /// <summary>The model of the last turn.</summary>
    public string? Model { get; init; }

    /// <summary>How the last turn ended.</summary>
    public required string Outcome { get; init; }

    /// <summary>The actions of all turns, in their order.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];
}
