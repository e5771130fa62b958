using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Switchboard.Tests.Infrastructure;

/// <summary>The Bicep CLI of the NuGet package, run without a network.</summary>
internal static class BicepCli
{
    public const string NeedsLinux = "The Bicep CLI package of this project is for Linux on x64.";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64;

    // The environment is all that the parameter file may read: nothing of azd leaks in from the machine.
    public static async Task<BicepRun> RunAsync(
        string directory,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Repository.BicepCli, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["HOME"] = directory;
        // Nothing listens there: a CLI that wants the network fails, and the test with it.
        start.Environment["HTTP_PROXY"] = "http://127.0.0.1:9";
        start.Environment["HTTPS_PROXY"] = "http://127.0.0.1:9";
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var timeout = new CancellationTokenSource(Patience, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The Bicep CLI did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop.Token);
            var diagnostics = process.StandardError.ReadToEndAsync(stop.Token);
            await process.WaitForExitAsync(stop.Token);
            return new BicepRun(process.ExitCode, await output, (await diagnostics).Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
