namespace Benchmarks.Gateways;

/// <summary>Switchboard beside a bare YARP, both in front of the same upstream, all in one run on loopback.</summary>
internal static class GatewayComparison
{
    private const int Streams = 50;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    /// <returns>The exit code: 1 when something was dropped, reordered or altered. A missed target is reported, not failed: the machine is shared.</returns>
    public static async Task<int> RunAsync(string root)
    {
        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
        var pace = TimeSpan.FromMilliseconds(5);
        var paced = new Duel("paced at 5 ms", new Load(Streams, Turns: 4, Tokens: 100, pace, Stagger: pace * 100), cpuLimit: 1.15);
        var unpaced = new Duel("unpaced", new Load(Streams, Turns: 8, Tokens: 1000, TimeSpan.Zero, Stagger: TimeSpan.Zero), cpuLimit: 2.5);
        var crowd = new Crowd();
        try
        {
            using var upstream = await Gateway.StartUpstreamAsync();
            using (var yarp = await Gateway.StartYarpAsync(upstream.Address))
            using (var switchboard = await Gateway.StartSwitchboardAsync(upstream.Address))
            {
                await paced.RunAsync(switchboard, yarp, timeout.Token);
                await unpaced.RunAsync(switchboard, yarp, timeout.Token);
            }

            // A process of its own, whose memory holds nothing of what went before.
            using var crowded = await Gateway.StartSwitchboardAsync(upstream.Address);
            await crowd.RunAsync(crowded, timeout.Token);
        }
        catch (InvalidOperationException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }

        var report = GatewayReport.Write(paced, unpaced, crowd);
        Console.WriteLine(report);
        GatewayReport.Insert(Path.Combine(root, "docs", "performance.md"), report);
        GatewayPlot.Save(Path.Combine(root, "docs", "images", "gateway.svg"), paced, unpaced);
        return 0;
    }
}
