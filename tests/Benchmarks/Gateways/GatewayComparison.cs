namespace Benchmarks.Gateways;

/// <summary>Switchboard beside a bare YARP, both in front of the same upstream, all in one run on loopback.</summary>
internal static class GatewayComparison
{
    private const int Streams = 50;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs all of it, and writes what was measured into the page.</summary>
    /// <param name="root">The repository.</param>
    /// <returns>The exit code: 1 when something was dropped, reordered or altered. A missed target is reported, not failed: the machine is shared.</returns>
    public static async Task<int> RunAsync(string root)
    {
        var (paced, unpaced, crowds) = (Paced(), Unpaced(), Crowds());
        var exitCode = await RunAsync([paced, unpaced], crowds);
        if (exitCode == 0)
        {
            var report = GatewayReport.Write([paced, unpaced], crowds);
            Console.WriteLine(report);
            GatewayReport.Insert(Path.Combine(root, "docs", "performance.md"), report);
            GatewayPlot.Save(Path.Combine(root, "docs", "images", "gateway.svg"), paced, unpaced, crowds);
        }

        return exitCode;
    }

    /// <summary>Runs one part: <c>paced</c>, <c>unpaced</c> or <c>memory</c>.</summary>
    /// <returns>The exit code, as of the whole; 2 for a part that there is not.</returns>
    public static async Task<int> RunPartAsync(string part)
    {
        Duel[] duels = part switch { "paced" => [Paced()], "unpaced" => [Unpaced()], _ => [] };
        Crowd[] crowds = part is "memory" ? Crowds() : [];
        if (duels.Length + crowds.Length == 0)
        {
            return 2;
        }

        var exitCode = await RunAsync(duels, crowds);
        Console.WriteLine(GatewayReport.Write(duels, crowds));
        return exitCode;
    }

    private static Duel Paced() =>
        new("paced at 5 ms", new Load(Streams, Turns: 4, Tokens: 100, Pace, Stagger: Pace * 100), new DuelLimits(CpuPerToken: 1.25, MedianFirstToken: 1.3, TailFirstToken: 1.5));

    private static Duel Unpaced() =>
        new("unpaced", new Load(Streams, Turns: 8, Tokens: 1000, TimeSpan.Zero, Stagger: TimeSpan.Zero), new DuelLimits(CpuPerToken: 2.2));

    // Twenty tokens a second are about what a fast model gives, and what two cores make for a thousand beside the upstream and the client. At 5 ms they
    // cannot, and what waits is in the memory too.
    private static Crowd[] Crowds() =>
        [new Crowd("a token every 50 ms", TimeSpan.FromMilliseconds(50), tokens: 200, rounds: 3), new Crowd("a token every 5 ms", Pace, tokens: 800, rounds: 3)];

    private static async Task<int> RunAsync(IReadOnlyCollection<Duel> duels, IReadOnlyCollection<Crowd> crowds)
    {
        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
        try
        {
            using var upstream = await Gateway.StartUpstreamAsync();
            using (var yarp = await Gateway.StartYarpAsync(upstream.Address))
            using (var switchboard = await Gateway.StartSwitchboardAsync(upstream.Address))
            {
                foreach (var duel in duels)
                {
                    await duel.RunAsync(switchboard, yarp, timeout.Token);
                }
            }

            foreach (var crowd in crowds)
            {
                await crowd.RunAsync(upstream, timeout.Token);
            }
        }
        catch (InvalidOperationException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }

        return 0;
    }
}
