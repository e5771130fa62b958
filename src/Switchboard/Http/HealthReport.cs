namespace Switchboard.Http;

/// <summary>What a health route answers.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>unavailable</c>.</param>
/// <param name="Reasons">Why it is unavailable.</param>
/// <param name="Warnings">What is wrong without stopping a turn yet, such as a key vault that can't be reached.</param>
internal sealed record HealthReport(string Status, IReadOnlyList<string>? Reasons = null, IReadOnlyList<string>? Warnings = null);
