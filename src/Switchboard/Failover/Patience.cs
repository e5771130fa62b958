namespace Switchboard.Failover;

/// <summary>How long a turn waits for an answer.</summary>
/// <param name="Deadline">For the first speakable text of one attempt.</param>
/// <param name="HedgeAfter">Until the next route is asked beside a slow one; null for never.</param>
/// <param name="Stall">For the next update once something was said.</param>
internal sealed record Patience(TimeSpan Deadline, TimeSpan? HedgeAfter, TimeSpan Stall);
