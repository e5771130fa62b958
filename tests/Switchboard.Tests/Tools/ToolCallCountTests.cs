using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Tools;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Tools;

/// <summary>A responder that calls more tools in one answer than are run.</summary>
public sealed class ToolCallCountTests
{
    [Fact]
    public async Task Post_MoreCallsThanARoundHas_FirstAreRunAndTheResponderIsToldOfTheOthers()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Calls("weather", 3_000), Say("Enough."));
        await using var host = await McpHost.StartAsync(server.Url, model, new FakeTimeProvider());

        Assert.Equal("Enough.", await host.AskAsync());

        Assert.Equal(McpTurn.MaxCallsOfRound, server.Calls.Count);
        var results = model.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result!.ToString()!).ToList();
        Assert.Equal(3_000, results.Count);
        Assert.All(results.Take(McpTurn.MaxCallsOfRound), result => Assert.StartsWith("Sunny in", result, StringComparison.Ordinal));
        Assert.All(results.Skip(McpTurn.MaxCallsOfRound), result => Assert.StartsWith("Not run: no more than 32", result, StringComparison.Ordinal));
        Assert.Contains("called 3000 tools", Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 419).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ManyCalls_NoMoreThanSixteenRunAtOnce()
    {
        var (running, most) = (0, 0);
        var gate = new TaskCompletionSource();
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["slow"] = async _ =>
        {
            var now = Interlocked.Increment(ref running);
            lock (gate)
            {
                most = Math.Max(most, now);
            }

            if (now == McpTurn.MaxCallsAtOnce)
            {
                full.TrySetResult();
            }

            await gate.Task;
            Interlocked.Decrement(ref running);
            return LoopbackMcpServer.Text("done");
        });
        await using var host = await McpHost.StartAsync(server.Url, new RoundsChatClient(Calls("slow", 30), Say("Done.")), new FakeTimeProvider());
        var answer = host.AskAsync();
        await full.Task.WaitAsync(TestContext.Current.CancellationToken);
        // Time enough for a further call to come.
        for (var round = 0; round < 50; round++)
        {
            using var response = await host.App.Client.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        gate.SetResult();

        Assert.Equal("Done.", await answer);
        Assert.Equal(McpTurn.MaxCallsAtOnce, most);
        Assert.Equal(30, server.Calls.Count);
    }

    [Fact]
    public async Task Post_CallActionAfterManyCalls_IsPerformed()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(
            [.. Calls("weather", 40)[..^1], new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("bye", "hangup")]), .. Calls("weather", 0)], Say("Bye."));
        await using var host = await McpHost.StartAsync(
            server.Url, model, new FakeTimeProvider(), new() { ["Models:1:Actions:0:Name"] = "hangup", ["Models:1:Actions:0:As"] = "Directive" });

        Assert.Equal("""Bye.<imsagent_hangup endword=""/>""", await host.AskAsync());
    }

    private static ChatResponseUpdate[] Calls(string tool, int count) =>
        Then([], ChatFinishReason.ToolCalls, [.. Enumerable.Range(0, count).Select(index => new FunctionCallContent($"call-{index}", tool))]);
}
