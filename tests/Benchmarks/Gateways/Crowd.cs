namespace Benchmarks.Gateways;

/// <summary>A thousand streams at once through Switchboard: each is checked token by token, and the memory is looked at while all are open.</summary>
internal sealed class Crowd
{
    public const int Streams = 1000;
    public const int Tokens = 800;

    /// <summary>Enough for every path to have its code and its buffers.</summary>
    private static readonly Load WarmUp = new(Streams: 20, Turns: 20, Tokens: 20, TimeSpan.FromMilliseconds(1), Stagger: TimeSpan.Zero);

    private static readonly TimeSpan Stagger = TimeSpan.FromSeconds(1);

    public static TimeSpan Pace { get; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The most streams that had begun and not ended.</summary>
    public int MostOpen { get; private set; }

    /// <summary>Resident memory before, in bytes.</summary>
    public long Idle { get; private set; }

    /// <summary>Resident memory when the last stream had its first token, in bytes.</summary>
    public long Open { get; private set; }

    /// <summary>The most resident memory seen, in bytes.</summary>
    public long Peak { get; private set; }

    public double TokensPerSecond { get; private set; }

    public double PerStream => (double)(Peak - Idle) / Streams;

    /// <exception cref="InvalidOperationException">A stream failed, or had a token missing, out of order or altered.</exception>
    public async Task RunAsync(Gateway switchboard, CancellationToken cancellationToken)
    {
        await WarmUp.RunAsync(switchboard, cancellationToken);
        Idle = switchboard.WorkingSet;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchAsync(switchboard, over.Token);
        var gate = new Lock();
        var waiting = Streams;
        var open = 0;
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(CallAsync));
        TokensPerSecond = (long)Streams * Tokens / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await over.CancelAsync();
        await watch;

        async Task CallAsync(int stream)
        {
            await Task.Delay(Stagger / Streams * stream, TimeProvider.System, cancellationToken);
            using var caller = await Caller.ConnectAsync(switchboard, cancellationToken);
            await caller.SpeakAsync(new Ask(stream, Tokens, Pace), Began, cancellationToken);
            lock (gate)
            {
                open--;
            }
        }

        void Began()
        {
            lock (gate)
            {
                waiting--;
                MostOpen = Math.Max(MostOpen, ++open);
                Open = waiting == 0 ? switchboard.WorkingSet : 0;
            }
        }
    }

    private async Task WatchAsync(Gateway switchboard, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                Peak = Math.Max(Peak, switchboard.WorkingSet);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // All streams have ended.
        }
    }
}
