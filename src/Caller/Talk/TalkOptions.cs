namespace Caller.Talk;

/// <summary>What a conversation is told.</summary>
internal sealed record TalkOptions
{
    /// <summary>The function the platform maps to hanging up.</summary>
    public string HangUpFunction { get; init; } = "hangup";

    /// <summary>Characters a second at which an answer is played; tells what was heard before a barge-in.</summary>
    public double SpeechRate { get; init; } = 15;

    /// <summary>Whether a request goes out on the first half of what the caller says, and is aborted.</summary>
    public bool Speculates { get; init; }

    /// <summary>Whether the caller speaks on before the results of tools are there.</summary>
    public bool SlowTools { get; init; }

    /// <summary>Time one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);
}
