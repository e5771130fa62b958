using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Transcripts;

namespace Switchboard.Http;

/// <summary>An operator who was let in, and what is noted of the visit.</summary>
/// <param name="Calls">The transcripts.</param>
/// <param name="Who">The operator's key, by the first 8 hex digits of its digest.</param>
/// <param name="Log">The trail.</param>
internal sealed record OperatorVisit(StoredCalls Calls, string Who, ILogger Log)
{
    public void Listed(string day, int calls) => OperatorLog.Listed(Log, Who, day, calls);

    public void Read(string call, int turns) => OperatorLog.Read(Log, Who, call, turns);

    public void Deleted(string call, int turns) => OperatorLog.Deleted(Log, Who, call, turns);
}

/// <summary>The trail of the transcripts: who did what, and never a word of what was said.</summary>
internal static partial class OperatorLog
{
    [LoggerMessage(EventId = 520, Level = LogLevel.Warning, Message = "Transcripts could not be reached for {Request} by operator key {Key}: {Fault}; request {RequestId}")]
    public static partial void Unavailable(ILogger logger, LogText request, LogText key, FaultText fault, LogText requestId);

    [LoggerMessage(EventId = 521, Level = LogLevel.Error, Message = "A fault of this app ended {Request} by operator key {Key}: {Fault}; request {RequestId}")]
    public static partial void Failed(ILogger logger, LogText request, LogText key, FaultText fault, LogText requestId);

    [LoggerMessage(EventId = 522, Level = LogLevel.Information, Message = "Operator key {Key} listed the calls of {Day}: {Count} calls")]
    public static partial void Listed(ILogger logger, LogText key, LogText day, int count);

    [LoggerMessage(EventId = 523, Level = LogLevel.Information, Message = "Operator key {Key} read call {Call}: {Count} turns")]
    public static partial void Read(ILogger logger, LogText key, LogText call, int count);

    [LoggerMessage(EventId = 524, Level = LogLevel.Warning, Message = "Operator key {Key} deleted call {Call}: {Count} turns")]
    public static partial void Deleted(ILogger logger, LogText key, LogText call, int count);

    [LoggerMessage(EventId = 525, Level = LogLevel.Information, Message = "Transcripts were refused to key {Key}, which is no operator's: {Request}; {Count} refusals since the last such line")]
    public static partial void Refused(ILogger logger, LogText key, LogText request, long count);
}
