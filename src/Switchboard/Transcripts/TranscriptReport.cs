using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>Counts what becomes of the transcripts, and logs what goes wrong: once when it begins and once when it is over, not for each turn.</summary>
internal sealed class TranscriptReport
{
    private static readonly KeyValuePair<string, object?> QueueFull = new("reason", "queue_full");
    private static readonly KeyValuePair<string, object?> Rejected = new("reason", "rejected");
    private static readonly KeyValuePair<string, object?> Failed = new("reason", "failed");
    private static readonly KeyValuePair<string, object?> Stopped = new("reason", "stopped");

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
        _dropped.Add(1, QueueFull);
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
            _dropped.Add(1, Failed);
            var described = FaultText.DescribeWithStack(fault);
            TranscriptLog.Failed(_logger, described);
            return;
        }

        _dropped.Add(1, Rejected);
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
            _dropped.Add(waiting, Stopped);
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

    // The service's own text may quote what it was asked to store; its code does not.
    private static string FaultOf(Exception fault) =>
        fault is Azure.RequestFailedException { Status: > 0 } answer ? $"{answer.Status} {answer.ErrorCode}, {FaultText.Describe(fault)}" : FaultText.Describe(fault);
}
