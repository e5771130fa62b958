namespace Switchboard.Testing;

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
