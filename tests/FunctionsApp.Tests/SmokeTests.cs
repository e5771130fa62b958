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
            var output = await PublishedWorker.RunAsync("env", $"PATH={path}", Repository.PathOf(".ci", "smoke"), PublishedWorker.Folder, $"{FreePort()}", $"{FreePort()}");

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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
