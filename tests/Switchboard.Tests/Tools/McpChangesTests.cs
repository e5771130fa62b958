using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Tools;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Tools;

/// <summary>MCP servers whose tools change while they are joined.</summary>
public sealed class McpChangesTests
{
    [Fact]
    public async Task Post_ServerGainsAndLosesTools_ModelIsOfferedWhatThereIsAMinuteLater()
    {
        await using var server = await SdkMcpServer.StartAsync("weather");
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Say("1"), Say("2"), Call("stocks"), Say("3"));
        await using var host = await StartAsync(server.Url, model, time);
        await AskAsync(host);
        Assert.Equal(["weather"], Offered(model));

        server.Add("stocks");
        time.Advance(McpConnection.RefreshInterval);
        await host.WaitForLogAsync(410, times: 2);
        await AskAsync(host);
        Assert.Equal(["stocks", "weather"], Offered(model));

        server.Remove("weather");
        time.Advance(McpConnection.RefreshInterval);
        await host.WaitForLogAsync(410, times: 3);
        await AskAsync(host);
        Assert.Equal(["stocks"], Offered(model));
        Assert.Contains("stocks says hello", Assert.IsType<FunctionResultContent>(model.Messages[^1].Contents[0]).Result!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Post_ServerTellsOfAChangeWithAResult_ItsToolsAreListedAtOnce()
    {
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            server.AnnouncesChanges = true;
            server.Tools["stocks"] = _ => Task.FromResult(LoopbackMcpServer.Text("up"));
        });
        var model = new RoundsChatClient(Call("stocks"), Say("1"), Say("2"));
        await using var host = await StartAsync(server.Url, model, new FakeTimeProvider());
        server.Tools.Remove("weather");

        await AskAsync(host);
        await host.WaitForLogAsync(410, times: 2);
        await AskAsync(host);

        Assert.Equal(["stocks"], Offered(model));
    }

    [Fact]
    public async Task Refresh_ServerHasGoneBetweenCalls_ItsToolsAreOutOfUseBeforeACallerNeedsThem()
    {
        var server = await LoopbackMcpServer.StartAsync();
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Say("1"));
        await using var host = await StartAsync(server.Url, model, time);
        await server.DisposeAsync();

        time.Advance(McpConnection.RefreshInterval);
        await host.WaitForLogAsync(411);
        await AskAsync(host);

        Assert.Null(model.Options!.Tools);
    }

    private static List<string> Offered(RoundsChatClient model) => [.. model.Options!.Tools!.Select(tool => tool.Name).Order(StringComparer.Ordinal)];

    private static async Task<TestHost> StartAsync(Uri url, IChatClient model, TimeProvider? time = null)
    {
        var host = await TestHost.StartAsync(model, new Dictionary<string, string?> { ["Models:1:Tools:Mcp:0:Url"] = url.AbsoluteUri }, time);
        await host.WaitForLogAsync(410);
        return host;
    }

    private static async Task AskAsync(TestHost host)
    {
        using var response = await host.PostAsync(Json.Request("fake", stream: false));
        Assert.True(response.IsSuccessStatusCode);
        await Json.ReadAsync(response);
    }
}
