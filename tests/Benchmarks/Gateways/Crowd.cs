namespace Benchmarks.Gateways;

/// <summary>A thousand streams at once through each gateway: every one is checked token by token, and the memory is looked at while all are open.</summary>
/// <param name="title">What is called so in a report.</param>
/// <param name="pace">The time between two tokens of a stream.</param>
/// <param name="tokens">The tokens of a stream.</param>
/// <param name="rounds">How often each gateway has it.</param>
internal sealed class Crowd(string title, TimeSpan pace, int tokens, int rounds)
{
    public const int Streams = 1000;

    /// <summary>The most that Switchboard may add for a stream, in YARP's measure.</summary>
    public const double MemoryLimit = 1.3;

    /// <summary>Enough for every path to have its code and its buffers.</summary>
    private static readonly Load WarmUp = new(Streams: 20, Turns: 20, Tokens: 20, TimeSpan.FromMilliseconds(1), Stagger: TimeSpan.Zero);

    private static readonly TimeSpan Stagger = TimeSpan.FromSeconds(1);

    private readonly List<CrowdSample> _ours = [];
    private readonly List<CrowdSample> _theirs = [];

    public string Title { get; } = title;

    public int Tokens { get; } = tokens;

    public IReadOnlyList<CrowdSample> Switchboard => _ours;

    public IReadOnlyList<CrowdSample> Yarp => _theirs;

    /// <summary>The median of the rounds' ratios of the memory that a stream adds.</summary>
    public double MemoryRatio => Series.Quantile(_ours.Zip(_theirs, (ours, theirs) => ours.PerStream / theirs.PerStream), 0.5);

    /// <exception cref="InvalidOperationException">A stream failed, or had a token missing, out of order or altered.</exception>
    public async Task RunAsync(Gateway upstream, CancellationToken cancellationToken)
    {
        for (var round = 0; round < rounds; round++)
        {
            // Processes of their own, whose memory holds nothing of what went before.
            using (var yarp = await Gateway.StartYarpAsync(upstream.Address))
            {
                _theirs.Add(await RunRoundAsync(yarp, cancellationToken));
            }

            using var switchboard = await Gateway.StartSwitchboardAsync(upstream.Address);
            _ours.Add(await RunRoundAsync(switchboard, cancellationToken));
        }
    }

    private async Task<CrowdSample> RunRoundAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        await WarmUp.RunAsync(gateway, cancellationToken);
        var idle = gateway.WorkingSet;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var peak = PeakAsync(gateway, over.Token);
        var gate = new Lock();
        var open = 0;
        var mostOpen = 0;
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(CallAsync));
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await over.CancelAsync();
        return new CrowdSample(mostOpen, (long)Streams * Tokens / elapsed.TotalSeconds, idle, await peak);

        async Task CallAsync(int stream)
        {
            await Task.Delay(Stagger / Streams * stream, TimeProvider.System, cancellationToken);
            using var caller = await Caller.ConnectAsync(gateway, cancellationToken);
            await caller.SpeakAsync(new Ask(stream, Tokens, pace), Began, cancellationToken);
            lock (gate)
            {
                open--;
            }
        }

        void Began()
        {
            lock (gate)
            {
                mostOpen = Math.Max(mostOpen, ++open);
            }
        }
    }

    private static async Task<long> PeakAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var peak = 0L;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                peak = Math.Max(peak, gateway.WorkingSet);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // All streams have ended.
        }

        return peak;
    }
}

/// <summary>What one round of a crowd measured.</summary>
/// <param name="MostOpen">The most streams that had begun and not ended.</param>
/// <param name="TokensPerSecond">How many tokens arrived at the callers, all together.</param>
/// <param name="Idle">Resident memory before, in bytes.</param>
/// <param name="Peak">The most resident memory seen, in bytes.</param>
internal sealed record CrowdSample(int MostOpen, double TokensPerSecond, long Idle, long Peak)
{
    /// <summary>The memory that a stream added, in bytes.</summary>
    public double PerStream => (double)(Peak - Idle) / Crowd.Streams;
}
