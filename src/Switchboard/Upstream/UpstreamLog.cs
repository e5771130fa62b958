using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Upstream;

/// <summary>The log lines about upstreams outside of turns.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(EventId = 210, Level = LogLevel.Debug, Message = "Upstream {Upstream}: connected ahead of the next call, HTTP/{Version}")]
    public static partial void Warmed(ILogger logger, LogText upstream, Version version);

    [LoggerMessage(EventId = 211, Level = LogLevel.Debug, Message = "Upstream {Upstream}: not ready ahead of the next call: {Fault}")]
    public static partial void NotWarmed(ILogger logger, LogText upstream, FaultText fault);

    [LoggerMessage(EventId = 213, Level = LogLevel.Warning,
        Message = "The Entra ID token for {Scope} could not be renewed: {Fault}; the one at hand is used until {ExpiresOn:u}")]
    public static partial void NotRenewed(ILogger logger, LogText scope, FaultText fault, DateTimeOffset expiresOn);

    [LoggerMessage(EventId = 214, Level = LogLevel.Debug, Message = "Upstream {Upstream}: closed a kept connection as a request came; it is sent once more over a new one")]
    public static partial void SentAgain(ILogger logger, LogText upstream);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning,
        Message = "Upstream {Upstream} of model {Model} is asked over plain http: whoever is on the way can read the key and what is said; use https")]
    public static partial void NotEncrypted(ILogger logger, LogText upstream, LogText model);
}
