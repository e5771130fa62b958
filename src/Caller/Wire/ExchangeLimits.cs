namespace Caller.Wire;

/// <summary>How long an exchange may take.</summary>
/// <param name="Total">From the request to the end of the answer.</param>
/// <param name="AfterDone">From <c>[DONE]</c> to the end of the body.</param>
internal sealed record ExchangeLimits(TimeSpan Total, TimeSpan AfterDone);
