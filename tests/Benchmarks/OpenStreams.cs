using System.Net.Sockets;

namespace Benchmarks;

/// <summary>How much memory open streams take on LocalHost.</summary>
internal static class OpenStreams
{
    private const int Streams = 1000;

    public static async Task RunAsync()
    {
        var port = ChildProcess.FreePort();
        var host = Path.Combine(AppContext.BaseDirectory, "LocalHost.dll");
        using var server = new ChildProcess("dotnet", [host, "--urls", $"http://127.0.0.1:{port}"], port, new Dictionary<string, string>
        {
            ["Access__ApiKeys__0"] = Turn.Key,
            ["Models__0__Id"] = "demo",
            ["Models__1__Id"] = "slow",
            ["Models__1__Simulated__Delay"] = "00:01:00",
            ["Limits__MaxConcurrentTurns"] = "2000",
        });
        for (var turn = 0; turn < 200; turn++)
        {
            await OpenAsync(server, "demo", "[DONE]");
        }

        var idle = server.WorkingSet;
        var open = new List<TcpClient>();
        for (var stream = 0; stream < Streams; stream++)
        {
            open.Add(await OpenAsync(server, "slow", "This "));
        }

        var busy = server.WorkingSet;
        Console.WriteLine("| idle (MB) | with 1,000 open streams (MB) | added (MB) | per stream (kB) |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        Console.WriteLine(FormattableString.Invariant($"| {idle / 1e6:F1} | {busy / 1e6:F1} | {(busy - idle) / 1e6:F1} | {(busy - idle) / 1e3 / Streams:F1} |"));
        open.ForEach(client => client.Dispose());
    }

    private static async Task<TcpClient> OpenAsync(ChildProcess server, string model, string mark)
    {
        var client = await server.ConnectAsync();
        await client.GetStream().WriteAsync(Turn.Request(model));
        await Turn.ReadToAsync(client.GetStream(), mark);
        return client;
    }
}
