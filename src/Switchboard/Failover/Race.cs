using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;
using Polly.CircuitBreaker;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>Asks the routes of one turn until one speaks: the next when one fails or is too late, and beside one that was failing, or a slow one where hedging is on.</summary>
/// <param name="routes">In order; the first is asked first, each once.</param>
/// <param name="ask">Asks a client.</param>
/// <param name="timeouts">How long to wait.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Told of each attempt that failed.</param>
/// <param name="stopFailed">Told of a route that throws when it is told to stop.</param>
/// <param name="lifetime">Ends with the app, and with it the probes that outlive their turn.</param>
internal sealed class Race(
    IReadOnlyList<Route> routes,
    Func<IChatClient, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> ask,
    AnswerTimeouts timeouts,
    TimeProvider time,
    Action<Attempt, Exception> failed,
    Action<Attempt, Exception> stopFailed,
    CancellationToken lifetime)
{
    // Completes never; a task that is only compared needs no source of its own.
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly Queue<Route> _waiting = new(routes);
    private readonly List<Attempt> _running = [];
    private readonly List<(Attempt Attempt, BrokenCircuitException Reason)> _skipped = [];

    /// <summary>The first attempt that speaks. The others are abandoned, but for probes: these go on alone until they have proved themselves.</summary>
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
                // Probes outlast the turn, so the turn's end must be seen here.
                var ended = await Task.WhenAny([.. _running.Select(attempt => attempt.Decided), hedge]).WaitAsync(cancellationToken);
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
                if (await FailureAsync(attempt) is not { } reason)
                {
                    if (attempt.IsProbe)
                    {
                        attempt.BelongTo(cancellationToken);
                    }

                    return attempt;
                }

                failure = reason is BrokenCircuitException ? failure : MoreTelling(failure, reason);
                // A probe had the next one beside it from the beginning.
                if (!attempt.IsProbe)
                {
                    StartNext(cancellationToken);
                }

                if (_running.Count == 0 && !StartSkipped(cancellationToken))
                {
                    // As it was thrown: the log names the place.
                    ExceptionDispatchInfo.Throw(failure ?? reason);
                }
            }
        }
        finally
        {
            await hedging.CancelAsync();
            foreach (var attempt in _running)
            {
                End(attempt);
            }

            _skipped.ForEach(route => failed(route.Attempt, route.Reason));
        }
    }

    // How the attempt failed; null when it has not.
    private async Task<Exception?> FailureAsync(Attempt attempt)
    {
        try
        {
            // Awaited, since one that was cancelled by itself tells nobody else where.
            await attempt.Decided;
            return null;
        }
        catch (Exception failure)
        {
            attempt.Abandon();
            if (failure is BrokenCircuitException broken)
            {
                _skipped.Add((attempt, broken));
            }
            else if (!lifetime.IsCancellationRequested)
            {
                failed(attempt, failure);
            }

            return failure;
        }
    }

    private void End(Attempt attempt)
    {
        if (!attempt.IsProbe)
        {
            attempt.Abandon();
            return;
        }

        attempt.GoOnAlone();
        _ = ProveAsync();

        async Task ProveAsync()
        {
            if (await FailureAsync(attempt) is null)
            {
                attempt.Abandon();
            }
        }
    }

    // Of several the last, but that one blamed the request says less than what went wrong with one that did not: where the request is at fault, all of them say so.
    private static Exception MoreTelling(Exception? before, Exception failure) =>
        before is not null && failure is ResponderException { BlamesRequest: true } && before is not ResponderException { BlamesRequest: true } ? before : failure;

    private void StartNext(CancellationToken cancellationToken)
    {
        if (_waiting.TryDequeue(out var route))
        {
            Start(route, cancellationToken);
        }
    }

    private void Start(Route route, CancellationToken cancellationToken)
    {
        var isLast = _waiting.Count == 0 && _running.Count == 0 && _skipped.Count == 0;
        if (route.Circuit is null or { IsClosed: true })
        {
            Start(route, AttemptKind.Regular, isLast, cancellationToken);
            return;
        }

        // A caller is never the probe: it is asked beside the next one, not before it.
        Start(route, AttemptKind.Probe, isLast, lifetime);
        StartNext(cancellationToken);
    }

    // With nobody else left, asking those that have been failing is still better than silence: all at once, since each may well take its whole time.
    private bool StartSkipped(CancellationToken cancellationToken)
    {
        var left = _skipped.ConvertAll(skipped => skipped.Attempt.Route);
        _skipped.Clear();
        left.ForEach(route => Start(route, AttemptKind.LastResort, isLast: left.Count == 1, cancellationToken));
        return left.Count > 0;
    }

    private void Start(Route route, AttemptKind kind, bool isLast, CancellationToken until) =>
        _running.Add(Attempt.Start(route, kind, ask, timeouts, time, isLast, until, stopFailed));

    private Task Hedge(CancellationToken cancellationToken) =>
        timeouts.HedgeAfter is { } after && _waiting.Count > 0 ? Task.Delay(after, time, cancellationToken) : Never;
}
