namespace Caller.Wire;

/// <summary>How long an exchange may take.</summary>
/// <param name="Total">From the request to the end of the answer.</param>
/// <param name="AfterDone">From <c>[DONE]</c> to the end of the body.</param>
internal sealed record ExchangeLimits(TimeSpan Total, TimeSpan AfterDone)
{
    /// <summary>From the request to the first output, which the client may be waiting for; null: no such limit.</summary>
    public TimeSpan? FirstOutput { get; init; }

    /// <summary>Between one arrival of bytes and the next; null: no such limit.</summary>
    public TimeSpan? Silence { get; init; }
}
