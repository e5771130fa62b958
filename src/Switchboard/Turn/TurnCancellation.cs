namespace Switchboard.Turn;

/// <summary>What ends a turn early: the caller leaves, a newer turn of the same call begins, or its time is up.</summary>
internal sealed class TurnCancellation : IDisposable
{
    /// <summary>What a client has to take the last words, after the turn's time or when a newer turn has begun.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationToken _superseded;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _gone;
    private readonly CancellationTokenSource _any;
    private readonly CancellationTokenSource _cutOff;
    private readonly CancellationTokenRegistration _cutOffSoon;

    public TurnCancellation(TimeSpan timeout, TimeProvider time, CancellationToken superseded, CancellationToken callerLeft)
    {
        _superseded = superseded;
        _timeout = new CancellationTokenSource(timeout, time);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(callerLeft, superseded);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token, _timeout.Token);
        _cutOff = new CancellationTokenSource(timeout + Grace, time);
        _cutOffSoon = superseded.UnsafeRegister(static cutOff => ((CancellationTokenSource)cutOff!).CancelAfter(Grace), _cutOff);
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

    public bool HasTimedOut => _timeout.IsCancellationRequested && !_gone.IsCancellationRequested;

    public Task CancelAsync() => _any.CancelAsync();

    public void Dispose()
    {
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
