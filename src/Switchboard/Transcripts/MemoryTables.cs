using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Switchboard.Transcripts;

/// <summary>How much is kept in memory; what is beyond it is forgotten, the call that began first and all of it.</summary>
/// <param name="Calls">The most calls.</param>
/// <param name="Rows">The most rows of both tables: a turn is one, and a call two more.</param>
/// <param name="Bytes">The most bytes of them, roughly.</param>
internal sealed record MemoryBounds(int Calls, int Rows, long Bytes)
{
    /// <summary>A day of one person's trying.</summary>
    public static readonly MemoryBounds Default = new(1_000, 20_000, 64 * 1024 * 1024);
}

/// <summary>
/// Both tables in the memory of this process, for those who have no table service: <see cref="MemoryTable"/> answers what the service would, so that all that
/// writes, reads and deletes calls is the same, and is held to the same tests.
/// </summary>
internal sealed partial class MemoryTables
{
    private readonly Lock _gate = new();

    // The partitions of calls, in the order in which they began.
    private readonly OrderedDictionary<string, string> _calls = new(StringComparer.Ordinal);
    private readonly MemoryTable _turns;
    private readonly MemoryTable _days;
    private readonly MemoryBounds _bounds;
    private readonly ILogger _logger;
    private bool _hasTold;

    public MemoryTables(string prefix, MemoryBounds bounds, TimeProvider time, ILogger logger)
    {
        _turns = new MemoryTable(TranscriptTables.NameOfTurns(prefix), _gate, time, MakeRoom);
        _days = new MemoryTable(TranscriptTables.NameOfDays(prefix), _gate, time, MakeRoom);
        _bounds = bounds;
        _logger = logger;
    }

    public TableClient Turns => _turns;

    public TableClient Days => _days;

    private bool IsFull => _calls.Count > _bounds.Calls || _turns.Rows + _days.Rows > _bounds.Rows || _turns.Bytes + _days.Bytes > _bounds.Bytes;

    // Within the gate, after each change.
    private void MakeRoom(MemoryTable changed, string partition)
    {
        if (changed == _turns)
        {
            if (!_turns.Has(partition))
            {
                _calls.Remove(partition);
            }
            else
            {
                _calls.TryAdd(partition, partition);
            }
        }

        while (IsFull)
        {
            if (!_hasTold)
            {
                _hasTold = true;
                // The one too many is about to go.
                var calls = Math.Min(_calls.Count, _bounds.Calls);
                LogFull(_logger, calls);
            }

            if (_calls.Count == 0)
            {
                // Entries without their calls, as who is broken off between two requests leaves them.
                _days.Remove((_, _) => true);
                return;
            }

            // Not the one that is being written, unless there is no other: nobody is to lose the call that they are in.
            Forget(_calls.GetAt(_calls.Count > 1 && _calls.GetAt(0).Key == partition ? 1 : 0).Key);
        }
    }

    private void Forget(string call)
    {
        _calls.Remove(call);
        _turns.Remove(call);
        _days.Remove((day, row) => TableKey.IsOfCall(day, row, call));
    }

    [LoggerMessage(EventId = 514, Level = LogLevel.Information, Message = "The memory for calls is full at {Count} calls: from now on the oldest is forgotten for each new one")]
    private static partial void LogFull(ILogger logger, int count);
}

/// <summary>A row that is kept.</summary>
/// <param name="Entity">Its columns; nobody changes it.</param>
/// <param name="Bytes">The memory that it takes, roughly.</param>
internal sealed record MemoryRow(TableEntity Entity, long Bytes)
{
    // What an object with its place in a dictionary takes.
    private const int Overhead = 64;

    public static MemoryRow Of(TableEntity entity) => new(entity, entity.Sum(column => Overhead + (column.Value switch
    {
        string text => (long)text.Length * sizeof(char),
        byte[] bytes => bytes.Length,
        BinaryData data => data.ToMemory().Length,
        _ => sizeof(long),
    })));
}
