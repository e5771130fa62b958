namespace Caller.Commands;

/// <summary>Ctrl+C, handed to whoever asked for it last: the answer being heard, or else the whole command.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private CancellationTokenSource? _answer;

    /// <summary>Cancelled when the command is to end.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Until disposed, Ctrl+C cancels only what is returned.</summary>
    public AnswerScope DuringAnswer()
    {
        lock (_gate)
        {
            _answer = new CancellationTokenSource();
            return new AnswerScope(this, _answer);
        }
    }

    public void Raise()
    {
        CancellationTokenSource target;
        lock (_gate)
        {
            target = _answer is { IsCancellationRequested: false } ? _answer : _end;
        }

        target.Cancel();
    }

    public void Dispose() => _end.Dispose();

    internal sealed class AnswerScope(Interrupts owner, CancellationTokenSource source) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._answer = null;
            }
        }
    }
}
