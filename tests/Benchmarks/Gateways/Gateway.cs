using System.Net;

namespace Benchmarks.Gateways;

/// <summary>A gateway under measurement, in a process of its own.</summary>
/// <param name="name">What it is called in a report.</param>
/// <param name="address">Where it is asked, which may be a forwarder before it.</param>
/// <param name="cpu">The CPU time of its process so far.</param>
/// <param name="workingSet">The resident memory of its process.</param>
/// <param name="process">What is ended with it; null where somebody else does.</param>
internal sealed class Gateway(string name, IPEndPoint address, Func<TimeSpan> cpu, Func<long> workingSet, IDisposable? process) : IDisposable
{
    public string Name { get; } = name;

    public IPEndPoint Address { get; } = address;

    public TimeSpan Cpu => cpu();

    public long WorkingSet => workingSet();

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

    public void Dispose() => process?.Dispose();

    private static async Task<Gateway> StartAsync(string name, string app, string[] arguments, int port, Dictionary<string, string> environment)
    {
        var process = new ChildProcess("dotnet", [Path.Combine(AppContext.BaseDirectory, app), .. arguments], port, environment);
        using var connected = await process.ConnectAsync();
        return new Gateway(name, process.Address, () => process.Cpu, () => process.WorkingSet, process);
    }
}
