using Switchboard.Common;

namespace Switchboard.Contract;

/// <summary>Who answers, or failed to, as logs call it.</summary>
/// <param name="Name">The host and port of an upstream, or a responder's name.</param>
/// <param name="IsUpstream">Whether it is a service that the responder <c>upstream</c> asks.</param>
internal sealed record ResponderName(string Name, bool IsUpstream)
{
    public override string ToString() => IsUpstream ? $"upstream {Name}" : $"responder {Name}";
}

/// <summary>
/// How asking a responder failed. The message is made of the kind, the responder's name, the status and the identifiers that an error is
/// known by, so it may be logged: it never holds a key, a prompt or a message that an upstream sent.
/// </summary>
/// <param name="failure">What went wrong.</param>
/// <param name="responder">Who was asked; null when that is not known.</param>
/// <param name="cause">What it was noticed by.</param>
internal sealed class ResponderException(ResponderFailure failure, ResponderName? responder, Exception? cause = null) : LoggableException(cause)
{
    public ResponderFailure Failure => failure;

    /// <summary>The HTTP status, or the one that an error inside the answer names; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>How long an upstream asks to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What an upstream itself says of the error; null when it says nothing that may be told.</summary>
    public ErrorReport? Report { get; init; }

    /// <summary>
    /// Whether this one found the request itself at fault: 400, 413, 422, or an error in the body that says so and names no status. That tells
    /// nothing of its health, unlike a key that is refused (401, 403), an account that is empty (402) or a model that is gone (404).
    /// </summary>
    public bool BlamesRequest => Status is { } status ? status is 400 or 413 or 422 : failure is ResponderFailure.ErrorEvent && Report is { BlamesRequest: true };

    /// <summary>Whether the time was over before there was an answer.</summary>
    public bool IsTimeout => failure is ResponderFailure.Silent or ResponderFailure.Timeout || FellSilent || Status is 408 or 504;

    /// <summary>Whether the caller was left in silence in the middle of the answer.</summary>
    public bool FellSilent => failure is ResponderFailure.Stalled or ResponderFailure.Slow;

    /// <summary>How it failed, as the end of a sentence that begins with who did.</summary>
    public string Reason => failure switch
    {
        ResponderFailure.Connect => "could not be reached",
        ResponderFailure.Timeout => "did not accept a connection in time",
        ResponderFailure.Silent => "said nothing in time",
        ResponderFailure.Stalled => "fell silent in its answer",
        ResponderFailure.Slow => "said too little in time",
        ResponderFailure.Credential => "was not asked: its key or token could not be read",
        ResponderFailure.Status => $"answered with status {Status}{Told}",
        ResponderFailure.Malformed => "sent an answer that is not a completion",
        ResponderFailure.ErrorEvent when Status is { } status => $"reported an error in its answer, with code {status}{Told}",
        ResponderFailure.ErrorEvent => $"reported an error in its answer{Told}",
        ResponderFailure.TooLarge => "sent an answer that is too large",
        ResponderFailure.Truncated => "broke off its answer",
        ResponderFailure.BadCall => "only called tools that do not exist, or with arguments that are no JSON object",
        ResponderFailure.GivenUp => $"gave up its answer{Told}",
        _ => "sent an empty answer",
    };

    public override string Message => $"The {responder?.ToString() ?? "responder of this model"} {Reason}.";

    private string Told => Report?.Describe() is { } said ? $" ({said})" : "";
}

/// <summary>The ways in which a responder fails, as logs and metrics name them.</summary>
internal enum ResponderFailure
{
    /// <summary>No connection, or it broke before the answer's headers.</summary>
    Connect,

    /// <summary>The connection was not open in time.</summary>
    Timeout,

    /// <summary>It had said nothing speakable when its time for the first word was over.</summary>
    Silent,

    /// <summary>It fell silent in the middle of its answer.</summary>
    Stalled,

    /// <summary>It went on in the middle of its answer, but in drops: too little for the platform to speak.</summary>
    Slow,

    /// <summary>No key or token to ask with.</summary>
    Credential,

    /// <summary>An HTTP status that is no success; redirects are not followed.</summary>
    Status,

    /// <summary>The body is neither an event stream nor a completion, or has JSON that is none.</summary>
    Malformed,

    /// <summary>The body says that there was an error, with a status of success.</summary>
    ErrorEvent,

    /// <summary>An event, the answer, or what must be held of it has outgrown its bound.</summary>
    TooLarge,

    /// <summary>The connection broke before the answer was whole: what came before may be half a sentence.</summary>
    Truncated,

    /// <summary>The answer's finish reason is that it failed, or one that nobody knows.</summary>
    GivenUp,

    /// <summary>It was told that its tool calls cannot be made, and made nothing but such calls.</summary>
    BadCall,

    /// <summary>The answer is whole and has neither text nor a refusal nor a tool call.</summary>
    Empty,
}
