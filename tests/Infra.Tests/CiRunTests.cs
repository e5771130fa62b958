using System.Diagnostics;

namespace Infra.Tests;

/// <summary>What .ci/run says of a run, with stand-ins for the tools that it calls.</summary>
public sealed class CiRunTests : IDisposable
{
    private static readonly string[] Basics = ["awk", "bash", "cat", "chmod", "cp", "dirname", "grep", "mkdir", "mktemp", "rm", "sed", "seq", "sleep", "tail", "tee", "timeout", "tr"];

    private readonly DirectoryInfo _tools = Directory.CreateTempSubdirectory("switchboard-");

    [Theory]
    [InlineData("  total: 9\n  failed: 0\n  succeeded: 7\n  skipped: 2", 0, "19 passed, 0 failed", 0)]
    [InlineData("  failed: 1\n  succeeded: 7\n  skipped: 2\n  failed: 2\n  succeeded: 5\n  skipped: 0", 2, "12 passed, 3 failed", 2)]
    [InlineData("nothing ran", 0, "0 passed, 0 failed", 1)]
    public async Task Run_Tests_EndsWithTheCounts(string summary, int status, string last, int exit)
    {
        Tool("npm", "exit 0");
        DotNet(summary, status, check: 0);
        Tool("chromium", "exit 0");

        var (lines, code) = await RunAsync();

        Assert.Equal(last, lines[^1]);
        Assert.EndsWith(" skipped", lines[^2], StringComparison.Ordinal);
        Assert.Equal(exit, code);
    }

    [Fact]
    public async Task Run_CheckOfAServerFails_FailsAndCountsIt()
    {
        Tool("npm", "exit 0");
        Tool("chromium", "exit 0");
        DotNet("  failed: 0\n  succeeded: 7\n  skipped: 0", status: 0, check: 1);

        var (lines, code) = await RunAsync();

        Assert.Contains("FAILED: caller check, reception-LocalHost, exit code 1", lines);
        Assert.Contains("FAILED: caller check, relayed-reception-worker, exit code 1", lines);
        Assert.Equal("7 passed, 12 failed", lines[^1]);
        Assert.Equal(1, code);
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("format")]
    [InlineData("build")]
    public async Task Run_StepFails_EndsWithTheCountsAndItsStatus(string step)
    {
        Tool("npm", "exit 0");
        Tool("chromium", "exit 0");
        Tool("dotnet", $"[ \"$1\" != {step} ] || exit 3");

        var (lines, code) = await RunAsync();

        Assert.Equal("0 passed, 0 failed", lines[^1]);
        Assert.Equal(3, code);
    }

    [Fact]
    public async Task Run_NoChromium_InstallsItQuietly()
    {
        Bare();
        Tool("id", "echo 0");
        Tool("apt-get", $"echo noise; [ \"$1\" != install ] || {{ : >'{_tools.FullName}/chromium'; chmod +x '{_tools.FullName}/chromium'; }}");

        var (lines, code) = await RunAsync(_tools.FullName);

        Assert.Equal("Installing chromium.", lines[0]);
        Assert.DoesNotContain("noise", lines);
        Assert.Equal("13 passed, 0 failed", lines[^1]);
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("1000", "exit 0")]
    [InlineData("0", "exit 100")]
    [InlineData("0", "exit 0")]
    public async Task Run_ChromiumCannotBeInstalled_SaysSoAndTestsNothing(string user, string install)
    {
        Bare();
        Tool("id", $"echo {user}");
        Tool("apt-get", install);

        var (lines, code) = await RunAsync(_tools.FullName);

        Assert.Contains("chromium is missing: install it, or run this as root on Debian", lines);
        Assert.Equal("0 passed, 0 failed", lines[^1]);
        Assert.Equal(1, code);
    }

    public void Dispose() => _tools.Delete(recursive: true);

    /// <summary>Tests with this summary and status, servers that serve until they are ended, and a caller with this verdict.</summary>
    private void DotNet(string summary, int status, int check) => Tool("dotnet", $"""
        case "$1" in
            test) printf '{summary.Replace("\n", "\\n", StringComparison.Ordinal)}\n'; exit {status} ;;
            *LocalHost.dll) echo 'Switchboard answers at http://127.0.0.1:9'; exec sleep 60 ;;
            *HostStandIn.dll) echo 'The stand-in of the Functions host answers at http://127.0.0.1:9'; exec sleep 60 ;;
            *caller.dll) exit {check} ;;
        esac
        """);

    // Nothing but what the script needs anywhere, so that a browser of this machine is out of its sight.
    private void Bare()
    {
        foreach (var name in Basics)
        {
            Tool(name, $"exec /usr/bin/{name} \"$@\"");
        }

        Tool("npm", "exit 0");
        DotNet("  succeeded: 1", status: 0, check: 0);
    }

    private void Tool(string name, string script)
    {
        var path = Path.Combine(_tools.FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private Task<(string[] Lines, int Code)> RunAsync() => RunAsync($"{_tools.FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}");

    private static async Task<(string[] Lines, int Code)> RunAsync(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash is needed");
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, ".ci/run")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return ($"{await errors}{output}".TrimEnd().Split('\n'), process.ExitCode);
    }
}
