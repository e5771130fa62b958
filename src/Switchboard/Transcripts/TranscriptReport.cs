using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>Counts what becomes of the transcripts, and logs what goes wrong: once when it begins and once when it is over, not for each turn.</summary>
internal sealed partial class TranscriptReport
{
    private readonly Meter _meter;
    private readonly Counter<long> _stored;
    private readonly Counter<long> _callbacks;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _shortened;
    private readonly TimeProvider _time;
    private readonly ILogger<TranscriptReport> _logger;
    private long _droppedNow;
    private long _rejectedNow;
    private long _downSince;

    public TranscriptReport(IMeterFactory meters, TimeProvider time, ILogger<TranscriptReport> logger)
    {
        _time = time;
        _logger = logger;
        _meter = meters.Create(SwitchboardSource.Name);
        _stored = _meter.CreateCounter<long>("switchboard.transcripts.stored", "{turn}", "Turns whose transcript was stored.");
        _callbacks = _meter.CreateCounter<long>("switchboard.callbacks.stored", "{callback}", "What the platform told of calls and was stored with their transcripts.");
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
            LogQueueFull(_logger);
        }
    }

    /// <summary>There is plenty of room again.</summary>
    public void ReportRoom()
    {
        if (Interlocked.Exchange(ref _droppedNow, 0) is > 0 and var dropped)
        {
            LogRoom(_logger, dropped);
        }
    }

    /// <summary>The table service will never take a turn, or this app fails to give it.</summary>
    public void RejectedFor(Exception failure)
    {
        var isOutage = TranscriptTables.IsOutage(failure);
        Drop(isOutage ? "rejected" : "failed");
        if (!isOutage)
        {
            LogFailed(_logger, FailureText.DescribeWithStack(failure));
        }
        else if (Interlocked.Increment(ref _rejectedNow) == 1)
        {
            LogRejected(_logger, FailureOf(failure));
        }
    }

    /// <summary>The app has only these turns left to store.</summary>
    public void StopsWith(int waiting, TimeSpan longest)
    {
        if (waiting > 0)
        {
            LogStops(_logger, waiting, longest);
        }
    }

    /// <summary>The app stops before these turns were stored.</summary>
    public void StoppedWith(int waiting)
    {
        if (waiting > 0)
        {
            Drop("stopped", waiting);
            LogStopped(_logger, waiting);
        }
    }

    /// <summary>A turn was cut short.</summary>
    public void Shortened() => _shortened.Add(1);

    /// <summary>The table service cannot be asked now; the turn is tried again.</summary>
    public void FailedFor(Exception failure)
    {
        if (Interlocked.CompareExchange(ref _downSince, _time.GetTimestamp(), 0) == 0)
        {
            LogUnavailable(_logger, FailureOf(failure));
        }
    }

    /// <summary>Entries of quiet calls could not be closed.</summary>
    public void NotClosedFor(Exception failure)
    {
        var isOutage = TranscriptTables.IsOutage(failure);
        var described = isOutage ? FailureOf(failure) : FailureText.DescribeWithStack(failure);
        LogNotClosed(_logger, isOutage ? LogLevel.Warning : LogLevel.Error, described);
    }

    /// <summary>A turn was stored, or what the platform told of a call.</summary>
    public void Stored(bool isTurn = true)
    {
        (isTurn ? _stored : _callbacks).Add(1);
        if (Interlocked.Exchange(ref _rejectedNow, 0) is > 1 and var rejected)
        {
            LogRejectedSeveral(_logger, rejected);
        }

        if (Interlocked.Exchange(ref _downSince, 0) is not 0 and var since)
        {
            var outage = TimeSpan.FromSeconds((long)_time.GetElapsedTime(since).TotalSeconds);
            LogAvailable(_logger, outage);
        }
    }

    private void Drop(string reason, int turns = 1) => _dropped.Add(turns, new KeyValuePair<string, object?>("reason", reason));

    // The service's own text may quote what it was asked to store; its code does not.
    private static FailureText FailureOf(Exception failure) =>
        failure is Azure.RequestFailedException { Status: > 0 } answer ? $"{$"{answer.Status} {answer.ErrorCode}".TrimEnd()}, {FailureText.Describe(failure)}" : FailureText.Describe(failure);

    // None carries what was said, or names a call.
    [LoggerMessage(EventId = 501, Level = LogLevel.Warning, Message = "Transcripts cannot be stored now; they wait in the queue: {Failure}")]
    private static partial void LogUnavailable(ILogger logger, FailureText failure);

    [LoggerMessage(EventId = 502, Level = LogLevel.Information, Message = "Transcripts are stored again, after {Time}")]
    private static partial void LogAvailable(ILogger logger, TimeSpan time);

    [LoggerMessage(EventId = 503, Level = LogLevel.Error, Message =
        "The queue of transcripts is full: from now on those of new turns are dropped. See Transcripts:QueueCapacity and Transcripts:QueueBytes")]
    private static partial void LogQueueFull(ILogger logger);

    [LoggerMessage(EventId = 504, Level = LogLevel.Warning, Message = "The queue of transcripts has room again; {Count} were dropped")]
    private static partial void LogRoom(ILogger logger, long count);

    [LoggerMessage(EventId = 505, Level = LogLevel.Error, Message = "A transcript was dropped, because the table service will never take it: {Failure}")]
    private static partial void LogRejected(ILogger logger, FailureText failure);

    [LoggerMessage(EventId = 506, Level = LogLevel.Error, Message = "The table service takes transcripts again; {Count} in a row were dropped")]
    private static partial void LogRejectedSeveral(ILogger logger, long count);

    [LoggerMessage(EventId = 507, Level = LogLevel.Error, Message = "The app stopped before {Count} transcripts were stored; they are lost")]
    private static partial void LogStopped(ILogger logger, int count);

    [LoggerMessage(EventId = 515, Level = LogLevel.Information, Message = "The app stops, and {Count} transcripts wait to be stored: it is tried for {Longest} at most")]
    private static partial void LogStops(ILogger logger, int count, TimeSpan longest);

    [LoggerMessage(EventId = 508, Level = LogLevel.Error, Message = "A transcript was dropped by an error in this app: {Failure}")]
    private static partial void LogFailed(ILogger logger, FailureText failure);

    [LoggerMessage(EventId = 509, Message = "The entries of quiet calls could not be closed now; lists read the calls themselves: {Failure}")]
    private static partial void LogNotClosed(ILogger logger, LogLevel level, FailureText failure);
}
