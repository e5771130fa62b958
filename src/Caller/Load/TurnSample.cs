namespace Caller.Load;

/// <summary>One turn of a run. Times count from the request's last byte, with the wait for a free line before it.</summary>
/// <param name="Intended">When it was meant to begin, from the start of the run.</param>
/// <param name="FirstSpeech">To the first text; null when none came.</param>
/// <param name="Whole">To the end of the answer.</param>
/// <param name="Gaps">Between one piece and the next.</param>
/// <param name="Error">What kind of failure it was; null when it was none.</param>
internal sealed record TurnSample(TimeSpan Intended, TimeSpan? FirstSpeech, TimeSpan Whole, IReadOnlyList<TimeSpan> Gaps, string? Error)
{
    /// <summary>To the first text that is no filler, as the server tells it apart; null when none came, or the server does not tell.</summary>
    public TimeSpan? FirstAnswer { get; init; }

    /// <summary>What it took to connect, where that was needed, and to send the request.</summary>
    public TimeSpan Sending { get; init; }
}
