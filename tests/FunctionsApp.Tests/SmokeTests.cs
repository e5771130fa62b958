using System.Net;
using System.Net.Sockets;

namespace FunctionsApp.Tests;

/// <summary>The script that CI runs under the real host, held to the stand-in, so that it cannot rot where there is no real one.</summary>
public sealed class SmokeTests
{
    [Fact]
    public async Task Smoke_OnThePublishedWorker_TakesATurnAndLeavesNothingRunning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash is needed");
        await NodePackages.RequireAsync();
        var tools = Directory.CreateTempSubdirectory("switchboard-");
        try
        {
            // 'func start --no-build --port N' in the folder of the worker. The real one heeds no SIGTERM either.
            Tool(tools, "func", $"""trap '' TERM; exec dotnet "{Path.Combine(AppContext.BaseDirectory, "HostStandIn.dll")}" "$PWD" --port "$4" """);
            Tool(tools, "azurite", $"""echo $$ >"{tools.FullName}/azurite.pid"; exec node "{Path.Combine(NodePackages.Folder, "node_modules", "azurite", "dist", "src", "azurite.js")}" "$@" """);
            var path = $"{tools.FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
            var output = await PublishedWorker.RunAsync("env", $"PATH={path}", Repository.PathOf(".ci", "smoke"), PublishedWorker.Folder, $"{FreePorts(1)}", $"{FreePorts(3)}");

            Assert.Contains("ok: it ends in [DONE]", output, StringComparison.Ordinal);
            Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
            var pid = (await File.ReadAllTextAsync(Path.Combine(tools.FullName, "azurite.pid"), TestContext.Current.CancellationToken)).Trim();
            Assert.False(Directory.Exists($"/proc/{pid}"), "Azurite is still running.");
        }
        finally
        {
            tools.Delete(recursive: true);
        }
    }

    private static void Tool(DirectoryInfo folder, string name, string script)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The first of so many free ports, one after the other. Below those that the system hands out, so that no socket of another test takes one before the program has started.</summary>
    private static int FreePorts(int count)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var first = Random.Shared.Next(20_000, 32_000);
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }

        throw new InvalidOperationException($"No {count} ports in a row were free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
