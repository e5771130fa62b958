using Microsoft.Extensions.Hosting;
using Polly;

namespace Switchboard.Transcripts;

/// <summary>
/// Stores the turns of the queue in the background. When the app stops, what is still waiting is stored first, as long as the host's
/// shutdown timeout allows, and no pause of an outage is waited for.
/// </summary>
internal sealed class TranscriptWriter(TranscriptQueue queue, TurnStore store, TranscriptRetry retry, TranscriptReport report, TimeProvider time)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>What is left for the last turns even where the server has used up the host's shutdown timeout with open streams.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(2);

    private readonly ResiliencePipeline _patient = retry.Build(time, report);
    private readonly ResiliencePipeline _hurried = TranscriptRetry.Hurried.Build(time, report);
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _giveUp = new();
    private CancellationToken _hurries;
    private CancellationToken _givenUp;
    private Task _lanes = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _hurries = _hurry.Token;
        _givenUp = _giveUp.Token;
        _lanes = Task.WhenAll(Enumerable.Range(0, TranscriptQueue.Lanes).Select(lane => Task.Run(() => DrainAsync(lane), CancellationToken.None)));
        return Task.CompletedTask;
    }

    /// <summary>As soon as the app is told to stop: there are seconds left, and what waits for the end of an outage tries at once.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => _hurry.CancelAsync();

    /// <summary>After all services have stopped: until then a turn may still end, in whatever order the server and this were added.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await _lanes.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_lanes.IsCompleted)
        {
            await Task.WhenAny(_lanes, Task.Delay(LastMoment, time, CancellationToken.None));
        }

        await _giveUp.CancelAsync();
        await _lanes;
        report.StoppedWith(queue.Count);
    }

    public void Dispose()
    {
        // Where the app never came to its end, what waits must not be tried for ever.
        _giveUp.Cancel();
        _giveUp.Dispose();
        _hurry.Dispose();
    }

    private async Task DrainAsync(int lane)
    {
        try
        {
            await foreach (var turns in queue.ReadAsync(lane, _givenUp))
            {
                await StoreAsync(turns);
            }
        }
        catch (Exception) when (_givenUp.IsCancellationRequested)
        {
            // Whatever an attempt makes of being given up; what is left is counted.
        }
    }

    private async Task StoreAsync(IReadOnlyList<TurnTranscript> turns)
    {
        try
        {
            await TryAsync(turns);
            foreach (var turn in turns)
            {
                report.Stored();
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
        catch (Exception fault) when (!_givenUp.IsCancellationRequested)
        {
            // It would fail for ever, and those behind it must not wait for ever.
            report.RejectedFor(fault);
            queue.Leave(turns[0]);
        }
    }

    private async Task TryAsync(IReadOnlyList<TurnTranscript> turns)
    {
        if (!_hurries.IsCancellationRequested)
        {
            try
            {
                await _patient.ExecuteAsync(async token => await store.WriteAsync(turns, token), _hurries);
                return;
            }
            catch (Exception) when (_hurries.IsCancellationRequested)
            {
                // Writing twice what was written changes nothing.
            }
        }

        await _hurried.ExecuteAsync(async token => await store.WriteAsync(turns, token), _givenUp);
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
