namespace Switchboard.Endpoints;

/// <summary>What ends a turn early: the caller leaves, or its time is up.</summary>
internal sealed class TurnCancellation : IDisposable
{
    private readonly CancellationToken _callerLeft;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    public TurnCancellation(TimeSpan timeout, TimeProvider time, CancellationToken callerLeft)
    {
        _callerLeft = callerLeft;
        _timeout = new CancellationTokenSource(timeout, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(callerLeft, _timeout.Token);
    }

    public CancellationToken Token => _either.Token;

    public bool HasTimedOut => _timeout.IsCancellationRequested && !_callerLeft.IsCancellationRequested;

    public Task CancelAsync() => _either.CancelAsync();

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
