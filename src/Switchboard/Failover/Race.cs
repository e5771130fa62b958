using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>Asks the routes of one turn until one speaks: the next when one fails or is too late, and beside a slow one where hedging is on.</summary>
/// <param name="routes">In order; the first is asked first, each once.</param>
/// <param name="ask">Asks a client.</param>
/// <param name="timeouts">How long to wait.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Told of each attempt that failed.</param>
/// <param name="stopFailed">Told of a route that throws when it is told to stop.</param>
internal sealed class Race(
    IReadOnlyList<Route> routes,
    Func<IChatClient, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> ask,
    AnswerTimeouts timeouts,
    TimeProvider time,
    Action<Attempt, Exception> failed,
    Action<Attempt, Exception>? stopFailed = null)
{
    // Completes never; a task that is only compared needs no source of its own.
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly Queue<Route> _waiting = new(routes);
    private readonly List<Attempt> _running = [];

    /// <summary>The first attempt that speaks; the others are abandoned.</summary>
    /// <exception cref="ResponderException">None did; this is how the last one failed, or the last that did not blame the request.</exception>
    public async Task<Attempt> RunAsync(CancellationToken cancellationToken)
    {
        using var hedging = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            Exception? failure = null;
            // The clock of the hedge runs from before the asking, not from when the asking first had to wait.
            var first = _waiting.Dequeue();
            var hedge = Hedge(hedging.Token);
            Start(first, cancellationToken);
            while (true)
            {
                var ended = await Task.WhenAny([.. _running.Select(attempt => attempt.Decided), hedge]);
                cancellationToken.ThrowIfCancellationRequested();
                if (ended == hedge)
                {
                    var beside = _waiting.TryDequeue(out var route) ? route : null;
                    hedge = Hedge(hedging.Token);
                    if (beside is not null)
                    {
                        Start(beside, cancellationToken);
                    }

                    continue;
                }

                var attempt = _running.First(candidate => candidate.Decided == ended);
                _running.Remove(attempt);
                if (ended.IsCompletedSuccessfully)
                {
                    return attempt;
                }

                failure = MoreTelling(failure, await FailureAsync(attempt));
                if (!StartNext(cancellationToken) && _running.Count == 0)
                {
                    LastResort(failure, cancellationToken);
                }
            }
        }
        finally
        {
            await hedging.CancelAsync();
            _running.ForEach(attempt => attempt.Abandon());
        }
    }

    private async Task<Exception> FailureAsync(Attempt attempt)
    {
        try
        {
            // Awaited, since one that was cancelled by itself tells nobody else where.
            await attempt.Decided;
            throw new InvalidOperationException("The attempt has not failed.");
        }
        catch (Exception failure)
        {
            attempt.Abandon();
            failed(attempt, failure);
            return failure;
        }
    }

    // Of several the last, but that a route was skipped says less than how another one failed, and that one blamed the request says less than
    // what went wrong with one that did not: where the request is at fault, all of them say so.
    private static Exception MoreTelling(Exception? before, Exception failure) => before is not null && Tells(before) > Tells(failure) ? before : failure;

    private static int Tells(Exception failure) => failure switch
    {
        BrokenCircuitException => 0,
        ResponderException { BlamesRequest: true } => 1,
        _ => 2,
    };

    // With every circuit open, asking a route that has been failing is still better than silence.
    private void LastResort(Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not BrokenCircuitException)
        {
            // As it was thrown: the log names the place.
            ExceptionDispatchInfo.Throw(failure);
        }

        Start(routes[0] with { Circuit = ResiliencePipeline.Empty }, cancellationToken);
    }

    private bool StartNext(CancellationToken cancellationToken)
    {
        if (!_waiting.TryDequeue(out var route))
        {
            return false;
        }

        Start(route, cancellationToken);
        return true;
    }

    private void Start(Route route, CancellationToken cancellationToken) =>
        _running.Add(Attempt.Start(route, ask, timeouts, time, isLast: _waiting.Count == 0 && _running.Count == 0, cancellationToken, stopFailed));

    private Task Hedge(CancellationToken cancellationToken) =>
        timeouts.HedgeAfter is { } after && _waiting.Count > 0 ? Task.Delay(after, time, cancellationToken) : Never;
}
