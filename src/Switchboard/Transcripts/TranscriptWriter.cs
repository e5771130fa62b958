using Microsoft.Extensions.Hosting;
using Polly;

namespace Switchboard.Transcripts;

/// <summary>
/// Stores the turns of the queue in the background. When the app stops, what is still waiting is stored first, as long as the host's
/// shutdown timeout allows.
/// </summary>
internal sealed class TranscriptWriter(TranscriptQueue queue, TurnStore store, ResiliencePipeline retry, TranscriptReport report, TimeProvider time)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>What is left for the last turns even where the server has used up the host's shutdown timeout with open streams.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _giveUp = new();
    private CancellationToken _givenUp;
    private Task _lanes = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _givenUp = _giveUp.Token;
        _lanes = Task.WhenAll(Enumerable.Range(0, TranscriptQueue.Lanes).Select(lane => Task.Run(() => DrainAsync(lane), CancellationToken.None)));
        return Task.CompletedTask;
    }

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
    }

    private async Task DrainAsync(int lane)
    {
        try
        {
            await foreach (var turn in queue.ReadAsync(lane, _givenUp))
            {
                await StoreAsync(turn);
                queue.Leave(turn);
            }
        }
        catch (Exception) when (_givenUp.IsCancellationRequested)
        {
            // Whatever an attempt makes of being given up; what is left is counted.
        }
    }

    private async Task StoreAsync(TurnTranscript turn)
    {
        try
        {
            await retry.ExecuteAsync(async token => await store.WriteAsync(turn, token), _givenUp);
            report.Stored();
        }
        catch (Exception fault) when (!_givenUp.IsCancellationRequested)
        {
            // It would fail for ever, and those behind it must not wait for ever.
            report.RejectedFor(fault);
        }
    }

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
