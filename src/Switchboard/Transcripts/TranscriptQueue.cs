using System.Runtime.CompilerServices;
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

    // So many are looked through at a time for those of the same call.
    private const int MaxTaken = 500;

    // Far below the 4 MiB of a transaction, whatever JSON makes of the text.
    private const long MaxGroupBytes = 512 * 1024;

    private readonly Channel<TurnTranscript>[] _lanes =
        [.. Enumerable.Range(0, Lanes).Select(_ => Channel.CreateUnbounded<TurnTranscript>(new UnboundedChannelOptions { SingleReader = true }))];

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

    /// <summary>Takes a turn in, or drops it when there is no room; never waits.</summary>
    public void Enqueue(TurnTranscript turn)
    {
        bool isComplete;
        lock (_gate)
        {
            isComplete = _isComplete;
            if (!isComplete && _count < _options.QueueCapacity && _bytes + turn.Size <= _options.QueueBytes && Lane(turn).Writer.TryWrite(turn))
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

    /// <summary>
    /// What waits in a lane, in groups that can be stored together: turns of one call and one key, each in a row of its own. When turns pile up, as in an
    /// outage, a group costs what one turn costs.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<TurnTranscript>> ReadAsync(int lane, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = _lanes[lane].Reader;
        while (await reader.WaitToReadAsync(cancellationToken))
        {
            var groups = new List<List<TurnTranscript>>();
            var open = new Dictionary<(string, string?), List<TurnTranscript>>();
            for (var taken = 0; taken < MaxTaken && reader.TryRead(out var turn); taken++)
            {
                if (!open.TryGetValue((turn.InstanceId, turn.Key), out var group) || !Fits(group, turn))
                {
                    open[(turn.InstanceId, turn.Key)] = group = [];
                    groups.Add(group);
                }

                group.Add(turn);
            }

            foreach (var group in groups)
            {
                yield return group;
            }
        }
    }

    /// <summary>Makes room: a turn takes its place until it is stored, not only until somebody tries.</summary>
    public void Leave(TurnTranscript turn)
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

    private static bool Fits(List<TurnTranscript> group, TurnTranscript turn)
    {
        var row = TableKey.Of(turn);
        return group.Count < TurnStore.MaxTurns && group.Sum(other => other.Size) + turn.Size <= MaxGroupBytes && group.TrueForAll(other => TableKey.Of(other) != row);
    }

    private Channel<TurnTranscript> Lane(TurnTranscript turn) =>
        _lanes[(uint)string.GetHashCode(turn.InstanceId, StringComparison.Ordinal) % Lanes];
}
