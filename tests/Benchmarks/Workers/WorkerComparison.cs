using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Benchmarks.Gateways;
using HostStandIn;

namespace Benchmarks.Workers;

/// <summary>
/// The published worker beside the published LocalHost, each behind YARP's forwarder in this process; its start beside that of an empty worker; and
/// its end with transcripts waiting.
/// </summary>
internal static class WorkerComparison
{
    private const int OpenStreams = 500;
    private const int Starts = 11;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync(string root)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(20), TimeProvider.System);
        using var published = new Published(Path.GetFullPath(root));
        Console.WriteLine("| | worker | LocalHost | ratio | asked for |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        await TurnsAsync(published, timeout.Token);
        Console.WriteLine();
        Console.WriteLine("| from starting the process to the end of the first answer | worker, a streamed turn | empty worker, a GET | ratio | asked for |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        await StartsAsync(published, timeout.Token);
        Console.WriteLine();
        await StopWithWaitingTurns.RunAsync(published.Worker, Path.GetFullPath(root), timeout.Token);
    }

    private static async Task TurnsAsync(Published published, CancellationToken cancellationToken)
    {
        using var upstream = await Gateway.StartUpstreamAsync();
        var settings = new Dictionary<string, string>
        {
            ["Access__ApiKeys__0"] = Turn.Key,
            ["Models__0__Id"] = "demo",
            ["Models__0__Responder"] = "upstream",
            ["Models__0__Upstreams__0__BaseUrl"] = $"http://{upstream.Address}/v1",
            ["Models__0__Upstreams__0__Model"] = "canned",
            ["Models__0__Upstreams__0__ApiKey"] = "upstream-key",
            ["Models__0__FirstSpeech__Deadline"] = "00:00:20",
            ["Models__1__Id"] = "slow",
            ["Models__1__Responder"] = "simulated",
            ["Models__1__Simulated__Delay"] = "00:01:00",
            ["Limits__MaxConcurrentTurns"] = "2000",
        };
        await using var host = await StandInHost.StartAsync(published.Worker, settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)), cancellationToken);
        var port = ChildProcess.FreePort();
        using var localHost = new ChildProcess("dotnet", [Path.Combine(published.LocalHost, "LocalHost.dll"), "--urls", $"http://127.0.0.1:{port}"], port, settings);
        (await localHost.ConnectAsync()).Dispose();
        var forwarder = ChildProcess.FreePort();
        _ = BareForwarder.RunAsync(forwarder, $"http://{localHost.Address}");
        using var worker = new Gateway("worker", IPEndPoint.Parse(host.Address.Authority), () => host.Worker.Cpu, () => host.Worker.WorkingSet, process: null);
        using var other = new Gateway("LocalHost", new IPEndPoint(IPAddress.Loopback, forwarder), () => localHost.Cpu, () => localHost.WorkingSet, process: null);

        var duel = new Duel("paced at 5 ms", new Load(Streams: 20, Turns: 4, Tokens: 100, Pace, Stagger: Pace * 100), new DuelLimits(CpuPerToken: 1.15));
        await duel.RunAsync(worker, other, cancellationToken);
        Row("CPU per token (µs), 20 streams at 5 ms a token", Series.Quantile(duel.Switchboard.CpuPerToken, 0.5), Series.Quantile(duel.Yarp.CpuPerToken, 0.5), duel.CpuRatio, 1.15);
        Row("first token, median (ms)", Series.Quantile(duel.Switchboard.FirstTokens, 0.5), Series.Quantile(duel.Yarp.FirstTokens, 0.5), duel.MedianRatio, 1.2);
        var ours = await MemoryAsync(worker, cancellationToken);
        var theirs = await MemoryAsync(other, cancellationToken);
        Row($"memory per open stream (kB), {OpenStreams} open", ours, theirs, ours / theirs, 1.2);
    }

    private static async Task<double> MemoryAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        var idle = gateway.WorkingSet;
        var open = new List<TcpClient>();
        try
        {
            for (var stream = 0; stream < OpenStreams; stream++)
            {
                var client = new TcpClient { NoDelay = true };
                open.Add(client);
                await client.ConnectAsync(gateway.Address, cancellationToken);
                await client.GetStream().WriteAsync(Turn.Request("slow"), cancellationToken);
                await Turn.ReadToAsync(client.GetStream(), "This ");
            }

            return (gateway.WorkingSet - idle) / 1e3 / OpenStreams;
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }
    }

    private static async Task StartsAsync(Published published, CancellationToken cancellationToken)
    {
        var ours = new List<double>();
        var theirs = new List<double>();
        for (var run = -1; run < Starts; run++)
        {
            // The first pair only warms the disk's cache. The order changes from pair to pair.
            var isFirst = run % 2 == 0;
            var a = await StartAsync(published, isFirst, cancellationToken);
            var b = await StartAsync(published, !isFirst, cancellationToken);
            if (run >= 0)
            {
                ours.Add(isFirst ? a : b);
                theirs.Add(isFirst ? b : a);
            }
        }

        Row($"median of {Starts} (ms)", Series.Quantile(ours, 0.5), Series.Quantile(theirs, 0.5), Series.Quantile(ours, 0.5) / Series.Quantile(theirs, 0.5), 1.6);
    }

    private static async Task<double> StartAsync(Published published, bool isOurs, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string?>[] settings = [new("Access__ApiKeys__0", Turn.Key), new("Models__0__Id", "demo"), new("Models__0__Responder", "simulated")];
        var started = TimeProvider.System.GetTimestamp();
        await using var host = await StandInHost.StartWorkerAsync(isOurs ? published.Worker : published.EmptyWorker, settings, isOurs ? "FunctionsApp.dll" : "EmptyWorker.dll");
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPEndPoint.Parse(host.Address.Authority), cancellationToken);
        // The host holds it until the worker is there.
        await client.GetStream().WriteAsync(isOurs ? Turn.Request() : Encoding.ASCII.GetBytes("GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), cancellationToken);
        await Turn.ReadToAsync(client.GetStream(), isOurs ? "[DONE]" : "Hello World!");
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }

    private static void Row(string what, double ours, double theirs, double ratio, double limit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {ours:F1} | {theirs:F1} | {ratio:F2} | {limit} |"));
}
