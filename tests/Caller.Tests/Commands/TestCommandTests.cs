using System.Xml.Linq;
using Caller.Tests.Servers;

namespace Caller.Tests.Commands;

/// <summary><c>caller test</c>: what is expected of a turn, and what is said when it does not come.</summary>
public sealed class TestCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caller-tests").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("= what i HEARD  was: hello", null)]
    [InlineData("= good afternoon", "the answer does not hold it")]
    [InlineData("!= good afternoon", null)]
    [InlineData("!= fixture", "the answer holds it")]
    [InlineData("~ ^This is .* hello$", null)]
    [InlineData("~ ^hello", "the answer does not match it")]
    [InlineData("< 1m", null)]
    [InlineData("< 0ms", "first speech came after")]
    [InlineData("-> nothing", null)]
    [InlineData("-> hangup", "the platform was asked for nothing")]
    public async Task RunAsync_ExpectationOfAnAnswer_HoldsOrIsTold(string line, string? failure)
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();

        var exit = await TestAsync(host, server, $"Hello\n{line}\n");

        Assert.Equal(failure is null ? 0 : 1, exit);
        Assert.Contains(failure is null ? "1 call went as expected." : $"!! expected {line}: {failure}", host.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-> hangup", null)]
    [InlineData("-> nothing", "the platform was asked for hangup")]
    [InlineData("-> transfer", "the platform was asked for hangup")]
    public async Task RunAsync_ExpectationOfAHangUp_HoldsOrIsTold(string line, string? failure)
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();

        var exit = await TestAsync(host, server, $"Hello\nbye\n{line}\n");

        Assert.Equal(failure is null ? 0 : 1, exit);
        Assert.Contains(failure ?? "went as expected", host.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-> transfer", 0)]
    [InlineData("-> transfer +4930123456", 0)]
    [InlineData("-> transfer +19005550100", 1)]
    public async Task RunAsync_ExpectationOfATransfer_LooksAtTheNumber(string line, int expected)
    {
        await using var server = await CannedServer.StartAsync(Canned.Stream(Canned.Delta(
            """{"role":"assistant","content":"One moment.<imsagent_transfer_call caller=\"\", callee=\"+4930123456\", err_msg=\"\", msg=\"\"/>"}"""), Canned.Delta("{}", "stop")));
        using var host = new TestHost();

        Assert.Equal(expected, await TestAsync(host, $"{server.Address}/v1", $"Somebody else, please\n{line}\n"));
    }

    [Fact]
    public async Task RunAsync_CallOverEarly_IsAFailure()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();

        var exit = await TestAsync(host, server, "bye\n-> hangup\nOne more thing\n= thing\n");

        Assert.Equal(1, exit);
        Assert.Contains("the call was over before \"One more thing\" could be said", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SeveralCalls_TellsWhichFailedAlsoAsJUnit()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();
        var (good, bad, junit) = (Path.Combine(_folder, "good.txt"), Path.Combine(_folder, "bad.txt"), Path.Combine(_folder, "r.xml"));
        await File.WriteAllTextAsync(good, "Hello\n= fixture\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(bad, "Hello\n= nobody says this\n", TestContext.Current.CancellationToken);

        var exit = await host.RunAsync("test", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--call", good, bad, "--junit", junit);

        Assert.Equal(1, exit);
        Assert.Contains("1 of 2 calls did not go as expected: bad.txt.", host.Console, StringComparison.Ordinal);
        var failed = Assert.Single(XDocument.Load(junit).Descendants("failure"));
        Assert.Equal("bad.txt", (string?)failed.Parent!.Attribute("name"));
    }

    [Fact]
    public async Task RunAsync_Interrupted_WritesWhatWasNotPlayedAsNotGood()
    {
        await using var server = await CannedServer.StartAsync(Canned.Says("This is a fixture."));
        using var host = new TestHost();
        var (first, second, junit) = (Path.Combine(_folder, "first.txt"), Path.Combine(_folder, "second.txt"), Path.Combine(_folder, "r.xml"));
        await File.WriteAllTextAsync(first, "Hello\n= fixture\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(second, "Hello\n= fixture\nAnd then?\n", TestContext.Current.CancellationToken);

        // Ctrl+C once is for the answer, and twice for the command.
        server.OnRequest = number =>
        {
            for (var pressed = 0; number == 2 && pressed < 2; pressed++)
            {
                host.Interrupts.Raise();
            }
        };
        var exit = await host.RunAsync("test", $"{server.Address}/v1", "--model", "abc", "--key", ServerBehaviour.Key, "--call", first, second, "--junit", junit);

        Assert.NotEqual(0, exit);
        var suite = XDocument.Load(junit).Root!;
        Assert.Equal(("2", "1"), ((string?)suite.Attribute("tests"), (string?)suite.Attribute("failures")));
        Assert.Equal("second.txt", (string?)Assert.Single(suite.Descendants("failure")).Parent!.Attribute("name"));
    }

    [Theory]
    [InlineData("= first\n", "line 1: '= first' cannot be expected: nothing was said before.")]
    [InlineData("Hello\n< soon\n", "line 2: '< soon' cannot be expected: 'soon' is not a time such as 800ms, 2.5s or 1m.")]
    [InlineData("Hello\n< 5\n", "line 2: '< 5' cannot be expected: '5' is not a time such as 800ms, 2.5s or 1m; did you mean 5s?")]
    [InlineData("Hello\n~ (\n", "line 2: '~ (' cannot be expected: Invalid pattern")]
    [InlineData("Hello\n->\n", "line 2: '->' cannot be expected: nothing stands behind ->.")]
    [InlineData("Hello\n=> wrong\n", "line 2: '=> wrong' cannot be expected: there is no sign =>; there are ->, !=, =, ~, <.")]
    [InlineData("Hello\n== wrong\n", "line 2: '== wrong' cannot be expected: there is no sign ==")]
    [InlineData("Hello\n!~ wrong\n", "line 2: '!~ wrong' cannot be expected: there is no sign !~")]
    [InlineData("Hello\n--> hangup\n", "line 2: '--> hangup' cannot be expected: there is no sign -->")]
    [InlineData("Hello\n→ hangup\n", "line 2: '→ hangup' cannot be expected: there is no sign →")]
    [InlineData("Hello\n> 2s\n", "line 2: '> 2s' cannot be expected: there is no sign >")]
    [InlineData("Hello\n", "it expects nothing")]
    [InlineData("\n", "it holds nothing to say.")]
    public async Task RunAsync_ScriptThatCannotBeRead_IsRefusedWithItsLine(string script, string error)
    {
        using var host = new TestHost();

        var exit = await TestAsync(host, "http://127.0.0.1:1/v1", script);

        Assert.Equal(2, exit);
        Assert.Contains(error, host.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoServer_Fails()
    {
        using var host = new TestHost();

        var exit = await TestAsync(host, "http://127.0.0.1:1/v1", "Hello\n!= anything\n");

        Assert.Equal(1, exit);
        Assert.Contains("Connection refused", host.Console, StringComparison.Ordinal);
    }

    // Beside what the server says of it: whoever forgot the variable looks for a wrong key else.
    [Theory]
    [InlineData("test", "ims", "the caller hears nothing: no key was sent (--key, or the variable CALLER_KEY): status 401")]
    [InlineData("talk", "ims", "the caller hears nothing: no key was sent (--key, or the variable CALLER_KEY): status 401")]
    [InlineData("talk", "vapi", "the caller hears nothing: no key was sent (--key, or the variable CALLER_KEY): status 401")]
    [InlineData("load", "ims", "x status 401, no key was sent (--key, or the variable CALLER_KEY)")]
    public async Task RunAsync_WithoutAKey_SaysThatNoneWasSent(string command, string platform, string told)
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();
        var file = Path.Combine(_folder, "keyless.txt");
        await File.WriteAllTextAsync(file, "Hello\n= hello\n", TestContext.Current.CancellationToken);
        string[] options = command switch { "test" => ["--call", file], "talk" => ["--say", file], _ => ["--calls", "1", "--duration", "100ms"] };

        await host.RunAsync([command, server.BaseUrl, "--model", "abc", "--platform", platform, .. options]);

        Assert.Contains(told, string.Join(' ', host.Console.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private Task<int> TestAsync(TestHost host, FixtureServer server, string script) => TestAsync(host, server.BaseUrl, script);

    private async Task<int> TestAsync(TestHost host, string url, string script)
    {
        var file = Path.Combine(_folder, "call.txt");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        return await host.RunAsync("test", url, "--model", "abc", "--key", ServerBehaviour.Key, "--call", file);
    }
}
