using System.Runtime.CompilerServices;
using Switchboard.Common;

namespace Benchmarks;

/// <summary>Gives at most one event a read, and never at once: each read goes through the thread pool, as one from a socket does.</summary>
internal sealed class EventByEventStream(byte[][] events) : ReadingStream
{
    private int _next;
    private int _offset;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (_next == events.Length)
        {
            return 0;
        }

        var rest = events[_next].AsMemory(_offset);
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        (_next, _offset) = count == rest.Length ? (_next + 1, 0) : (_next, _offset + count);
        return count;
    }
}
