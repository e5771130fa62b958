namespace Switchboard.Turn;

/// <summary>What ends a turn early: the caller leaves, a newer turn of the same call begins, its time is up, or the app stops.</summary>
internal sealed class TurnCancellation : IDisposable
{
    /// <summary>What a client has to take the last words, after the turn's time, when a newer turn has begun, or when the app stops.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationToken _superseded;
    private readonly CancellationToken _stopped;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _gone;
    private readonly CancellationTokenSource _any;
    private readonly CancellationTokenSource _cutOff;
    private readonly CancellationTokenRegistration _cutOffSoon;
    private readonly CancellationTokenRegistration _cutOffAtStop;

    public TurnCancellation(TimeSpan timeout, TimeProvider time, CancellationToken superseded, CancellationToken stopped, CancellationToken callerLeft)
    {
        _superseded = superseded;
        _stopped = stopped;
        _timeout = new CancellationTokenSource(timeout, time);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(callerLeft, superseded);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token, _timeout.Token, stopped);
        _cutOff = new CancellationTokenSource(timeout + Grace, time);
        _cutOffSoon = superseded.UnsafeRegister(static cutOff => ((CancellationTokenSource)cutOff!).CancelAfter(Grace), _cutOff);
        _cutOffAtStop = stopped.UnsafeRegister(static cutOff => ((CancellationTokenSource)cutOff!).CancelAfter(Grace), _cutOff);
    }

    /// <summary>Ends the work of the turn.</summary>
    public CancellationToken Token => _any.Token;

    /// <summary>Nobody listens any more: the caller left, or is already in a newer turn.</summary>
    public CancellationToken CallerGone => _gone.Token;

    /// <summary>
    /// No write may wait any longer for a client that does not read. Not as soon as the turn is over: an apology, an error or the end of
    /// the stream is still to be said.
    /// </summary>
    public CancellationToken CutOff => _cutOff.Token;

    public bool IsSuperseded => _superseded.IsCancellationRequested;

    /// <summary>Whether it is the app's stop that ends it.</summary>
    public bool IsStopped => _stopped.IsCancellationRequested && !_gone.IsCancellationRequested && !_timeout.IsCancellationRequested;

    public bool HasTimedOut => _timeout.IsCancellationRequested && !_gone.IsCancellationRequested;

    public Task CancelAsync() => _any.CancelAsync();

    public void Dispose()
    {
        _cutOffAtStop.Dispose();
        _cutOffSoon.Dispose();
        _cutOff.Dispose();
        _any.Dispose();
        _gone.Dispose();
        _timeout.Dispose();
    }
}

/// <summary>The client closed the connection while its answer was being written.</summary>
internal sealed class CallerLeftException : OperationCanceledException
{
    /// <summary>Whether it was we who closed it, because the client did not take its answer in time.</summary>
    public bool IsCutOff { get; init; }
}
