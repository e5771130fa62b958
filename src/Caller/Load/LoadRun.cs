using Caller.Platform;
using Caller.Wire;

namespace Caller.Load;

/// <summary>
/// Makes many calls. Closed loop: so many callers, each of whom speaks again some time after hearing the answer.
/// Open loop: new calls at a rate that does not care how the server fares. A turn's times count from its request's last byte; to them comes
/// the wait for a free line, so that a server that stands still is charged for all who had to wait meanwhile. What this tool itself is late by is counted apart.
/// </summary>
internal sealed class LoadRun(PlatformClient client, LoadOptions options, LoadMeter meter, TimeProvider time)
{
    // A server that refuses at once would otherwise be asked again at once, thousands of times a second.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly string _run = Guid.NewGuid().ToString("N")[..12];
    private readonly Random _random = new(options.Seed);
    private readonly Lock _randomGate = new();
    private long _origin;
    private int _calls;
    private int _turnsBegun;

    private TimeSpan Now => time.GetElapsedTime(Volatile.Read(ref _origin));

    /// <summary>Runs to the end of the duration, and on until answers then under way are over or have timed out.</summary>
    public async Task<LoadReport> ExecuteAsync(Action<LoadReport>? onProgress, CancellationToken cancellationToken)
    {
        Begin();
        using var finished = new CancellationTokenSource();
        var watching = onProgress is null ? Task.CompletedTask : WatchAsync(onProgress, finished.Token);
        try
        {
            await WarmUpAsync(cancellationToken);
            Begin();
            await (options.Rate is { } rate ? OpenLoopAsync(rate, cancellationToken) : ClosedLoopAsync(cancellationToken));
        }
        finally
        {
            await finished.CancelAsync();
            await watching;
        }

        return meter.Report(Now);
    }

    private void Begin() => Volatile.Write(ref _origin, time.GetTimestamp());

    /// <summary>One turn that is not counted: the first request of a process pays for its own compilation, which is not the server's doing.</summary>
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var conversation = new Conversation(options.Platform, Call($"caller-load-{_run}-0") with { UserData = null }, historySync: false, time);
        await client.SendAsync(conversation.Ask(options.Speech[0]).Ask(), new ExchangeLimits(options.Timeout, TimeSpan.FromSeconds(2)), null, cancellationToken);
    }

    private CallFacts Call(string id) => new(options.Model, id) { Key = options.Key, UserData = "{\"origin\":\"caller-load\"}", Headers = options.Headers };

    private Task ClosedLoopAsync(CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, options.Calls).Select(async caller =>
    {
        // Spread over one think time: real callers do not all speak in the same instant.
        var start = options.Think * ((double)caller / options.Calls);
        while (start < options.Duration && await WaitUntilAsync(start, cancellationToken) && Volatile.Read(ref _turnsBegun) < LoadOptions.MaxTurns)
        {
            meter.Late(Now - start);
            start = await CallAsync(start, TimeSpan.Zero, cancellationToken) + ThinkTime();
        }
    }));

    private async Task OpenLoopAsync(double rate, CancellationToken cancellationToken)
    {
        using var lines = new SemaphoreSlim(options.Calls);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = new List<Task>();
        for (var number = 0; number < LoadOptions.MaxTurns; number++)
        {
            var intended = TimeSpan.FromSeconds(number / rate);
            if (intended >= options.Duration || !await WaitUntilAsync(intended, cancellationToken))
            {
                break;
            }

            meter.Late(Now - intended);
            calls.Add(OnALineAsync(lines, intended, over.Token, cancellationToken));
        }

        // Whoever still waits for a line when the time is over never gets one.
        await WaitUntilAsync(options.Duration, cancellationToken);
        await over.CancelAsync();
        await Task.WhenAll(calls);
    }

    private async Task OnALineAsync(SemaphoreSlim lines, TimeSpan intended, CancellationToken over, CancellationToken cancellationToken)
    {
        var from = time.GetTimestamp();
        try
        {
            await lines.WaitAsync(over);
        }
        catch (OperationCanceledException)
        {
            meter.NeverBegun();
            return;
        }

        try
        {
            await CallAsync(intended, time.GetElapsedTime(from), cancellationToken);
        }
        finally
        {
            lines.Release();
        }
    }

    /// <summary>One call of several turns.</summary>
    /// <param name="intended">When it was meant to begin.</param>
    /// <param name="waited">How long it has waited for a line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>When the caller is free for another: at once, or somewhat later if the call failed.</returns>
    private async Task<TimeSpan> CallAsync(TimeSpan intended, TimeSpan waited, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _calls);
        var conversation = new Conversation(options.Platform, Call($"caller-load-{_run}-{number}"), historySync: false, time);
        var failed = false;
        meter.CallBegins();
        try
        {
            for (var turn = 0; turn < options.Turns; turn++)
            {
                if (turn > 0)
                {
                    intended = Now + ThinkTime();
                    if (intended >= options.Duration || !await WaitUntilAsync(intended, cancellationToken))
                    {
                        break;
                    }

                    meter.Late(Now - intended);
                    waited = TimeSpan.Zero;
                }

                if (cancellationToken.IsCancellationRequested || Interlocked.Increment(ref _turnsBegun) > LoadOptions.MaxTurns)
                {
                    break;
                }

                failed = !await TurnAsync(conversation, options.Speech[turn % options.Speech.Count], intended, waited, cancellationToken);
                if (failed)
                {
                    break;
                }
            }
        }
        finally
        {
            meter.CallEnds();
        }

        return failed ? Now + AfterFailure : Now;
    }

    /// <returns>Whether the call goes on: a failed turn ends it, as does one cut off.</returns>
    private async Task<bool> TurnAsync(Conversation conversation, string speech, TimeSpan intended, TimeSpan waited, CancellationToken cancellationToken)
    {
        var ask = conversation.Ask(speech).Ask().WithHeader(ToldOutcome.Header, "tell");
        var exchange = await client.SendAsync(ask, new ExchangeLimits(options.Timeout, TimeSpan.FromSeconds(2)), null, cancellationToken);
        if (exchange.End == ExchangeEnd.Aborted)
        {
            meter.CutOff();
            return false;
        }

        var sample = TurnJudge.Judge(exchange, intended, waited);
        meter.Add(sample);
        conversation.Answered(exchange.Text);
        return sample.Error is null;
    }

    private TimeSpan ThinkTime()
    {
        lock (_randomGate)
        {
            return options.Think * (0.5 + _random.NextDouble());
        }
    }

    private async Task<bool> WaitUntilAsync(TimeSpan moment, CancellationToken cancellationToken)
    {
        // Timers count whole milliseconds, and may be early by one.
        while (moment - Now is var wait && wait > TimeSpan.Zero && !cancellationToken.IsCancellationRequested)
        {
            // Cancelling is the ordinary end of a run, not a failure of the wait.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !cancellationToken.IsCancellationRequested;
    }

    private async Task WatchAsync(Action<LoadReport> onProgress, CancellationToken finished)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
        try
        {
            while (await timer.WaitForNextTickAsync(finished))
            {
                onProgress(meter.Report(Now));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
