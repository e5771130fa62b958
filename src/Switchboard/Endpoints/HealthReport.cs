namespace Switchboard.Endpoints;

/// <summary>What a health route answers.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>unavailable</c>.</param>
/// <param name="Reasons">Why it is unavailable.</param>
internal sealed record HealthReport(string Status, IReadOnlyList<string>? Reasons = null);
