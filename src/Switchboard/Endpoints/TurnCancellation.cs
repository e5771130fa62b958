namespace Switchboard.Endpoints;

/// <summary>What ends a turn early: the caller leaves, a newer turn of the same call begins, or its time is up.</summary>
internal sealed class TurnCancellation : IDisposable
{
    private readonly CancellationToken _superseded;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _gone;
    private readonly CancellationTokenSource _any;

    public TurnCancellation(TimeSpan timeout, TimeProvider time, CancellationToken superseded, CancellationToken callerLeft)
    {
        _superseded = superseded;
        _timeout = new CancellationTokenSource(timeout, time);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(callerLeft, superseded);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token, _timeout.Token);
    }

    /// <summary>Ends the work of the turn.</summary>
    public CancellationToken Token => _any.Token;

    /// <summary>Nobody listens any more: the caller left, or is already in a newer turn.</summary>
    public CancellationToken CallerGone => _gone.Token;

    public bool IsSuperseded => _superseded.IsCancellationRequested;

    public bool HasTimedOut => _timeout.IsCancellationRequested && !_gone.IsCancellationRequested;

    public Task CancelAsync() => _any.CancelAsync();

    public void Dispose()
    {
        _any.Dispose();
        _gone.Dispose();
        _timeout.Dispose();
    }
}
