using System.Net;

namespace Benchmarks.Gateways;

/// <summary>A gateway under measurement, in a process of its own.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly ChildProcess _process;

    private Gateway(string name, ChildProcess process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public IPEndPoint Address => _process.Address;

    public TimeSpan Cpu => _process.Cpu;

    public long WorkingSet => _process.WorkingSet;

    public static async Task<Gateway> StartSwitchboardAsync(IPEndPoint upstream)
    {
        var port = ChildProcess.FreePort();
        return await StartAsync("Switchboard", "LocalHost.dll", ["--urls", $"http://127.0.0.1:{port}"], port, new Dictionary<string, string>
        {
            ["Access__ApiKeys__0"] = Turn.Key,
            ["Models__0__Id"] = "demo",
            ["Models__0__Responder"] = "upstream",
            ["Models__0__Upstreams__0__BaseUrl"] = $"http://{upstream}/v1",
            ["Models__0__Upstreams__0__Model"] = "canned",
            ["Models__0__Upstreams__0__ApiKey"] = "upstream-key",
            // A thousand paced streams are more than two cores can make; that some wait is no failure of an upstream.
            ["Models__0__FirstSpeech__Deadline"] = "00:00:20",
            ["Limits__MaxConcurrentTurns"] = "2000",
        });
    }

    public static Task<Gateway> StartYarpAsync(IPEndPoint upstream)
    {
        var port = ChildProcess.FreePort();
        // With the settings of LocalHost's project file, so that it is the gateways that differ and not their runtimes.
        return StartAsync("YARP", "Benchmarks.dll", ["yarp", $"{port}", $"http://{upstream}"], port, new Dictionary<string, string>
        {
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
        });
    }

    /// <summary>Not a gateway, but started and stopped as one.</summary>
    public static Task<Gateway> StartUpstreamAsync()
    {
        var port = ChildProcess.FreePort();
        return StartAsync("Upstream", "Benchmarks.dll", ["canned", $"{port}"], port, new Dictionary<string, string>());
    }

    public void Dispose() => _process.Dispose();

    private static async Task<Gateway> StartAsync(string name, string app, string[] arguments, int port, Dictionary<string, string> environment)
    {
        var process = new ChildProcess("dotnet", [Path.Combine(AppContext.BaseDirectory, app), .. arguments], port, environment);
        using var connected = await process.ConnectAsync();
        return new Gateway(name, process);
    }
}
