using System.Diagnostics;

namespace Switchboard.Tests.LocalHosting;

/// <summary>LocalHost as a process of its own, as a newcomer starts it.</summary>
public sealed class ProgramTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "LocalHost.dll");

    [Fact]
    public async Task Start_SampleSettings_PrintsACurlLineThatWorks()
    {
        using var process = Start(NodePackages.Folder, []);
        try
        {
            var lines = await ReadToCurlAsync(process);
            var curl = lines[^1];
            var address = curl.Split(' ', StringSplitOptions.RemoveEmptyEntries).Single(word => word.StartsWith("http", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains("base URL", StringComparison.Ordinal));
            Assert.Contains("\"model\":\"demo\"", curl, StringComparison.Ordinal);

            using var client = new HttpClient(new SocketsHttpHandler());
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", curl.Split('"')[1]["Authorization: ".Length..]);
            using var response = await client.PostAsync(address, Json.Content(curl.Split('\'')[1]), TestContext.Current.CancellationToken);
            Assert.Contains("data: [DONE]", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Start_BadSettings_EndsWithEveryFaultAndNoStackTrace()
    {
        using var process = Start(NodePackages.Folder, new() { ["Limits__MaxMessages"] = "many", ["Models__0__Responder"] = "magic" });
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("Limits:MaxMessages: expected a number, found many.", errors, StringComparison.Ordinal);
        Assert.Contains("Models:0:Responder: no such responder", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_EndsWithOneLine()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();

        Assert.Equal(
            $"Failed to bind to address http://{other.LocalEndpoint}: address already in use. Another program listens there, perhaps this one: end it, or listen elsewhere: "
            + $"--urls http://127.0.0.1:{((System.Net.IPEndPoint)other.LocalEndpoint).Port + 1}, or Host:LocalHttpPort in local.settings.json.",
            await FailAsync($"http://{other.LocalEndpoint}"));
    }

    [Theory]
    [InlineData("none.pfx")]
    [InlineData("LocalHost.dll")]
    public async Task Start_CertificateThatIsNone_SaysWhereItIsSet(string file) =>
        Assert.StartsWith(
            "A certificate of Kestrel:Endpoints cannot be used: ",
            await FailAsync("http://127.0.0.1:0", new()
            {
                ["Kestrel__Endpoints__Https__Url"] = "https://127.0.0.1:0",
                ["Kestrel__Endpoints__Https__Certificate__Path"] = Path.Combine(AppContext.BaseDirectory, file),
                ["Logging__LogLevel__Microsoft"] = "None",
            }),
            StringComparison.Ordinal);

    [Fact]
    public async Task Start_EndpointThatIsNoUrl_SaysWhereItIsSet() =>
        Assert.Equal(
            "Kestrel:Endpoints cannot be used: Invalid url: '8443'",
            (await FailAsync("http://127.0.0.1:0", new() { ["Kestrel__Endpoints__Https__Url"] = "8443", ["Logging__LogLevel__Microsoft"] = "None" })).Trim());

    [Fact]
    public async Task Start_PortOfKestrelsOwnSettingsInUse_SaysWhereItIsSet()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();

        Assert.EndsWith(
            "or listen elsewhere: change Kestrel:Endpoints.",
            (await FailAsync("http://127.0.0.1:0", new() { ["Kestrel__Endpoints__Open__Url"] = $"http://{other.LocalEndpoint}", ["Logging__LogLevel__Microsoft"] = "None" })).Trim(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SampleSettings_PrintsALinkToTheConsoleThatHasThePublicKey()
    {
        using var process = Start(NodePackages.Folder, []);
        try
        {
            var link = Assert.Single(await ReadToCurlAsync(process), line => line.StartsWith("  console ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];

            Assert.Matches(@"^http://127\.0\.0\.1:\d+/console#key=local-sample-key-not-for-production$", link);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_EndsWithOneLine() =>
        Assert.StartsWith(
            "It is not possible to listen on http://192.0.2.1:7399: ",
            await FailAsync("http://192.0.2.1:7399", new() { ["Access__ApiKeys__0"] = TestHost.Key }),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("http://*:0")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0")]
    public async Task Start_PublicKeyOnAnOpenAddress_IsRefused(string url) =>
        Assert.StartsWith("The sample's API key is public", await FailAsync(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("my-desk.ngrok.app")]
    [InlineData("localhost;*.trycloudflare.com")]
    [InlineData("*")]
    [InlineData("192.168.0.7")]
    public async Task Start_PublicKeyUnderANameOfElsewhere_IsRefused(string allowed) =>
        Assert.StartsWith("The sample's API key is public", await FailAsync("http://127.0.0.1:0", new() { ["AllowedHosts"] = allowed }), StringComparison.Ordinal);

    [Fact]
    public async Task Start_PublicKeyOnAnAddressOfKestrelsOwnSettings_IsRefused()
    {
        using var process = Start(NodePackages.Folder, new() { ["Kestrel__Endpoints__Open__Url"] = "http://0.0.0.0:0" });
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("The sample's API key is public", errors, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public async Task Start_KeyOfOnesOwn_IsNotPrinted()
    {
        const string Own = "a-key-of-my-own-that-nobody-else-knows";
        using var process = Start(NodePackages.Folder, new() { ["Access__ApiKeys__0"] = Own });
        try
        {
            var lines = await ReadToCurlAsync(process);

            Assert.DoesNotContain(lines, line => line.Contains(Own, StringComparison.Ordinal) || line.Contains('#', StringComparison.Ordinal));
            Assert.Contains("Authorization: Bearer $KEY", lines[^1], StringComparison.Ordinal);
            Assert.Contains(lines, line => line.StartsWith("  API key    not shown; it is set as Access:ApiKeys in ", StringComparison.Ordinal));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Start_FormatterInTheEnvironment_WinsOverTheDefault()
    {
        using var process = Start(NodePackages.Folder, new() { ["Logging__Console__FormatterName"] = "json", ["Logging__LogLevel__Microsoft"] = "Information" });
        try
        {
            // The console logger writes on a thread of its own, so its first line may come before or after the welcome.
            Assert.NotEmpty(await ReadToAsync(process, "\"EventId\":"));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts LocalHost where it cannot start.</summary>
    /// <returns>What it said of it: one line and nothing else.</returns>
    private static async Task<string> FailAsync(string url, Dictionary<string, string>? environment = null)
    {
        using var process = Start(NodePackages.Folder, environment ?? [], url);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        // Where the keys and the settings come from is logged before the address is tried; beyond that the log is quiet.
        Assert.All((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches("AccessNotice|SettingsReload", line));
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Process Start(string folder, Dictionary<string, string> environment, string url = "http://127.0.0.1:0")
    {
        var start = new ProcessStartInfo("dotnet", [Program, "--urls", url])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static Task<List<string>> ReadToCurlAsync(Process process) => ReadToAsync(process, "curl -N");

    private static async Task<List<string>> ReadToAsync(Process process, string text)
    {
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return lines;
            }
        }

        throw new InvalidOperationException($"LocalHost ended: {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }
}
