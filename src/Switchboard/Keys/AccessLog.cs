using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Keys;

/// <summary>The log lines of access. A key is named by the first 8 hex digits of its digest; nothing that the vault said is repeated.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "API keys: {Configured} in configuration, and the key vault {Vault}, secret {Secret}")]
    public static partial void Sources(ILogger logger, int configured, LogText vault, LogText secret);

    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "API keys: {Configured} in configuration")]
    public static partial void Configured(ILogger logger, int configured);

    [LoggerMessage(EventId = 302, Level = LogLevel.Error, Message =
        "No API key is configured, so every request is refused: set Access:KeyVault:Uri, or Access:ApiKeys:0 for a local run")]
    public static partial void NoSource(ILogger logger);

    [LoggerMessage(EventId = 303, Level = LogLevel.Information, Message = "API key {Key} is accepted from now on; secret {Secret}")]
    public static partial void KeyAdded(ILogger logger, LogText key, LogText secret);

    [LoggerMessage(EventId = 304, Level = LogLevel.Information, Message = "API key {Key} is no longer accepted; secret {Secret}")]
    public static partial void KeyRemoved(ILogger logger, LogText key, LogText secret);

    [LoggerMessage(EventId = 305, Level = LogLevel.Warning, Message =
        "Secret {Secret}, version {Version}: {Count} lines are not keys and do not count (lines {Lines}); " + KeyText.Rule + ", one a line, and lines that begin with # are remarks")]
    public static partial void UnusableLines(ILogger logger, LogText secret, LogText version, int count, LogText lines);

    [LoggerMessage(EventId = 306, Level = LogLevel.Warning, Message =
        "Secret {Secret} could not be refreshed: {Reason}. What was loaded {Age} ago stays in force ({Fault})")]
    public static partial void Stale(ILogger logger, LogText secret, FaultText reason, TimeSpan age, FaultText fault);

    [LoggerMessage(EventId = 307, Level = LogLevel.Error, Message = "Secret {Secret} could not be loaded yet: {Reason} ({Fault})")]
    public static partial void NeverLoaded(ILogger logger, LogText secret, FaultText reason, FaultText fault);

    [LoggerMessage(EventId = 308, Level = LogLevel.Error, Message =
        "Secret {Secret} holds no key that counts: no version is enabled, active and unexpired with a key in it. Keys from the vault let nobody in")]
    public static partial void NoActiveKey(ILogger logger, LogText secret);

    [LoggerMessage(EventId = 309, Level = LogLevel.Error, Message =
        "The keys of secret {Secret} were loaded {Age} ago, longer than Access:KeyVault:LongestOutage, and let nobody in any more: {Reason} ({Fault})")]
    public static partial void Lapsed(ILogger logger, LogText secret, TimeSpan? age, FaultText reason, FaultText fault);

    [LoggerMessage(EventId = 310, Level = LogLevel.Error, Message = "A fault of this app ended the reading of secret {Secret}: {Fault}")]
    public static partial void ReadingFailed(ILogger logger, LogText secret, FaultText fault);
}
