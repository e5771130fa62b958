using System.Threading.Channels;

namespace Switchboard.Transcripts;

/// <summary>
/// The turns that wait to be stored, in memory: bounded, and in lanes, so that the turns of one call keep their order while several
/// calls are stored at once.
/// </summary>
internal sealed class TranscriptQueue
{
    /// <summary>How many calls are stored at once.</summary>
    public const int Lanes = 8;

    private readonly Channel<TurnTranscript>[] _lanes =
        [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateUnbounded<TurnTranscript>(new UnboundedChannelOptions { SingleReader = true }))];

    private readonly int _capacity;
    private readonly long _capacityBytes;
    private readonly TranscriptReport _report;
    private readonly Lock _gate = new();
    private int _count;
    private long _bytes;
    private bool _isComplete;

    public TranscriptQueue(int capacity, long capacityBytes, TranscriptReport report)
    {
        _capacity = capacity;
        _capacityBytes = capacityBytes;
        _report = report;
        report.Watch(() => _count);
    }

    /// <summary>Takes a turn in, or drops it when there is no room; never waits.</summary>
    public void Enqueue(TurnTranscript turn)
    {
        bool isComplete;
        lock (_gate)
        {
            isComplete = _isComplete;
            if (!isComplete && _count < _capacity && _bytes + turn.Size <= _capacityBytes && Lane(turn).Writer.TryWrite(turn))
            {
                _count++;
                _bytes += turn.Size;
                return;
            }
        }

        if (isComplete)
        {
            _report.StoppedWith(1);
        }
        else
        {
            _report.Dropped();
        }
    }

    public IAsyncEnumerable<TurnTranscript> ReadAsync(int lane, CancellationToken cancellationToken) => _lanes[lane].Reader.ReadAllAsync(cancellationToken);

    /// <summary>Makes room: a turn takes its place until it is stored, not only until somebody tries.</summary>
    public void Leave(TurnTranscript turn)
    {
        bool isEmptying;
        lock (_gate)
        {
            _count--;
            _bytes -= turn.Size;
            isEmptying = _count <= _capacity / 2 && _bytes <= _capacityBytes / 2;
        }

        if (isEmptying)
        {
            _report.HasRoom();
        }
    }

    /// <summary>Takes nothing more in; who reads comes to an end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
        }

        Array.ForEach(_lanes, lane => lane.Writer.TryComplete());
    }

    /// <summary>How many turns are still waiting.</summary>
    public int Count => _count;

    private Channel<TurnTranscript> Lane(TurnTranscript turn) =>
        _lanes[(uint)string.GetHashCode(turn.InstanceId, StringComparison.Ordinal) % Lanes];
}
