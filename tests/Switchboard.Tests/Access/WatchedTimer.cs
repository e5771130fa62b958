namespace Switchboard.Tests.Access;

/// <summary>A timer that tells when it is set anew.</summary>
internal sealed class WatchedTimer(ITimer timer, Action<TimeSpan> changed) : ITimer
{
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        var isSet = timer.Change(dueTime, period);
        changed(dueTime);
        return isSet;
    }

    public void Dispose() => timer.Dispose();

    public ValueTask DisposeAsync() => timer.DisposeAsync();
}
