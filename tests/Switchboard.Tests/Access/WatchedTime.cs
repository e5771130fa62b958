using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Switchboard.Tests.Access;

/// <summary>A clock that the test moves, and that tells when somebody begins to wait on it: the moment from which moving it has an effect.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private readonly Channel<TimeSpan> _changes = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return new WatchedTimer(timer, due => _changes.Writer.TryWrite(due));
    }

    /// <summary>Passes over all timers set anew before one that is to fire after <paramref name="due"/>.</summary>
    public async Task WaitForChangeAsync(TimeSpan due, CancellationToken cancellationToken)
    {
        while (await _changes.Reader.ReadAsync(cancellationToken) != due)
        {
        }
    }

    /// <summary>Passes over all waits before one that <paramref name="isAwaited"/> and answers its length.</summary>
    public async Task<TimeSpan> WaitForTimerAsync(Func<TimeSpan, bool> isAwaited, CancellationToken cancellationToken)
    {
        await foreach (var wait in _waits.Reader.ReadAllAsync(cancellationToken))
        {
            if (isAwaited(wait))
            {
                return wait;
            }
        }

        throw new InvalidOperationException("The channel never completes.");
    }
}
