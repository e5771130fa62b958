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

    private string Name(string file) => Path.Combine(_folder, file);
}
