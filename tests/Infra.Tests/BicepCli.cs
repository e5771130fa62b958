using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Infra.Tests;

/// <summary>The Bicep CLI of the NuGet package, run without a network.</summary>
internal static class BicepCli
{
    public const string NeedsLinux = "The Bicep CLI package of this project is for Linux on x64.";

    private static readonly string Path = typeof(BicepCli).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "BicepCli").Value!;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64;

    // The environment is all that the parameter file may read: nothing of azd leaks in from the machine.
    public static async Task<BicepRun> RunAsync(
        string directory,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path, arguments)
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

        using var timeout = new CancellationTokenSource(Timeout, TimeProvider.System);
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

/// <summary>What one run of the Bicep CLI left behind; warnings and errors are both in <paramref name="Diagnostics"/>.</summary>
internal sealed record BicepRun(int ExitCode, string Output, string Diagnostics);
