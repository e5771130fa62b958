using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>Counts what becomes of the transcripts, and logs what goes wrong: once when it begins and once when it is over, not for each turn.</summary>
internal sealed class TranscriptReport
{
    private readonly Meter _meter;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _shortened;
    private readonly TimeProvider _time;
    private readonly ILogger<TranscriptReport> _logger;
    private readonly Lock _gate = new();
    private long _droppedNow;
    private long _rejectedNow;
    private long? _downSince;

    public TranscriptReport(IMeterFactory meters, TimeProvider time, ILogger<TranscriptReport> logger)
    {
        _time = time;
        _logger = logger;
        _meter = meters.Create(SwitchboardSource.Name);
        _stored = _meter.CreateCounter<long>("switchboard.transcripts.stored", "{turn}", "Turns whose transcript was stored.");
        _dropped = _meter.CreateCounter<long>("switchboard.transcripts.dropped", "{turn}", "Turns whose transcript was dropped, by reason.");
        _shortened = _meter.CreateCounter<long>("switchboard.transcripts.shortened", "{turn}", "Turns whose transcript was too long to be stored whole.");
    }

    /// <summary>Publishes how many turns are waiting.</summary>
    public void Watch(Func<int> waiting) =>
        _meter.CreateObservableUpDownCounter("switchboard.transcripts.waiting", waiting, "{turn}", "Turns whose transcript waits to be stored.");

    /// <summary>There was no room for a turn.</summary>
    public void Dropped()
    {
        Drop("queue_full");
        if (Interlocked.Increment(ref _droppedNow) == 1)
        {
            TranscriptLog.QueueFull(_logger);
        }
    }

    /// <summary>There is plenty of room again.</summary>
    public void HasRoom()
    {
        if (Interlocked.Exchange(ref _droppedNow, 0) is > 0 and var dropped)
        {
            TranscriptLog.QueueHasRoom(_logger, dropped);
        }
    }

    /// <summary>The table service will never take a turn, or this app fails to give it.</summary>
    public void RejectedFor(Exception fault)
    {
        if (!TranscriptTables.IsOutage(fault))
        {
            Drop("failed");
            var described = FaultText.DescribeWithStack(fault);
            TranscriptLog.Failed(_logger, described);
            return;
        }

        Drop("rejected");
        if (Interlocked.Increment(ref _rejectedNow) == 1)
        {
            TranscriptLog.Rejected(_logger, FaultOf(fault));
        }
    }

    /// <summary>The app stops before these turns were stored.</summary>
    public void StoppedWith(int waiting)
    {
        if (waiting > 0)
        {
            Drop("stopped", waiting);
            TranscriptLog.Stopped(_logger, waiting);
        }
    }

    /// <summary>A turn was cut short.</summary>
    public void Shortened() => _shortened.Add(1);

    /// <summary>The table service cannot be asked now; the turn is tried again.</summary>
    public void FailedFor(Exception fault)
    {
        lock (_gate)
        {
            if (_downSince is not null)
            {
                return;
            }

            _downSince = _time.GetTimestamp();
        }

        TranscriptLog.Unavailable(_logger, FaultOf(fault));
    }

    /// <summary>Entries of quiet calls could not be closed.</summary>
    public void NotClosedFor(Exception fault)
    {
        var isOutage = TranscriptTables.IsOutage(fault);
        var described = isOutage ? FaultOf(fault) : FaultText.DescribeWithStack(fault);
        TranscriptLog.NotClosed(_logger, isOutage ? LogLevel.Warning : LogLevel.Error, described);
    }

    /// <summary>A turn was stored.</summary>
    public void Stored()
    {
        _stored.Add(1);
        if (Interlocked.Exchange(ref _rejectedNow, 0) is > 1 and var rejected)
        {
            TranscriptLog.RejectedSeveral(_logger, rejected);
        }

        long since;
        lock (_gate)
        {
            if (_downSince is not { } down)
            {
                return;
            }

            since = down;
            _downSince = null;
        }

        var outage = TimeSpan.FromSeconds((long)_time.GetElapsedTime(since).TotalSeconds);
        TranscriptLog.Available(_logger, outage);
    }

    private void Drop(string reason, int turns = 1) => _dropped.Add(turns, new KeyValuePair<string, object?>("reason", reason));

    // The service's own text may quote what it was asked to store; its code does not.
    private static FaultText FaultOf(Exception fault) =>
        fault is Azure.RequestFailedException { Status: > 0 } answer ? $"{answer.Status} {answer.ErrorCode}, {FaultText.Describe(fault)}" : FaultText.Describe(fault);
}

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

    [LoggerMessage(EventId = 509, Message = "The entries of quiet calls could not be closed now; lists read the calls themselves: {Fault}")]
    public static partial void NotClosed(ILogger logger, LogLevel level, FaultText fault);

    [LoggerMessage(EventId = 510, Level = LogLevel.Information, Message = "Retention: {Count} calls that began before {Day} were deleted")]
    public static partial void Swept(ILogger logger, int count, LogText day);

    [LoggerMessage(EventId = 511, Level = LogLevel.Warning, Message = "Retention: old calls could not be deleted now, and it is tried again: {Fault}")]
    public static partial void NotSwept(ILogger logger, FaultText fault);

    [LoggerMessage(EventId = 512, Level = LogLevel.Error, Message = "Retention: a fault of this app ended the sweep, and old calls stay: {Fault}")]
    public static partial void SweepFailed(ILogger logger, FaultText fault);
}
