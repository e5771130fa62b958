using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Tools;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Tools;

/// <summary>A tool server that sends more than anybody can want: the caller gets an answer, and no more than the bound is read.</summary>
public sealed class McpBoundsTests
{
    // What a server that nothing stops sends; the bound is 4 MiB, and a connection holds some more.
    private const int Flood = 96 * 1024 * 1024;
    private const int Read = 48 * 1024 * 1024;

    private static readonly byte[] Piece = Encoding.ASCII.GetBytes(new string('x', 65_536));

    public static TheoryData<string, int, string, string, string> Floods => new()
    {
        { "one JSON answer", 200, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"", "" },
        { "one event", 200, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"", "" },
        { "comments", 200, "text/event-stream", "", ": " },
        { "an event without end of lines", 200, "text/event-stream", "", "data: " },
        { "an image", 200, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"content\":[{\"type\":\"image\",\"mimeType\":\"image/png\",\"data\":\"", "" },
        { "an error as text", 500, "text/plain", "", "" },
        { "an error as JSON", 400, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":1,\"message\":\"", "" },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Post_AnswerNeverEnds_IsCutAndTheCallGoesOn(string what, int status, string type, string begin, string line)
    {
        var sent = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = async (context, method, message) =>
        {
            if (method is not "tools/call")
            {
                return false;
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(begin.Replace("\"id\":0", $"\"id\":{message["id"]}", StringComparison.Ordinal));
            sent.SetResult(await FloodAsync(context, Encoding.ASCII.GetBytes(line)));
            return true;
        });
        var model = new RoundsChatClient(Call("weather"), Say("Sorry."), Say("Hello."));
        await using var host = await McpHost.StartAsync(server.Url, model);

        Assert.Equal("Sorry.", await host.AskAsync());

        Assert.True(await sent.Task.WaitAsync(TestContext.Current.CancellationToken) < Read, what);
        Assert.Contains("not available", Result(model), StringComparison.Ordinal);
        Assert.Equal("Hello.", await host.AskAsync());
        Assert.Equal(["weather"], model.Options!.Tools!.Select(tool => tool.Name));
    }

    [Fact]
    public async Task Post_AnswerIsTooLong_LogSaysWhatTheBoundIs()
    {
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
            server.Tools["book"] = _ => Task.FromResult(LoopbackMcpServer.Text(new string('x', McpLimits.AnswerBytes))));
        await using var host = await McpHost.StartAsync(server.Url, new RoundsChatClient(Call("book"), Say("Sorry.")));

        Assert.Equal("Sorry.", await host.AskAsync());

        Assert.Contains("answered with more than 4194304 bytes", (await host.App.WaitForLogAsync(413)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AnswerAnnouncesAHugeLength_IsNotWaitedFor()
    {
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = async (context, method, _) =>
        {
            if (method is not "tools/call")
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 3_000_000_000;
            await context.Response.Body.FlushAsync();
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return true;
        });
        await using var host = await McpHost.StartAsync(server.Url, new RoundsChatClient(Call("weather"), Say("Sorry.")), new FakeTimeProvider());

        Assert.Equal("Sorry.", await host.AskAsync());
        Assert.Contains("more than 4194304 bytes", (await host.App.WaitForLogAsync(413)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AnswerIsABombInGzip_IsNotUnpacked()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var sent = 0; sent < Read; sent += Piece.Length)
            {
                await gzip.WriteAsync(Piece, TestContext.Current.CancellationToken);
            }
        }

        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = async (context, method, _) =>
        {
            if (method is not "tools/call")
            {
                return false;
            }

            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(packed.ToArray());
            return true;
        });
        var model = new RoundsChatClient(Call("weather"), Say("Sorry."));
        await using var host = await McpHost.StartAsync(server.Url, model);

        Assert.Equal("Sorry.", await host.AskAsync());

        Assert.Contains("not available", Result(model), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Headers.ContainsKey("Accept-Encoding"));
    }

    [Fact]
    public async Task Post_AnswerComesDropByDrop_EndsWithTheTimeOfTheCall()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = async (context, method, _) =>
        {
            if (method is not "tools/call")
            {
                return false;
            }

            context.RequestAborted.Register(aborted.SetResult);
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(": drop\n\n");
            await context.Response.Body.FlushAsync();
            asked.SetResult();
            await aborted.Task;
            return true;
        });
        var time = new FakeTimeProvider();
        await using var host = await McpHost.StartAsync(server.Url, new RoundsChatClient(Call("weather", "Wait."), Say("Sorry.")), time);
        var answer = host.AskAsync();
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("Wait. Sorry.", await answer);
        // The connection is closed, not left behind.
        await aborted.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Post_AnswerIsBrokenOffAgainAndAgain_IsNotResumedWithoutEnd()
    {
        var resumed = 0;
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            server.Resume = context =>
            {
                context.Response.ContentType = "text/event-stream";
                return Interlocked.Increment(ref resumed) > 200
                    ? context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}\n\n")
                    : context.Response.WriteAsync($"id: {resumed}\nretry: 0\ndata: \n\n");
            };
            server.Instead = async (context, method, _) =>
            {
                if (method is not "tools/call")
                {
                    return false;
                }

                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("id: 0\nretry: 0\ndata: \n\n");
                return true;
            };
        });
        await using var host = await McpHost.StartAsync(server.Url, new RoundsChatClient(Call("weather"), Say("Sorry.")));

        Assert.Equal("Sorry.", await host.AskAsync());

        Assert.InRange(resumed, 1, McpLimits.RequestsOfMessage);
        Assert.Contains("interrupted its answer", (await host.App.WaitForLogAsync(413)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AnswerIsBrokenOffOnce_IsResumed()
    {
        var answer = "";
        await using var server = await LoopbackMcpServer.StartAsync(configure: server =>
        {
            server.Resume = context =>
            {
                context.Response.ContentType = "text/event-stream";
                return context.Response.WriteAsync($"data: {answer}\n\n");
            };
            server.Instead = async (context, method, message) =>
            {
                if (method is not "tools/call")
                {
                    return false;
                }

                answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]!.DeepClone(), ["result"] = LoopbackMcpServer.Text("Sunny.") }.ToJsonString();
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("id: 0\nretry: 0\ndata: \n\n");
                return true;
            };
        });
        var model = new RoundsChatClient(Call("weather"), Say("It is."));
        await using var host = await McpHost.StartAsync(server.Url, model);

        Assert.Equal("It is.", await host.AskAsync());
        Assert.Equal("Sunny.", Result(model));
    }

    [Theory]
    [InlineData("Mcp-Session-Id", McpLimits.IdLength + 1, "id of more than 1024 characters")]
    [InlineData("X-Long", 20_000, "HttpRequestException")]
    public async Task Join_HeadersAreTooLong_ServerIsNotJoined(string header, int length, string logged)
    {
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = (context, method, _) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[header] = method is "initialize" ? new string('x', length) : default;
                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        });
        await using var host = await McpHost.StartAsync(server.Url, new RoundsChatClient(Say("Hello.")), new FakeTimeProvider(), joined: 411);

        var line = (await host.App.WaitForLogAsync(411)).Message;
        Assert.Contains(logged, line, StringComparison.Ordinal);
        // Not its path either: services of this kind have the key there.
        Assert.Contains($"MCP server {server.Url.Authority} of", line, StringComparison.Ordinal);
        Assert.Equal("Hello.", await host.AskAsync());
    }

    [Fact]
    public async Task Post_ServerRedirects_KeyDoesNotFollow()
    {
        await using var other = await LoopbackMcpServer.StartAsync();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = (context, method, _) =>
        {
            if (method is not "tools/call")
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = other.Url.AbsoluteUri;
            return Task.FromResult(true);
        });
        await using var host = await McpHost.StartAsync(
            server.Url, new RoundsChatClient(Call("weather"), Say("Sorry.")), settings: new() { ["Models:1:Tools:Mcp:0:ApiKey"] = "mcp-key" });

        Assert.Equal("Sorry.", await host.AskAsync());

        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Post_ServerAsksAndTellsWithoutEnd_OneRequestIsAnsweredAtATime()
    {
        var turnIsOver = new TaskCompletionSource();
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = async (context, method, message) =>
        {
            if (method is null)
            {
                // The answer to a request of this server's: not taken before the turn is over.
                await turnIsOver.Task;
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                return true;
            }

            if (method is not "tools/call")
            {
                return false;
            }

            context.Response.ContentType = "text/event-stream";
            for (var index = 0; index < 500; index++)
            {
                await context.Response.WriteAsync($$$"""data: {"jsonrpc":"2.0","id":"s{{{index}}}","method":"{{{(index % 2 == 0 ? "sampling/createMessage" : "ping")}}}","params":{}}""" + "\n\n");
                await context.Response.WriteAsync("""data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}""" + "\n\n");
            }

            var result = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]!.DeepClone(), ["result"] = LoopbackMcpServer.Text("Sunny.") };
            await context.Response.WriteAsync($"data: {result.ToJsonString()}\n\n");
            return true;
        });
        var model = new RoundsChatClient(Call("weather"), Say("It is."), Call("weather"), Say("It still is."));
        await using var host = await McpHost.StartAsync(server.Url, model, new FakeTimeProvider());

        Assert.Equal("It is.", await host.AskAsync());
        Assert.Equal("It still is.", await host.AskAsync());

        Assert.InRange(server.Methods.Count(method => method is null), 0, 1);
        turnIsOver.SetResult();
    }

    [Fact]
    public async Task Join_ServerTellsOfChangesInEveryListing_IsNotListedWithoutEnd()
    {
        var listed = new SemaphoreSlim(0);
        await using var server = await LoopbackMcpServer.StartAsync(configure: server => server.Instead = async (context, method, message) =>
        {
            if (method is not "tools/list")
            {
                return false;
            }

            context.Response.ContentType = "text/event-stream";
            var result = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]!.DeepClone(), ["result"] = new JsonObject { ["tools"] = new JsonArray() } };
            await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n");
            await context.Response.WriteAsync($"data: {result.ToJsonString()}\n\n");
            listed.Release();
            return true;
        });
        var time = new FakeTimeProvider();
        var model = new RoundsChatClient([.. Enumerable.Range(0, 20).Select(_ => Say("Hello."))]);
        await using var host = await McpHost.StartAsync(server.Url, model, time);
        // When the app joins, and once more since it was told of a change.
        Assert.True(await listed.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.True(await listed.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));

        for (var turn = 0; turn < 20; turn++)
        {
            Assert.Equal("Hello.", await host.AskAsync());
        }

        Assert.Equal(2, server.Methods.Count(method => method is "tools/list"));
    }

    private static async Task<long> FloodAsync(HttpContext context, byte[] line)
    {
        byte[] piece = line.Length > 0 ? [.. line, .. Piece, (byte)'\n'] : Piece;
        long sent = 0;
        try
        {
            while (sent < Flood && !context.RequestAborted.IsCancellationRequested)
            {
                if ((await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted)).IsCompleted)
                {
                    // It has hung up: what is written from here on goes nowhere, at once, and does not count.
                    break;
                }

                sent += piece.Length;
                // The news of a closed connection is queued, and comes first.
                await Task.Yield();
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // It has hung up.
        }

        return sent;
    }

    private static string Result(RoundsChatClient model) =>
        model.Asked.SelectMany(round => round.Messages).SelectMany(message => message.Contents).OfType<FunctionResultContent>().Last().Result!.ToString()!;
}
