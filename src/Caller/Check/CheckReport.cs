using Caller.Platform;

namespace Caller.Check;

/// <summary>The result of a run, without anything secret.</summary>
/// <param name="Address">Where turns were sent.</param>
/// <param name="Model">The model id asked for.</param>
/// <param name="At">When the run ended.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Requests">How many requests were made.</param>
/// <param name="Results">One per check, in the order of the catalogue.</param>
internal sealed record CheckReport(string Address, string Model, DateTimeOffset At, TimeSpan Took, int Requests, IReadOnlyList<CheckResult> Results)
{
    /// <summary>Who called.</summary>
    public string Platform { get; init; } = VoicePlatforms.ImsName;

    /// <summary>Why the run was over before its end, in the words of a sentence; null when it was not.</summary>
    public string? StoppedBecause { get; init; }

    /// <summary>Whether no server answered at all: then there is nothing to judge.</summary>
    public bool IsUnanswered { get; init; }

    public bool Passes => !Results.Any(result => result.Blocks);
}
