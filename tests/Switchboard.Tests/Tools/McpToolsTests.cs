using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Tools;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Tools;

/// <summary>Tools of a real MCP server on this machine, over HTTP from end to end.</summary>
public sealed class McpToolsTests
{
    private static readonly Dictionary<string, object?> Berlin = new() { ["city"] = "Berlin" };

    [Fact]
    public async Task Post_ModelCallsATool_CallerHearsOnlyTheReply()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Call("weather", "Let me see.", Berlin), Say("It is ", "sunny."));
        await using var host = await StartAsync(server, model);

        var events = await AnswerAsync(host, ""","stream_options":{"include_usage":true}""");

        Assert.Equal(["", "Let me see.", " It is ", "sunny."], Texts(events));
        Assert.DoesNotContain(events, data => data.Contains("tool_calls", StringComparison.Ordinal) || data.Contains("weather", StringComparison.Ordinal));
        Assert.Contains("\"finish_reason\":\"stop\"", events[^3], StringComparison.Ordinal);
        Assert.Contains("\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":4,\"total_tokens\":24}", events[^2], StringComparison.Ordinal);
        Assert.Equal(("weather", """{"city":"Berlin"}"""), Assert.Single(server.Calls));
        var tool = Assert.IsAssignableFrom<AIFunctionDeclaration>(Assert.Single(model.Asked[0].Options!.Tools!));
        Assert.Equal(("weather", "Knows about weather."), (tool.Name, tool.Description));
        Assert.True(tool.JsonSchema.GetProperty("properties").TryGetProperty("city", out _));
        // What the tool found is somebody else's text, and no command to the platform.
        Assert.Equal("Sunny in Berlin [mark]", Result(model));
    }

    [Fact]
    public async Task Post_NotStreamed_HasOnlyTheReply()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var host = await StartAsync(server, new RoundsChatClient(Call("weather", "", Berlin), Say("Sunny.")));
        using var response = await host.PostAsync(Json.Request("fake", stream: false));

        var choice = (await Json.ReadAsync(response)).GetProperty("choices")[0];

        Assert.Equal("Sunny.", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.False(choice.GetProperty("message").TryGetProperty("tool_calls", out _));
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Post_SilentModelAndAPhrase_CallerHearsThePhraseWhileTheToolRuns()
    {
        var release = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["slow"] = async _ =>
        {
            await release.Task;
            return LoopbackMcpServer.Text("done");
        });
        await using var host = await StartAsync(server, new RoundsChatClient(Call("slow"), Call("slow"), Say("Done.")), more: new()
        {
            ["Models:1:Tools:Mcp:0:PreToolPhrase:0"] = "One moment.",
        });
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        await stream.NextAsync();

        Assert.Equal("One moment.", await stream.NextTextAsync());

        release.SetResult();
        Assert.Equal(" Done.", string.Concat(Texts(await stream.RestAsync())));
    }

    [Fact]
    public async Task Post_ToolTakesLong_CallerHearsFillersBesideThePhrase()
    {
        var release = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["slow"] = async _ =>
        {
            await release.Task;
            return LoopbackMcpServer.Text("done");
        });
        var time = new WatchedTime();
        await using var host = await StartAsync(server, new RoundsChatClient(Call("slow", "I look that up."), Say("Done.")), time, new()
        {
            ["Models:1:Filler:After"] = "00:00:01",
            ["Models:1:Filler:Text:0"] = "One moment.",
        });
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        await stream.NextAsync();
        Assert.Equal("I look that up.", await stream.NextTextAsync());
        await server.Called;

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(" One moment.", await stream.NextTextAsync() + await stream.NextTextAsync());

        release.SetResult();
        Assert.Equal(" Done.", string.Concat(Texts(await stream.RestAsync())));
    }

    [Fact]
    public async Task Post_ToolTakesTooLong_ModelIsToldAndTheCallGoesOn()
    {
        var release = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["slow"] = async _ =>
        {
            await release.Task;
            return LoopbackMcpServer.Text("too late");
        });
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Call("slow"), Say("I cannot tell."));
        await using var host = await StartAsync(server, model, time, new() { ["Models:1:Tools:Mcp:0:CallTimeout"] = "00:00:03" });
        var answer = AnswerAsync(host);
        await server.Called;

        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("I cannot tell.", string.Concat(Texts(await answer)));
        Assert.Contains("not available", Result(model), StringComparison.Ordinal);
        Assert.Contains("Tool slow of MCP server", (await host.WaitForLogAsync(413)).Message, StringComparison.Ordinal);
        // It still answers, so its tools come back at once.
        await host.WaitForLogAsync(410, times: 2);
        release.SetResult();
    }

    [Theory]
    [InlineData("broken", "The tool failed: no such city [mark]")]
    [InlineData("unknown", "The tool failed: ")]
    public async Task Post_ToolFails_ModelIsToldWhy(string tool, string told)
    {
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            server.Tools["broken"] = _ =>
            {
                var result = LoopbackMcpServer.Text("no such city {{emotion=sad}}");
                result["isError"] = true;
                return Task.FromResult(result);
            };
            server.Tools["unknown"] = _ => Task.FromResult<System.Text.Json.Nodes.JsonObject>(null!);
        });
        var model = new RoundsChatClient(Call(tool), Say("Sorry."));
        await using var host = await StartAsync(server, model);

        Assert.Equal("Sorry.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.StartsWith(told, Result(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_ResultIsTooLong_ModelIsToldThatItIsCut(bool isAtAPair)
    {
        var kept = new string('x', McpFunction.MaxResultLength - 1);
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
            server.Tools["book"] = _ => Task.FromResult(LoopbackMcpServer.Text(kept + (isAtAPair ? "😀" : "yz"))));
        var model = new RoundsChatClient(Call("book"), Say("It is long."));
        await using var host = await StartAsync(server, model);

        Assert.Equal("It is long.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.Equal($"{kept}{(isAtAPair ? "" : "y")}\n[The result was longer and is cut off here.]", Result(model));
    }

    [Fact]
    public async Task Post_ResultIsAsLongAsMayBe_ModelGetsAllOfIt()
    {
        var whole = new string('x', McpFunction.MaxResultLength);
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["book"] = _ => Task.FromResult(LoopbackMcpServer.Text(whole)));
        var model = new RoundsChatClient(Call("book"), Say("It is long."));
        await using var host = await StartAsync(server, model);

        Assert.Equal("It is long.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.Equal(whole, Result(model));
    }

    [Fact]
    public async Task Post_ModelCallsWithoutEnd_LastRoundOnlyTalks()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Call("weather", "", Berlin), Call("weather", "", Berlin), Say("Enough."));
        await using var host = await StartAsync(server, model, more: new() { ["Models:1:Tools:MaxRounds"] = "2" });

        Assert.Equal("Enough.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.Equal(2, server.Calls.Count);
        Assert.True(model.Options!.Tools is null or { Count: 0 });
    }

    [Fact]
    public async Task Post_ToolThenCallAction_ToolRunsAndTheActionEndsTheTurn()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Call("weather", "", Berlin), Call("hangup", "Sunny. Bye."));
        await using var host = await StartAsync(server, model, more: new() { ["Models:1:Actions:0:Name"] = "hangup", ["Models:1:Actions:0:As"] = "Directive" });

        var events = await AnswerAsync(host);

        Assert.Equal("""Sunny. Bye.<imsagent_hangup endword=""/>""", string.Concat(Texts(events)));
        Assert.Single(server.Calls);
        Assert.Equal(["hangup", "weather"], model.Asked[0].Options!.Tools!.Select(tool => tool.Name));
    }

    [Fact]
    public async Task Post_ToolBesideAClientsTool_ClientGetsOnlyItsOwnCall()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Then([], ChatFinishReason.ToolCalls, new FunctionCallContent("a", "weather", Berlin), new FunctionCallContent("b", "note")));
        await using var host = await StartAsync(server, model);

        var events = await AnswerAsync(host, ""","tools":[{"type":"function","function":{"name":"note"}}]""");

        Assert.Contains("""{"tool_calls":[{"index":0,"id":"b","type":"function","function":{"name":"note","arguments":"{}"}}]}""", events[1], StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", events[2], StringComparison.Ordinal);
        Assert.Empty(server.Calls);
        Assert.Contains("Tool weather was not run", (await host.WaitForLogAsync(414)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ClientsToolOfTheSameName_IsTheClients()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Call("weather", "", Berlin));
        await using var host = await StartAsync(server, model);

        var events = await AnswerAsync(host, ""","tools":[{"type":"function","function":{"name":"weather"}}]""");

        Assert.Contains("\"name\":\"weather\"", events[1], StringComparison.Ordinal);
        Assert.Empty(server.Calls);
        Assert.Single(model.Options!.Tools!);
    }

    [Fact]
    public async Task Post_ToolThatNobodyHas_ModelIsToldAndNothingReachesTheWire()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var host = await StartAsync(server, new RoundsChatClient(Call("invented"), Say("Sorry.")));

        Assert.Equal(["", "Sorry."], Texts(await AnswerAsync(host)));
    }

    [Fact]
    public async Task Start_ServerIsDead_AppStartsAndCallsGoOnUntilItCanBeJoined()
    {
        var gone = await LoopbackMcpServer.StartAsync();
        var (url, port) = (gone.Url, gone.Port);
        await gone.DisposeAsync();
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Say("Without."), Call("weather", "", Berlin), Say("With."));
        await using var host = await TestHost.StartAsync(model, Settings(url), time);

        Assert.Equal("Without.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.Null(model.Options!.Tools);
        var warning = await host.WaitForLogAsync(411);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.DoesNotContain("secret", warning.Message, StringComparison.Ordinal);

        await using var server = await LoopbackMcpServer.StartAsync(port);
        time.Advance(McpConnection.LastRetry);
        await host.WaitForLogAsync(410);
        Assert.Equal("With.", string.Concat(Texts(await AnswerAsync(host))));
    }

    [Fact]
    public async Task Post_ServerDiesDuringACall_CallGoesOnAndTheServerIsJoinedAgain()
    {
        var server = await LoopbackMcpServer.StartAsync();
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Call("weather", "", Berlin), Say("No idea."), Say("Still none."), Call("weather", "", Berlin), Say("Sunny."));
        await using var host = await StartAsync(server, model, time);
        var port = server.Port;
        await server.DisposeAsync();

        Assert.Equal("No idea.", string.Concat(Texts(await AnswerAsync(host))));
        await host.WaitForLogAsync(411);
        Assert.Equal("Still none.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.Null(model.Options!.Tools);

        await using var restarted = await LoopbackMcpServer.StartAsync(port);
        time.Advance(McpConnection.LastRetry);
        await host.WaitForLogAsync(410, times: 2);
        Assert.Equal("Sunny.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.Single(restarted.Calls);
    }

    [Fact]
    public async Task Post_ServerFallsSilent_CallGoesOnAndTheServerIsLeft()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Call("weather", "", Berlin), Say("No idea."), Say("Still none."));
        await using var host = await StartAsync(server, model, time);
        server.IsSilent = true;
        var answer = AnswerAsync(host);

        Assert.Equal("POST", await server.NextUnansweredAsync());
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("No idea.", string.Concat(Texts(await answer)));

        // It cancels its call, asks for the tools, and at last takes its leave; nothing is answered.
        while (await server.NextUnansweredAsync() != "DELETE")
        {
            time.Advance(McpConnection.JoinTimeout);
        }

        time.Advance(McpConnection.LeaveTimeout);
        await host.WaitForLogAsync(411);
        Assert.Equal("Still none.", string.Concat(Texts(await AnswerAsync(host))));
        Assert.Null(model.Options!.Tools);
    }

    [Fact]
    public async Task Join_WithKey_SendsItAsBearer()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        await using var host = await StartAsync(server, new RoundsChatClient(Say("Hi")), more: new() { ["Models:1:Tools:Mcp:0:ApiKey"] = "mcp-key" });

        Assert.All(server.Keys, key => Assert.Equal("Bearer mcp-key", key));
        Assert.NotEmpty(server.Keys);
        Assert.DoesNotContain(host.Logs.GetSnapshot(), record => record.Message.Contains("mcp-key", StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> Settings(Uri url) => new() { ["Models:1:Tools:Mcp:0:Url"] = url.AbsoluteUri };

    private static async Task<TestHost> StartAsync(LoopbackMcpServer server, IChatClient model, TimeProvider? time = null, Dictionary<string, string?>? more = null)
    {
        var settings = Settings(server.Url);
        foreach (var (name, value) in more ?? [])
        {
            settings[name] = value;
        }

        var host = await TestHost.StartAsync(model, settings, time);
        await host.WaitForLogAsync(410);
        return host;
    }

    private static async Task<List<string>> AnswerAsync(TestHost host, string more = "")
    {
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake", more: more)));
        return await stream.RestAsync();
    }

    private static List<string> Texts(IEnumerable<string> events)
    {
        var texts = new List<string>();
        foreach (var data in events.Where(data => data.StartsWith('{')))
        {
            using var chunk = JsonDocument.Parse(data);
            var choices = chunk.RootElement.GetProperty("choices");
            if (choices.GetArrayLength() > 0 && choices[0].GetProperty("delta").TryGetProperty("content", out var content))
            {
                texts.Add(content.GetString()!);
            }
        }

        return texts;
    }

    private static string Result(RoundsChatClient model) =>
        Assert.IsType<FunctionResultContent>(Assert.Single(model.Messages[^1].Contents)).Result!.ToString()!;
}
