namespace Switchboard.Common;

/// <summary>Lets one pass in so much time, however many ask for it: an early refresh of the keys, or a line that anybody can bring about.</summary>
/// <param name="interval">The least time from one to the next.</param>
/// <param name="time">The clock.</param>
internal sealed class RefreshWindow(TimeSpan interval, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _closedAt;
    private TimeSpan _closedFor = TimeSpan.Zero;

    /// <summary>The time until the next one may pass; zero when it may now.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_gate)
            {
                var remaining = _closedFor - time.GetElapsedTime(_closedAt);
                return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            }
        }
    }

    public bool TryPass()
    {
        lock (_gate)
        {
            if (Remaining > TimeSpan.Zero)
            {
                return false;
            }

            Close(interval);
            return true;
        }
    }

    /// <summary>Keeps the window shut from now on for at least <paramref name="duration"/>, which the vault asked for.</summary>
    public void CloseFor(TimeSpan duration)
    {
        lock (_gate)
        {
            if (duration > Remaining)
            {
                Close(duration);
            }
        }
    }

    private void Close(TimeSpan duration)
    {
        _closedAt = time.GetTimestamp();
        _closedFor = duration;
    }
}
