using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Tools;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Tools;

/// <summary>What a call or a listing that fails says about a server: only that.</summary>
public sealed class McpSessionTests
{
    [Fact]
    public async Task Post_AnotherCallersToolIsTooSlow_ToolsAreOfferedToEverybodyAllTheSame()
    {
        var gate = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            server.Tools["slow"] = async _ =>
            {
                await gate.Task;
                return LoopbackMcpServer.Text("too late");
            };
            // The server does not say again which tools it has until the test is over.
            var lists = 0;
            server.Instead = async (_, method, _) =>
            {
                if (method is "tools/list" && Interlocked.Increment(ref lists) > 1)
                {
                    await gate.Task;
                }

                return false;
            };
        });
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Call("slow"), Say("I cannot tell."), Say("Hello."));
        await using var host = await McpHost.StartAsync(server.Url, model, time);
        var answer = host.AskAsync();
        await server.Called;
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("I cannot tell.", await answer);

        Assert.Equal("Hello.", await host.AskAsync());

        Assert.Equal(["weather", "slow"], Offered(model));
        gate.SetResult();
    }

    [Theory]
    [InlineData("text/plain", 500, "no")]
    [InlineData("text/html", 200, "<p>hello</p>")]
    [InlineData("application/json", 200, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":7}")]
    [InlineData("application/json", 200, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"content\":[{\"type\":\"text\",\"text\":5}]}}")]
    [InlineData("application/json", 200, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}}}}")]
    [InlineData("application/json", 200, "[]")]
    public async Task Post_CallIsAnsweredWithNonsense_ToolsStay(string type, int status, string body)
    {
        var listed = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            var lists = 0;
            server.Instead = async (context, method, message) =>
            {
                if (method is "tools/list" && Interlocked.Increment(ref lists) > 1)
                {
                    await listed.Task;
                }

                if (method is not "tools/call")
                {
                    return false;
                }

                context.Response.StatusCode = status;
                context.Response.ContentType = type;
                await context.Response.WriteAsync(body.Replace("\"id\":0", $"\"id\":{message["id"]}", StringComparison.Ordinal));
                return true;
            };
        });
        var model = new RoundsChatClient(Call("weather"), Say("Sorry."), Say("Hello."));
        await using var host = await McpHost.StartAsync(server.Url, model, new FakeTimeProvider());

        Assert.Equal("Sorry.", await host.AskAsync());
        Assert.Equal("Hello.", await host.AskAsync());

        Assert.Equal(["weather"], Offered(model));
        Assert.Contains("not available", Result(model), StringComparison.Ordinal);
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Id.Id == 411);
        listed.SetResult();
    }

    [Fact]
    public async Task Post_CallerLeavesDuringATool_ServerIsNotBlamed()
    {
        var gate = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["slow"] = async _ =>
        {
            await gate.Task;
            return LoopbackMcpServer.Text("too late");
        });
        var model = new RoundsChatClient(Call("slow", "Wait."), Say("Hello."));
        await using var host = await McpHost.StartAsync(server.Url, model, new FakeTimeProvider());
        using (var response = await host.App.PostAsync(Json.Request("fake")))
        {
            await server.Called;
        }

        await host.App.WaitForTurnEndAsync();
        Assert.Equal("Hello.", await host.AskAsync());

        Assert.Equal(["weather", "slow"], Offered(model));
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Id.Id is 411 or 413);
        gate.SetResult();
    }

    // Half a booking is worse than none.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_ToolRunsForACallerWhoHasLeft_HasTheTimeOfTheDrain(bool isOver)
    {
        var gate = new TaskCompletionSource();
        var isCut = new TaskCompletionSource<bool>();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Tools["slow"] = async _ =>
        {
            await gate.Task;
            return LoopbackMcpServer.Text("booked");
        });
        server.Instead = (context, method, _) =>
        {
            if (method is "tools/call")
            {
                context.Response.OnCompleted(() =>
                {
                    isCut.SetResult(context.RequestAborted.IsCancellationRequested);
                    return Task.CompletedTask;
                });
            }

            return Task.FromResult(false);
        };
        var time = new WatchedTime();
        await using var host = await McpHost.StartAsync(
            server.Url, new RoundsChatClient(Call("slow", "Wait.")), time, new() { ["Models:1:Tools:Mcp:0:CallTimeout"] = "00:00:55", ["Limits:Drain"] = "00:00:45" });
        using (var response = await host.App.PostAsync(Json.Request("fake")))
        {
            await server.Called;
        }

        await host.App.WaitForTurnEndAsync();
        var stop = host.App.StopAsync(TestContext.Current.CancellationToken);

        Assert.Contains("those that are open (0), and tools that run (1), have up to 45s to end", (await host.App.WaitForLogAsync(120)).Message, StringComparison.Ordinal);
        var drain = time.WaitForTimerAsync(due => due == TimeSpan.FromSeconds(45), TestContext.Current.CancellationToken);
        Assert.Same(drain, await Task.WhenAny(stop, drain));
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Id.Id is 121 or 413);
        if (isOver)
        {
            time.Advance(TimeSpan.FromSeconds(45));
            await stop;
            gate.SetResult();
        }
        else
        {
            gate.SetResult();
            await stop;
            Assert.False(await isCut.Task);
        }

        var over = await host.App.WaitForLogAsync(121);
        Assert.EndsWith($"; {(isOver ? 1 : 0)} tools were still running", over.Message, StringComparison.Ordinal);
        Assert.Equal(isOver ? LogLevel.Warning : LogLevel.Information, over.Level);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(200, "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32603,\"message\":\"database\"}}")]
    [InlineData(200, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"tools\":7}}")]
    public async Task Refresh_OneListingFailsThoughTheServerAnswers_ToolsStayAndAreListedAgain(int status, string body)
    {
        var again = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            var lists = 0;
            server.Instead = async (context, method, message) =>
            {
                var count = method is "tools/list" ? Interlocked.Increment(ref lists) : 0;
                if (count == 3)
                {
                    again.SetResult();
                }

                if (count != 2)
                {
                    return false;
                }

                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(body.Replace("\"id\":0", $"\"id\":{message["id"]}", StringComparison.Ordinal));
                return true;
            };
        });
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Say("Hello."));
        await using var host = await McpHost.StartAsync(server.Url, model, time);

        time.Advance(McpConnection.RefreshInterval);
        await host.App.WaitForLogAsync(418);
        Assert.Equal("Hello.", await host.AskAsync());
        Assert.Equal(["weather"], Offered(model));

        time.Advance(McpConnection.FirstRetry);
        await again.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Id.Id == 411);
    }

    [Fact]
    public async Task Refresh_ListingsFailAgainAndAgain_ToolsAreOutOfUse()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient(Say("Hello."));
        await using var host = await McpHost.StartAsync(server.Url, model, time);
        server.Instead = (context, method, _) =>
        {
            var isList = method is "tools/list";
            context.Response.StatusCode = isList ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
            return Task.FromResult(isList);
        };

        time.Advance(McpConnection.RefreshInterval);
        await host.App.WaitForLogAsync(418);
        time.Advance(McpConnection.FirstRetry);
        await host.App.WaitForLogAsync(418, times: 2);
        time.Advance(McpConnection.FirstRetry);
        await host.App.WaitForLogAsync(411);

        Assert.Equal("Hello.", await host.AskAsync());
        Assert.Null(model.Options!.Tools);
    }

    [Fact]
    public async Task Post_ServerHasForgottenTheSession_CallIsMadeOnceMoreInANewOne()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Call("weather", "", new() { ["city"] = "Berlin" }), Say("Sunny."));
        await using var host = await McpHost.StartAsync(server.Url, model, new FakeTimeProvider());
        server.ForgetSession();

        Assert.Equal("Sunny.", await host.AskAsync());

        Assert.Equal("Sunny in Berlin [mark]", Result(model));
        Assert.Single(server.Calls);
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Post_ServerForgetsEverySession_CallIsNotMadeWithoutEnd()
    {
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = (context, method, _) =>
        {
            var isCall = method is "tools/call";
            context.Response.StatusCode = isCall ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
            return Task.FromResult(isCall);
        });
        var model = new RoundsChatClient(Call("weather"), Say("Sorry."));
        await using var host = await McpHost.StartAsync(server.Url, model, new FakeTimeProvider());

        Assert.Equal("Sorry.", await host.AskAsync());

        Assert.Contains("not available", Result(model), StringComparison.Ordinal);
        Assert.Equal(2, server.Methods.Count(method => method is "tools/call"));
    }

    [Fact]
    public async Task Refresh_ServerHasForgottenTheSession_IsJoinedAtOnce()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var time = new FakeTimeProvider();
        await using var host = await McpHost.StartAsync(server.Url, new RoundsChatClient(), time);
        server.ForgetSession();

        time.Advance(McpConnection.RefreshInterval);
        await host.App.WaitForLogAsync(410, times: 2);

        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Level >= LogLevel.Warning);
    }

    private static IEnumerable<string> Offered(RoundsChatClient model) => model.Options!.Tools!.Select(tool => tool.Name);

    private static string Result(RoundsChatClient model) =>
        model.Asked.SelectMany(round => round.Messages).SelectMany(message => message.Contents).OfType<FunctionResultContent>().Last().Result!.ToString()!;
}
