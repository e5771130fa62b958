using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>The log lines of the transcripts. None carries what was said, or names a call.</summary>
internal static partial class TranscriptLog
{
    [LoggerMessage(EventId = 501, Level = LogLevel.Warning, Message = "Transcripts cannot be stored now and wait: {Fault}")]
    public static partial void Unavailable(ILogger logger, FaultText fault);

    [LoggerMessage(EventId = 502, Level = LogLevel.Information, Message = "Transcripts are stored again, after {Time}")]
    public static partial void Available(ILogger logger, TimeSpan time);

    [LoggerMessage(EventId = 503, Level = LogLevel.Error, Message =
        "The queue of transcripts is full: from now on those of new turns are dropped. See Transcripts:QueueCapacity and Transcripts:QueueBytes")]
    public static partial void QueueFull(ILogger logger);

    [LoggerMessage(EventId = 504, Level = LogLevel.Warning, Message = "The queue of transcripts has room again; {Count} were dropped")]
    public static partial void QueueHasRoom(ILogger logger, long count);

    [LoggerMessage(EventId = 505, Level = LogLevel.Error, Message = "A transcript was dropped, because the table service will never take it: {Fault}")]
    public static partial void Rejected(ILogger logger, FaultText fault);

    [LoggerMessage(EventId = 506, Level = LogLevel.Error, Message = "The table service takes transcripts again; {Count} in a row were dropped")]
    public static partial void RejectedSeveral(ILogger logger, long count);

    [LoggerMessage(EventId = 507, Level = LogLevel.Error, Message = "The app stopped before {Count} transcripts were stored; they are lost")]
    public static partial void Stopped(ILogger logger, int count);

    [LoggerMessage(EventId = 508, Level = LogLevel.Error, Message = "A transcript was dropped by a fault of this app: {Fault}")]
    public static partial void Failed(ILogger logger, FaultText fault);

    [LoggerMessage(EventId = 510, Level = LogLevel.Information, Message = "Retention: {Count} calls that began before {Day} were deleted")]
    public static partial void Swept(ILogger logger, int count, LogText day);

    [LoggerMessage(EventId = 511, Level = LogLevel.Warning, Message = "Retention: old calls could not be deleted now, and it is tried again: {Fault}")]
    public static partial void NotSwept(ILogger logger, FaultText fault);

    [LoggerMessage(EventId = 512, Level = LogLevel.Error, Message = "Retention: a fault of this app ended the sweep, and old calls stay: {Fault}")]
    public static partial void SweepFailed(ILogger logger, FaultText fault);
}
