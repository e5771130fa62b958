using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Switchboard.Common;

/// <summary>
/// Waits for one move after another of an enumeration, each no longer than until a token is cancelled: an enumeration that does not heed its
/// token is then left behind. One object for all the moves, since there is one for every token that is spoken.
/// </summary>
internal sealed class BoundedMove : IValueTaskSource<bool>
{
    private const int Resting = 0;
    private const int Moving = 1;
    private const int Left = 2;

    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _moved;
    private ManualResetValueTaskSourceCore<bool> _outcome;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _move;
    private CancellationToken _end;
    private int _state;

    public BoundedMove() => _moved = Moved;

    /// <summary>Completes when no move is under way: only then may the enumeration be disposed.</summary>
    public Task Rest => Volatile.Read(ref _state) == Left ? _rest.Task : Task.CompletedTask;

    /// <summary>Waits for <paramref name="next"/>; the move before must have been waited for, and not been left.</summary>
    /// <param name="next">The move.</param>
    /// <param name="cancellationToken">Ends the wait. The same for all moves, and of whoever holds this object: it is listened to from the first wait on.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<bool> TakeAsync(ValueTask<bool> next, CancellationToken cancellationToken) =>
        next.IsCompleted ? next : new ValueTask<bool>(this, Start(next, cancellationToken));

    /// <summary>The same for who awaits this object itself, be the move over or not.</summary>
    /// <returns>The token to await it with.</returns>
    public short Start(ValueTask<bool> next, CancellationToken cancellationToken)
    {
        _outcome.Reset();
        _move = next.ConfigureAwait(false).GetAwaiter();
        if (_end != cancellationToken)
        {
            // Once, and not for each move: there is one for every token that is spoken.
            _end = cancellationToken;
            cancellationToken.UnsafeRegister(static (move, token) => ((BoundedMove)move!).Leave(token), this);
        }

        // Not merely written: what cancels between the moves sees none under way, so it must be seen here.
        Interlocked.Exchange(ref _state, Moving);
        if (cancellationToken.IsCancellationRequested)
        {
            Leave(cancellationToken);
        }

        var token = _outcome.Version;
        _move.UnsafeOnCompleted(_moved);
        return token;
    }

    public bool GetResult(short token) => _outcome.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _outcome.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private void Leave(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Left, Moving) == Moving)
        {
            _outcome.SetException(new OperationCanceledException(cancellationToken));
        }
    }

    private void Moved()
    {
        if (Interlocked.CompareExchange(ref _state, Resting, Moving) == Left)
        {
            Forget();
            return;
        }

        bool result;
        try
        {
            result = _move.GetResult();
        }
        catch (Exception failure)
        {
            _outcome.SetException(failure);
            return;
        }

        _outcome.SetResult(result);
    }

    private void Forget()
    {
        try
        {
            _ = _move.GetResult();
        }
        catch (Exception)
        {
            // It was left behind; what became of it is of no interest.
        }

        _rest.SetResult();
    }
}
