using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>One asking of one route: it holds back what comes until something decisive does, then it can be read on.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Abandon disposes of what needs it, when it has come to rest.")]
internal sealed class Attempt : IValueTaskSource<bool>
{
    private readonly Route _route;
    private readonly AttemptKind _kind;
    private readonly AnswerTimeouts _timeouts;
    private readonly TimeProvider _time;
    private readonly Patience _patience;
    // By what the waiting ends, and what the route is told by. They have no timer and no parent, so they need no disposal.
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Action<Attempt, Exception>? _stopFailed;
    private readonly HeldUpdates _held;
    private readonly BoundedMove _move = new();
    private CancellationToken _turn;
    private CancellationTokenRegistration _registration;
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private SpokenWorth _worth;
    private volatile bool _isAlone;
    private bool _isAbandoned;
    private bool _isRefused;

    private Attempt(Route route, AttemptKind kind, AnswerTimeouts timeouts, TimeProvider time, Action<Attempt, Exception>? stopFailed, CancellationToken turn)
    {
        _route = route;
        _kind = kind;
        _timeouts = timeouts;
        _time = time;
        _stopFailed = stopFailed;
        _held = new HeldUpdates(route.Responder);
        _cancellation.Token.UnsafeRegister(static attempt => _ = ((Attempt)attempt!).StopAsync(), this);
        _patience = new Patience(time, timeouts.Sentence < timeouts.Deadline ? timeouts.Sentence : timeouts.Deadline, _cancellation.Cancel);
        BelongTo(turn);
    }

    /// <summary>Completes when something was said or called; fails when nothing will be.</summary>
    public Task Decided { get; private set; } = Task.CompletedTask;

    public Route Route => _route;

    public ResponderName Responder => _route.Responder;

    /// <summary>Whether it is there to see if its route is well again, beside another that answers the caller.</summary>
    public bool IsProbe => _kind is AttemptKind.Probe;

    /// <summary>What came before the decision, and with it.</summary>
    public IReadOnlyList<ChatResponseUpdate> Held => _held.Updates;

    public ChatResponseUpdate Current => _isRefused ? Speakable.WithRefusalHeard(_updates!.Current) : _updates!.Current;

    /// <param name="route">Whom to ask.</param>
    /// <param name="kind">What for.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="timeouts">How long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isLast">Whether nobody is left to ask after this one, so that waiting out a short <c>Retry-After</c> is the best there is.</param>
    /// <param name="turn">Ends the attempt with the turn; with the app for a probe, which is to prove itself though the turn is over.</param>
    /// <param name="stopFailed">Told of a route that throws when it is told to stop.</param>
    public static Attempt Start(
        Route route,
        AttemptKind kind,
        Func<IChatClient, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> ask,
        AnswerTimeouts timeouts,
        TimeProvider time,
        bool isLast,
        CancellationToken turn,
        Action<Attempt, Exception>? stopFailed = null)
    {
        var attempt = new Attempt(route, kind, timeouts, time, stopFailed, turn);
        attempt.Decided = attempt.DecideAsync(ask, isLast);
        return attempt;
    }

    /// <summary>Has the attempt end with <paramref name="turn"/> from now on.</summary>
    public void BelongTo(CancellationToken turn)
    {
        _registration.Dispose();
        _turn = turn;
        _registration = turn.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
    }

    /// <summary>Nobody waits for this probe any more: it goes on to its first word or its deadline, since that another was quicker or that the caller left proves nothing.</summary>
    public void GoOnAlone() => _isAlone = true;

    /// <summary>Reads on after the decision.</summary>
    /// <exception cref="ResponderException">The answer failed, or fell silent.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        // What always has a next update at hand would never look.
        _turn.ThrowIfCancellationRequested();
        var next = _updates!.MoveNextAsync();
        if (next.IsCompletedSuccessfully)
        {
            return new ValueTask<bool>(Heeded(next.Result));
        }

        // Not awaited here, but by the caller, who takes the result through this object: a method of its own would be woken for every token.
        _patience.Wait();
        return new ValueTask<bool>(this, _move.Start(next, _cancellation.Token));
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            var hasNext = _move.GetResult(token);
            _patience.Rest();
            return Heeded(hasNext);
        }
        // Not one that was cancelled by itself: that failed.
        catch (OperationCanceledException failure) when (!_turn.IsCancellationRequested && _cancellation.IsCancellationRequested)
        {
            throw new ResponderException(_patience.IsSilence ? ResponderFailure.Stalled : ResponderFailure.Slow, _route.Responder, failure);
        }
    }

    // A move that was cancelled may have failed: only its result tells.
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) =>
        _move.GetStatus(token) is var status and not ValueTaskSourceStatus.Canceled ? status : ValueTaskSourceStatus.Faulted;

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _move.OnCompleted(continuation, state, token, flags);

    /// <summary>Ends the attempt at once. What it leaves behind is cleaned up when it comes to rest: a route that does not heed its token must not hold up a call.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        _cancellation.Cancel();
        _ = CleanUpAsync();
    }

    private async Task DecideAsync(Func<IChatClient, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> ask, bool isLast)
    {
        var started = _time.GetTimestamp();
        try
        {
            await (_route.Circuit is { } circuit && _kind is not AttemptKind.LastResort ? circuit.ExecuteAsync(() => ReadToDecisionAsync(ask)) : new(ReadToDecisionAsync(ask)));
        }
        catch (ResponderException failure) when (isLast && failure.RetryAfter is { } wait && _time.GetElapsedTime(started) + wait < _timeouts.Deadline)
        {
            await DisposeUpdatesAsync();
            await Task.Delay(wait, _time, _cancellation.Token);
            await ReadToDecisionAsync(ask);
        }

        if (_kind is AttemptKind.LastResort && _route.Circuit is { } broken)
        {
            await broken.CloseAsync();
        }

        _patience.Rest();
        var sentence = _timeouts.Sentence - _time.GetElapsedTime(started);
        _patience.Begin(sentence > TimeSpan.Zero && sentence < _timeouts.Stall ? sentence : _timeouts.Stall);
        foreach (var update in Held)
        {
            Heed(update);
        }
    }

    private bool Heeded(bool hasNext)
    {
        if (hasNext)
        {
            Heed(Current);
        }

        return hasNext;
    }

    // The time for the first sentence, and then the silence, is over when there is enough to speak.
    private void Heed(ChatResponseUpdate update)
    {
        if (_worth.Take(update))
        {
            _patience.Begin(_timeouts.Stall);
        }
    }

    private async Task ReadToDecisionAsync(Func<IChatClient, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> ask)
    {
        try
        {
            _updates = ask(_route.Client, _stopping.Token).GetAsyncEnumerator(_stopping.Token);
            while (await _move.TakeAsync(_updates.MoveNextAsync(), _cancellation.Token))
            {
                var update = _updates.Current;
                if (!Speakable.IsDecisive(update))
                {
                    // Here too: what always has a next update at hand is never waited for.
                    _cancellation.Token.ThrowIfCancellationRequested();
                }

                if (ToolCallUnderWay.Is(update))
                {
                    if (_isAlone)
                    {
                        return;
                    }

                    // It is at work on what decides; from here on only a silence counts against it.
                    _patience.Begin(_timeouts.Stall);
                    continue;
                }

                // A refusal is heard where nothing else was said; beside an answer it stays silent.
                if (!Speakable.IsHeard(update) && update.Contents.Any(Refusals.Is))
                {
                    _isRefused = true;
                    update = Speakable.WithRefusalHeard(update);
                }

                _held.Add(update);
                if (Speakable.IsDecisive(update))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException failure) when (!_turn.IsCancellationRequested && !_isAbandoned && _cancellation.IsCancellationRequested)
        {
            throw new ResponderException(ResponderFailure.Silent, _route.Responder, failure);
        }

        // A filtered answer is empty too, but it is an answer.
        if (!Held.Any(update => update.FinishReason == ChatFinishReason.ContentFilter))
        {
            throw new ResponderException(ResponderFailure.Empty, _route.Responder);
        }
    }

    // Beside: what a route does when it is told to stop may throw, which on a timer's thread would end the process, or wait. Neither is for
    // the clock, the route that has spoken, or the newer turn that ended this one.
    private async Task StopAsync()
    {
        try
        {
            await _stopping.CancelAsync();
        }
        catch (AggregateException failure)
        {
            _stopFailed?.Invoke(this, failure.InnerExceptions[0]);
        }
    }

    private async Task CleanUpAsync()
    {
        try
        {
            await Decided;
        }
        catch (Exception)
        {
            // Reported where the decision was awaited, or of no interest: another route has spoken, or the turn is over.
        }

        try
        {
            await DisposeUpdatesAsync();
        }
        finally
        {
            _patience.Dispose();
            await _registration.DisposeAsync();
        }
    }

    private async Task DisposeUpdatesAsync()
    {
        // An enumerator must not be disposed while it moves.
        await _move.Rest;
        if (_updates is not null)
        {
            await _updates.DisposeAsync();
            _updates = null;
        }
    }
}

/// <summary>What a route is asked for.</summary>
internal enum AttemptKind
{
    /// <summary>It is its turn.</summary>
    Regular,

    /// <summary>It was failing, and is tried beside another.</summary>
    Probe,

    /// <summary>It keeps failing, but nobody else is left.</summary>
    LastResort,
}
