namespace Switchboard.Upstream;

/// <summary>The ways in which an upstream fails, as logs and metrics name them.</summary>
internal enum UpstreamFailure
{
    /// <summary>No connection, or it broke before the answer's headers.</summary>
    Connect,

    /// <summary>The connection was not open in time.</summary>
    Timeout,

    /// <summary>It had said nothing speakable when its time for the first word was over.</summary>
    Silent,

    /// <summary>It fell silent in the middle of its answer.</summary>
    Stalled,

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

    /// <summary>The answer ends without a finish reason, or its connection breaks: what came before may be half a sentence.</summary>
    Truncated,

    /// <summary>The answer is whole and has neither text nor a refusal nor a tool call.</summary>
    Empty,
}
