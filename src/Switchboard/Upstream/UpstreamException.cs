using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>
/// How asking an upstream failed. The message is made of the kind, the upstream's host, the status and the identifiers that an error is
/// known by, so it may be logged: it never holds a key, a prompt or a message that the upstream sent.
/// </summary>
internal sealed class UpstreamException(UpstreamFailure failure, string upstream, Exception? cause = null) : Exception(null, cause)
{
    public UpstreamFailure Failure => failure;

    /// <summary>The HTTP status, or the one that an error inside the answer names; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>How long the upstream asks to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the upstream itself says of the error; null when it says nothing that may be told.</summary>
    public ErrorReport? Report { get; init; }

    /// <summary>
    /// Whether another upstream may well answer the same request: not when this one found the request at fault (4xx, but for 408
    /// and 429). That nothing was spoken yet is for the caller to know.
    /// </summary>
    public bool MayAskAnother => !IsBlamedInside && Status is null or 408 or 429 or < 400 or >= 500;

    public override string Message => $"The upstream {upstream} {Described}.";

    // With a status that says otherwise, the status counts.
    private bool IsBlamedInside => failure is UpstreamFailure.ErrorEvent && Report is { BlamesRequest: true };

    private string Told => Report?.Describe() is { } said ? $" ({said})" : "";

    private string Described => failure switch
    {
        UpstreamFailure.Connect => "could not be reached",
        UpstreamFailure.Timeout => "did not accept a connection in time",
        UpstreamFailure.Silent => "said nothing in time",
        UpstreamFailure.Stalled => "fell silent in its answer",
        UpstreamFailure.Credential => "was not asked: its credential could not be had",
        UpstreamFailure.Status => $"answered with status {Status}{Told}",
        UpstreamFailure.Malformed => "answered with what is no completion",
        UpstreamFailure.ErrorEvent when Status is { } status => $"reported an error in its answer, with code {status}{Told}",
        UpstreamFailure.ErrorEvent => $"reported an error in its answer{Told}",
        UpstreamFailure.TooLarge => "sent more than is taken",
        UpstreamFailure.Truncated => "broke off its answer",
        _ => "answered with nothing",
    };
}
