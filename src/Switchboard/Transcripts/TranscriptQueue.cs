using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Switchboard.Transcripts;

/// <summary>
/// The turns that wait to be stored, and what the platform told of calls, in memory: bounded. Several calls are stored at once, the turns of one after each other and in their order.
/// </summary>
internal sealed class TranscriptQueue
{
    // Far below the 4 MiB of a transaction, whatever JSON makes of the text.
    private const long MaxGroupBytes = 512 * 1024;

    private readonly Channel<Queue<TranscriptItem>> _ready = Channel.CreateUnbounded<Queue<TranscriptItem>>();
    private readonly Dictionary<(string InstanceId, string? Key), Queue<TranscriptItem>> _calls = [];
    private readonly TranscriptsOptions _options;
    private readonly TranscriptReport _report;
    private readonly Lock _gate = new();
    private int _count;
    private long _bytes;
    private bool _isComplete;

    public TranscriptQueue(TranscriptsOptions options, TranscriptReport report)
    {
        _options = options;
        _report = report;
        report.Watch(() => _count);
    }

    /// <summary>How many turns are still waiting, or being stored.</summary>
    public int Count => _count;

    /// <summary>Takes a turn in, or drops it when there is no room; never waits.</summary>
    public void Enqueue(TranscriptItem turn)
    {
        bool isComplete;
        lock (_gate)
        {
            isComplete = _isComplete;
            if (!isComplete && _count < _options.QueueCapacity && _bytes + turn.Size <= _options.QueueBytes)
            {
                _count++;
                _bytes += turn.Size;
                if (!_calls.TryGetValue((turn.InstanceId, turn.Key), out var call))
                {
                    _calls[(turn.InstanceId, turn.Key)] = call = new();
                    _ready.Writer.TryWrite(call);
                }

                call.Enqueue(turn);
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

    /// <summary>
    /// What waits, in groups that can be stored together: turns of one call and one key, each in a row of its own, or what the platform told of a call. When turns pile up, as in
    /// an outage, a group costs what one turn costs. Several may read at once; the next group of a call comes when the one before was left behind.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<TranscriptItem>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var call in _ready.Reader.ReadAllAsync(cancellationToken))
        {
            var group = new List<TranscriptItem>();
            lock (_gate)
            {
                while (call.TryPeek(out var turn) && Fits(group, turn))
                {
                    group.Add(call.Dequeue());
                }
            }

            yield return group;
            lock (_gate)
            {
                if (call.Count > 0)
                {
                    _ready.Writer.TryWrite(call);
                }
                else
                {
                    _calls.Remove((group[0].InstanceId, group[0].Key));
                    CompleteWhenEmpty();
                }
            }
        }
    }

    /// <summary>Makes room: a turn takes its place until it is stored, not only until somebody tries.</summary>
    public void Leave(TranscriptItem turn)
    {
        bool isEmptying;
        lock (_gate)
        {
            _count--;
            _bytes -= turn.Size;
            isEmptying = _count <= _options.QueueCapacity / 2 && _bytes <= _options.QueueBytes / 2;
        }

        if (isEmptying)
        {
            _report.ReportRoom();
        }
    }

    /// <summary>Takes nothing more in; who reads comes to an end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            CompleteWhenEmpty();
        }
    }

    private void CompleteWhenEmpty()
    {
        if (_isComplete && _calls.Count == 0)
        {
            _ready.Writer.TryComplete();
        }
    }

    private static bool Fits(List<TranscriptItem> group, TranscriptItem item) =>
        group is [] || (group.Sum(other => other.Size) + item.Size <= MaxGroupBytes && (item is TurnTranscript turn
            ? group.Count < TurnStore.MaxTurns && group.TrueForAll(other => TableKey.Of((TurnTranscript)other) != TableKey.Of(turn))
            : group.Count < CallEventStore.MaxEvents));
}
