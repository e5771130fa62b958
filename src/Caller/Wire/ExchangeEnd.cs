namespace Caller.Wire;

/// <summary>How an exchange came to its end.</summary>
internal enum ExchangeEnd
{
    /// <summary>The body was read to a proper end.</summary>
    Complete,

    /// <summary>No answer: connection refused, name not found, TLS failed.</summary>
    NotConnected,

    /// <summary>The connection broke inside the answer.</summary>
    Broken,

    /// <summary>Not finished within the time allowed.</summary>
    TimedOut,

    /// <summary><c>[DONE]</c> came, but the body stayed open.</summary>
    LeftOpen,

    /// <summary>We hung up, as a platform does on a barge-in.</summary>
    Aborted,

    /// <summary>More bytes than any spoken answer could have.</summary>
    TooLong,
}
