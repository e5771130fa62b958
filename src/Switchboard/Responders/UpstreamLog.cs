using Microsoft.Extensions.Logging;

namespace Switchboard.Responders;

/// <summary>The log lines about upstreams outside of turns.</summary>
internal static partial class UpstreamLog
{
    [LoggerMessage(EventId = 210, Level = LogLevel.Debug, Message = "Upstream {Upstream}: connected ahead of the first call, HTTP/{Version}")]
    public static partial void Warmed(ILogger logger, string upstream, Version version);

    [LoggerMessage(EventId = 211, Level = LogLevel.Debug, Message = "Upstream {Upstream}: not connected ahead of the first call: {Fault}")]
    public static partial void NotWarmed(ILogger logger, string upstream, string fault);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning,
        Message = "Upstream {Upstream} of model {Model} is asked over plain http: whoever is on the way can read the key and what is said; use https")]
    public static partial void NotEncrypted(ILogger logger, string upstream, string model);
}
