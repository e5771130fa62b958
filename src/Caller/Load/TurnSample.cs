namespace Caller.Load;

/// <summary>One turn of a run. Times are counted from when it was meant to begin, not from when we got round to it.</summary>
/// <param name="Intended">When it was meant to begin, from the start of the run.</param>
/// <param name="FirstSpeech">To the first text; null when none came.</param>
/// <param name="Whole">To the end of the answer.</param>
/// <param name="Gaps">Between one piece and the next.</param>
/// <param name="Error">What kind of failure it was; null when it was none.</param>
internal sealed record TurnSample(TimeSpan Intended, TimeSpan? FirstSpeech, TimeSpan Whole, IReadOnlyList<TimeSpan> Gaps, string? Error);
