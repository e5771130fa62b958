using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Xml.Linq;
using Caller.Check;
using Caller.Platform;
using Caller.Tests.Servers;

namespace Caller.Tests.Commands;

public sealed class CheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("caller-tests").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_ConformingServer_ReturnsZeroAndWritesAllReports()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost { KeyVariable = ServerBehaviour.Key };

        var exit = await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--junit", Name("r.xml"), "--html", Name("r.html"), "--svg", Name("r.svg"));

        Assert.Equal(0, exit);
        Assert.Contains("All required checks hold.", host.Console, StringComparison.Ordinal);
        var suites = XDocument.Load(Name("r.xml")).Root!;
        Assert.Equal(CheckCatalogue.For(VoicePlatforms.Ims).Count, suites.Descendants("testcase").Count());
        Assert.Empty(suites.Descendants("failure"));
        Assert.Equal(CheckCatalogue.For(VoicePlatforms.Ims).Count, suites.Elements("testsuite").Sum(suite => (int)suite.Attribute("tests")!));
        var svg = XDocument.Load(Name("r.svg"));
        Assert.Contains(svg.Descendants(), text => text.Value.Contains("transport.content-type", StringComparison.Ordinal));
        Assert.All(new[] { host.Console, File.ReadAllText(Name("r.xml")), File.ReadAllText(Name("r.html")), File.ReadAllText(Name("r.svg")) },
            text => Assert.DoesNotContain(ServerBehaviour.Key, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_BrokenServerAsJson_ReturnsOneAndNamesTheCheck()
    {
        await using var server = await FixtureServer.StartAsync(BrokenServer.All.Single(broken => broken.Name == "no [DONE]").Create());
        using var host = new TestHost();

        var exit = await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--json", "--junit", Name("r.xml"));

        Assert.Equal(1, exit);
        using var json = JsonDocument.Parse(host.Output);
        Assert.False(json.RootElement.GetProperty("passes").GetBoolean());
        Assert.Equal(["framing.done"], json.RootElement.GetProperty("checks").EnumerateArray()
            .Where(check => check.GetProperty("outcome").GetString() == "failed").Select(check => check.GetProperty("id").GetString()!));
        Assert.Equal("framing.done", (string?)Assert.Single(XDocument.Load(Name("r.xml")).Descendants("failure")).Parent!.Attribute("name"));
    }

    [Fact]
    public async Task RunAsync_ServerThatSendsMarkup_IsEscapedEverywhere()
    {
        const string Evil = "<script>alert('x')</script>\u001b[31m\u0000";
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            AroundTurn = (context, _, _) => Conforming.RefuseAsync(context, new Refusal(500, "internal_error", Evil)),
            Refuse = (context, refusal) => Conforming.RefuseAsync(context, refusal with { Message = Evil }),
        });
        using var host = new TestHost();

        // The error is taken raw, as a body that is no JSON would be.
        var exit = await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--html", Name("r.html"), "--junit", Name("r.xml"), "--svg", Name("r.svg"));

        Assert.Equal(1, exit);
        Assert.DoesNotContain("<script>", await File.ReadAllTextAsync(Name("r.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.NotNull(XDocument.Load(Name("r.xml")).Root);
        Assert.NotNull(XDocument.Load(Name("r.svg")).Root);
        Assert.DoesNotContain('\u001b', host.Console);
    }

    [Fact]
    public async Task RunAsync_Brief_ShowsOnlyWhatDoesNotHold()
    {
        await using var server = await FixtureServer.StartAsync(BrokenServer.All.Single(broken => broken.Name == "no [DONE]").Create());
        using var host = new TestHost();

        await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--brief");

        Assert.Contains("framing.done ", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("chunk.object", host.Console, StringComparison.Ordinal);
        Assert.Contains("1 required check does not hold.", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NobodyThere_ReturnsOneAndSaysSo()
    {
        var server = await FixtureServer.StartAsync(new ServerBehaviour());
        var url = server.BaseUrl;
        await server.DisposeAsync();
        using var host = new TestHost();

        Assert.Equal(1, await host.RunAsync("check", url, "--model", "abc"));
        Assert.Contains("FAIL transport.reachable", host.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--brief")]
    [InlineData("--html", "r.html")]
    public async Task RunAsync_NoServer_SaysSoFirstAndNothingBeside(params string[] more)
    {
        using var host = new TestHost();

        var exit = await host.RunAsync(["check", "http://127.0.0.1:1/v1", "--model", "abc", "--key", ServerBehaviour.Key, .. more.Select(word => word.EndsWith(".html", StringComparison.Ordinal) ? Name(word) : word)]);

        Assert.Equal(1, exit);
        Assert.StartsWith("No server there. ", host.Console, StringComparison.Ordinal);
        Assert.Contains("Connection refused", host.Console, StringComparison.Ordinal);
        Assert.Contains("mend ", host.Console, StringComparison.Ordinal);
        Assert.True(host.Console.Split('\n').Length < 10, host.Console);
        Assert.DoesNotContain("framing.done", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ServerThatIsSilent_IsNotTakenForNone()
    {
        // It takes the connection, and says nothing.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var host = new TestHost();

        var exit = await host.RunAsync("check", $"http://{listener.LocalEndpoint}/v1", "--model", "abc", "--key", ServerBehaviour.Key, "--timeout", "50ms");

        Assert.Equal(1, exit);
        Assert.StartsWith("The run was over early: the first turn got no answer.", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("No server there", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FirstTurnRefused_SaysSoFirst()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();

        await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", "wrong");

        Assert.StartsWith("The run was over early: the first turn was answered 401.", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_InAPipe_SaysWhatItDoes()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost();

        await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--json");

        Assert.StartsWith($"Asking {server.BaseUrl}/chat/completions, question after question, for 180.0 s at most.", host.Error, StringComparison.Ordinal);
        Assert.StartsWith("{", host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong", false)]
    [InlineData("invalid_api_key", false)]
    [InlineData("EMPTY", false)]
    [InlineData("Unauthorized", false)]
    [InlineData("12345678", false)]
    [InlineData("key-4711", true)]
    [InlineData("AbcDefGhi", true)]
    [InlineData("correct-horse-battery-staple", true)]
    [InlineData("sk-8Q2v7LxTfW3s5Rk1JmYb", true)]
    public void Clean_KeyThatIsAWord_LeavesTheWordsOfTheServer(string key, bool isTaken)
    {
        var said = $"The key {key} is wrong (invalid_api_key): Unauthorized.";

        Assert.Equal(isTaken ? said.Replace(key, "***", StringComparison.Ordinal) : said, new Caller.Wire.Redactor(key).Clean(said));
    }

    private string Name(string file) => Path.Combine(_folder, file);
}
