using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Switchboard.Testing;

/// <summary>A clock that the test moves, and that tells when somebody waits on it: the moment from which moving it has an effect.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero))
{
    private readonly Lock _gate = new();
    private readonly List<WatchedTimer> _unreported = [];
    private readonly Channel<TimeSpan> _changes = Channel.CreateUnbounded<TimeSpan>();
    private TaskCompletionSource _next = New();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var watched = new WatchedTimer(dueTime, due => _changes.Writer.TryWrite(due));
        var timer = base.CreateTimer(
            value =>
            {
                watched.End();
                callback(value);
            },
            state,
            dueTime,
            period);
        watched.Watch(timer);
        TaskCompletionSource next;
        lock (_gate)
        {
            _unreported.RemoveAll(other => other.IsOver);
            _unreported.Add(watched);
            next = _next;
            _next = New();
        }

        next.SetResult();
        return watched;
    }

    /// <summary>Passes over all timers set anew before one that is to fire after <paramref name="due"/>.</summary>
    public async Task WaitForChangeAsync(TimeSpan due, CancellationToken cancellationToken)
    {
        while (await _changes.Reader.ReadAsync(cancellationToken) != due)
        {
        }
    }

    /// <summary>
    /// Waits until a timer runs that <paramref name="isAwaited"/> and that no earlier call answered, and answers its length.
    /// The order in which the timers were set does not matter: those of other parts of the app stay for later calls.
    /// </summary>
    public async Task<TimeSpan> WaitForTimerAsync(Func<TimeSpan, bool> isAwaited, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_unreported.Find(timer => !timer.IsOver && isAwaited(timer.Due)) is { } found)
                {
                    _unreported.Remove(found);
                    return found.Due;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A timer that knows whether it still runs as it was first set, and that tells when it is set anew.</summary>
internal sealed class WatchedTimer(TimeSpan due, Action<TimeSpan> changed) : ITimer
{
    private ITimer? _timer;
    private volatile bool _isOver;

    public TimeSpan Due => due;

    /// <summary>It has fired, was set anew or is gone.</summary>
    public bool IsOver => _isOver;

    public void Watch(ITimer timer) => _timer = timer;

    public void End() => _isOver = true;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        End();
        var isSet = _timer!.Change(dueTime, period);
        changed(dueTime);
        return isSet;
    }

    public void Dispose()
    {
        End();
        _timer!.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        End();
        return _timer!.DisposeAsync();
    }
}
