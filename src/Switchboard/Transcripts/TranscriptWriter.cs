using Microsoft.Extensions.Hosting;

namespace Switchboard.Transcripts;

/// <summary>
/// Stores the turns of the queue in the background. When the app stops, what is still waiting is stored first, for <see cref="Longest"/> and as long as the host's
/// shutdown timeout allows, and no pause of an outage is waited for. Beside that, the entries of calls that fell quiet are closed.
/// </summary>
internal sealed class TranscriptWriter(
    TranscriptQueue queue, TurnStore store, CallEventStore events, TranscriptRetry retry, TranscriptReport report, TimeProvider time)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>How often it is looked for calls that fell quiet.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    // So many calls are stored at once: each takes some requests, one after the other, and after an outage thousands may wait for whom a stop leaves seconds.
    public const int Writers = 48;

    /// <summary>How long an outage may hold up a stop. What the turns leave of the time that they have is not added to it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>What is left for the last turns even where the server has used up the host's shutdown timeout with open streams.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(0.4);

    private readonly StorageOutage _outage = new(time, report);
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _giveUp = new();
    private CancellationToken _hurries;
    private CancellationToken _givenUp;
    private Task _writers = Task.CompletedTask;
    private Task _closing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _hurries = _hurry.Token;
        _givenUp = _giveUp.Token;
        _writers = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(DrainAsync, CancellationToken.None)));
        _closing = Task.Run(CloseQuietAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>As soon as the app is told to stop: there are seconds left, and what waits for the end of an outage tries at once.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => _hurry.CancelAsync();

    /// <summary>After all services have stopped: until then a turn may still end, in whatever order the server and this were added.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        report.StopsWith(queue.Count, Longest);
        await _writers.WaitAsync(Longest, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_writers.IsCompleted)
        {
            await Task.WhenAny(_writers, Task.Delay(LastMoment, time, CancellationToken.None));
        }

        await _giveUp.CancelAsync();
        await _writers;
        await _closing;
        report.StoppedWith(queue.Count);
    }

    public void Dispose()
    {
        // Where the app never came to its end, what waits must not be tried for ever.
        _hurry.Cancel();
        _giveUp.Cancel();
        _giveUp.Dispose();
        _hurry.Dispose();
    }

    private async Task DrainAsync()
    {
        try
        {
            await foreach (var turns in queue.ReadAsync(_givenUp))
            {
                await StoreAsync(turns);
            }
        }
        catch (Exception) when (_givenUp.IsCancellationRequested)
        {
            // Whatever an attempt makes of being given up; what is left is counted.
        }
    }

    // Not when the app stops: the calls go on at another instance, and lists are right without it.
    private async Task CloseQuietAsync()
    {
        while (!_hurries.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pace, time, _hurries);
                await store.CloseQuietAsync(_hurries);
            }
            catch (Exception) when (_hurries.IsCancellationRequested)
            {
                // Whatever a request makes of being given up.
            }
            catch (Exception failure)
            {
                report.NotClosedFor(failure);
            }
        }
    }

    private async Task StoreAsync(IReadOnlyList<TranscriptItem> turns)
    {
        try
        {
            await TryAsync(turns);
            foreach (var turn in turns)
            {
                report.Stored(turn is TurnTranscript);
                queue.Leave(turn);
            }
        }
        catch (Exception) when (!_givenUp.IsCancellationRequested && turns.Count > 1)
        {
            // One of them is at fault, and the others are not lost with it.
            foreach (var turn in turns)
            {
                await StoreAsync([turn]);
            }
        }
        catch (Exception failure) when (!_givenUp.IsCancellationRequested)
        {
            // It would fail for ever, and those behind it must not wait for ever.
            report.RejectedFor(failure);
            queue.Leave(turns[0]);
        }
    }

    private async Task TryAsync(IReadOnlyList<TranscriptItem> turns)
    {
        if (!_hurries.IsCancellationRequested)
        {
            try
            {
                await _outage.TryAsync(retry, token => WriteAsync(turns, token), _hurries);
                return;
            }
            catch (Exception) when (_hurries.IsCancellationRequested)
            {
                // Writing twice what was written changes nothing.
            }
        }

        await _outage.TryAsync(TranscriptRetry.Hurried, token => WriteAsync(turns, token), _givenUp);
    }

    private async Task WriteAsync(IReadOnlyList<TranscriptItem> items, CancellationToken cancellationToken)
    {
        if (items[0] is TurnTranscript)
        {
            await store.WriteAsync([.. items.Cast<TurnTranscript>()], cancellationToken);
            return;
        }

        List<CallEvent> told = [.. items.Cast<CallEvent>()];
        await events.WriteAsync(told, cancellationToken);
        if (told.Exists(one => one.Ending is not null))
        {
            await store.CloseAsync(told[0].InstanceId, cancellationToken);
        }
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
