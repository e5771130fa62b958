namespace Switchboard.Failover;

/// <summary>
/// Tells when the caller was kept waiting for too long. The time runs only while somebody waits for the route, so that a client which reads slowly
/// is not held against it. One timer looks, when it fires, whether the time is over: to set it anew for every token costs more than the token.
/// </summary>
internal sealed class Patience : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly Action _ended;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    // All in timestamps of the clock. The reader writes them, the timer only looks: when the time is over (never, while nobody waits),
    // what was left of it when the wait began, and all of it.
    private long _due = Never;
    private long _left;
    private long _limit;
    private long _firesAt = Never;

    /// <summary>The wait begins now.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="ended">Told when the time is over, from the timer's thread.</param>
    public Patience(TimeProvider time, TimeSpan limit, Action ended)
    {
        _time = time;
        _ended = ended;
        _timer = time.CreateTimer(static patience => ((Patience)patience!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Begin(limit);
        Wait();
    }

    /// <summary>Whether most of the time was spent in the wait that is under way: a silence, and not many small steps.</summary>
    public bool IsSilence => _left * 2 >= _limit;

    /// <summary>The time begins anew, and is so long.</summary>
    public void Begin(TimeSpan limit)
    {
        _limit = (long)Math.Ceiling(limit.Ticks * (double)_time.TimestampFrequency / TimeSpan.TicksPerSecond);
        Volatile.Write(ref _left, _limit);
        // So that the next wait sets the timer: else it would fire in vain in the middle of it.
        Volatile.Write(ref _firesAt, Never);
        if (Volatile.Read(ref _due) != Never)
        {
            Wait();
        }
    }

    /// <summary>Somebody waits from now on.</summary>
    public void Wait()
    {
        var due = _time.GetTimestamp() + _left;
        Volatile.Write(ref _due, due);
        if (due < Volatile.Read(ref _firesAt))
        {
            lock (_gate)
            {
                SetTimer(due);
            }
        }
    }

    /// <summary>Nobody waits any more; what is left of the time is kept.</summary>
    public void Rest()
    {
        Volatile.Write(ref _left, _due - _time.GetTimestamp());
        Volatile.Write(ref _due, Never);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            var due = Volatile.Read(ref _due);
            var now = _time.GetTimestamp();
            if (due > now)
            {
                // Who begins to wait later is due later.
                SetTimer(due == Never ? now + Math.Max(Volatile.Read(ref _left), 0) : due);
                return;
            }
        }

        _ended();
    }

    private void SetTimer(long due)
    {
        Volatile.Write(ref _firesAt, due);
        var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
        // Timers count whole milliseconds; one that fired early would look again at once, and again.
        _timer.Change(wait > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
