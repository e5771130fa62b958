using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Upstream;

/// <summary>The log lines about upstreams outside of turns.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(EventId = 210, Level = LogLevel.Debug, Message = "Upstream {Upstream} is connected and ready for the next call, HTTP/{Version}")]
    public static partial void Warmed(ILogger logger, LogText upstream, Version version);

    [LoggerMessage(EventId = 211, Level = LogLevel.Debug, Message = "Upstream {Upstream} is not ready for the next call: {Failure}")]
    public static partial void NotWarmed(ILogger logger, LogText upstream, FailureText failure);

    [LoggerMessage(EventId = 213, Level = LogLevel.Warning,
        Message = "The Entra ID token for {Scope} could not be renewed: {Failure}; the current token is used until it expires at {ExpiresOn:u}")]
    public static partial void NotRenewed(ILogger logger, LogText scope, FailureText failure, DateTimeOffset expiresOn);

    [LoggerMessage(EventId = 214, Level = LogLevel.Debug, Message = "Upstream {Upstream} closed an idle connection while a request was sent on it; the request is sent again on a new connection")]
    public static partial void SentAgain(ILogger logger, LogText upstream);

    [LoggerMessage(EventId = 215, Level = LogLevel.Warning, Message =
        "Upstream {Upstream} of model {Model} refuses {Field} and is asked {Change}; to spare callers the wait for its refusal, set {Setting} for this upstream")]
    public static partial void Taught(ILogger logger, LogText upstream, LogText model, LogText field, LogText change, LogText setting);

    [LoggerMessage(EventId = 216, Level = LogLevel.Warning, Message = "Upstream {Upstream} of model {Model} {Problem}; nothing is stopped for it, and other upstreams may answer")]
    public static partial void NotUsable(ILogger logger, LogText upstream, LogText model, FailureText problem);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning,
        Message = "Upstream {Upstream} of model {Model} is reached over plain http: anybody on the network path can read the key and the conversation; use https")]
    public static partial void NotEncrypted(ILogger logger, LogText upstream, LogText model);
}
