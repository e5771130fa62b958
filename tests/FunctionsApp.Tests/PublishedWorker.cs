using System.Diagnostics;
using HostStandIn;

[assembly: AssemblyFixture(typeof(FunctionsApp.Tests.PublishedWorker))]

namespace FunctionsApp.Tests;

/// <summary>The worker as it is deployed: published once, before the first test.</summary>
public sealed class PublishedWorker : IAsyncLifetime
{
    public const string Key = "key-of-the-tests-4f8b2d6a9c0e7315";
    public const string OperatorKey = "operator-key-of-the-tests-9c0e7315";

    /// <summary>How long a test waits for what must come, however busy the machine is; reached only where something is wrong.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Ends what waits in vain, <see cref="Limit"/> from now, or with the test.</summary>
    public static CancellationToken Cancelled
    {
        get
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            source.CancelAfter(Limit);
            return source.Token;
        }
    }

    public static string Folder { get; } = Repository.PathOf("artifacts", "functions");

    /// <summary>A model that answers at once, and a key.</summary>
    public static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Access__ApiKeys__0"] = Key,
        ["Models__0__Id"] = "demo",
        ["Models__0__Responder"] = "simulated",
    };

    public async ValueTask InitializeAsync() =>
        // No node or compiler server stays behind, which would hold the output open.
        await RunAsync("dotnet", "publish", Repository.PathOf("src", "FunctionsApp"), "--configuration", "Release", "--output", Folder,
            "--nologo", "-verbosity:quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts a worker with these settings, and nothing of this process's that could steer it.</summary>
    internal static Task<StandInHost> StartAsync(params IEnumerable<KeyValuePair<string, string?>> settings) =>
        StandInHost.StartAsync(Folder, Environment(settings), Cancelled);

    /// <summary>Starts a worker that need not come far.</summary>
    internal static Task<StandInHost> StartWorkerAsync(params IEnumerable<KeyValuePair<string, string?>> settings) =>
        StandInHost.StartWorkerAsync(Folder, Environment(settings));

    /// <summary>Runs a program to its end and gives its standard output.</summary>
    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}\n{await errors}");
        return output;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Environment(IEnumerable<KeyValuePair<string, string?>> settings) =>
        System.Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsForeign).Select(name => KeyValuePair.Create(name, (string?)null)).Concat(settings);

    private static bool IsForeign(string name) =>
        name.Contains("__", StringComparison.Ordinal)
        || ((string[])["AZURE_", "APPLICATIONINSIGHTS_", "ASPNETCORE_", "DOTNET_", "OTEL_"]).Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && name is not "DOTNET_ROOT")
        || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);
}
