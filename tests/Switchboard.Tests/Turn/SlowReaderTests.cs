using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Switchboard.Http;
using Switchboard.Turn;

namespace Switchboard.Tests.Turn;

/// <summary>Clients that do not read their answer. The answer is far larger than all buffers on the way, so that its sender has to wait for them.</summary>
public sealed class SlowReaderTests
{
    private const int Large = 32 * 1024 * 1024;

    private static readonly TimeSpan TurnTimeout = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_StreamThatNobodyReads_IsCutOffAndItsPlaceIsFree()
    {
        var (responder, time) = (new GatedChatClient(), new WatchedTime());
        await using var host = await StartAsync(responder, time);
        using var client = await SendAsync(host, Json.Request("fake"));
        await responder.Asked.WaitAsync(TimeSpan.FromMinutes(1), Cancelled);
        await SayLargeAsync(responder, client);
        await AssertBusyAsync(host);

        time.Advance(TurnTimeout);
        await AssertBusyAsync(host);
        time.Advance(TurnCancellation.Grace);

        Assert.Equal("caller_left", (await host.WaitForTurnEndAsync("fake")).GetStructuredStateValue("Outcome"));
        await responder.Cancelled.WaitAsync(Cancelled);
        await host.WaitForLogAsync(103);
        using var next = await host.PostAsync(Json.Request("demo"));
        Assert.Equal(200, (int)next.StatusCode);
        await AssertClosedAsync(client);
    }

    [Fact]
    public async Task Post_NewerTurnWhileNobodyReadsTheOlder_TheOlderIsCutOffSoon()
    {
        const string Call = ""","extendData":{"instanceId":"call-1","sentenceId":""";
        var (responder, time) = (new GatedChatClient(), new WatchedTime());
        await using var host = await StartAsync(responder, time, places: 2);
        using var client = await SendAsync(host, Json.Request("fake", more: $"{Call}1}}"));
        await responder.Asked.WaitAsync(TimeSpan.FromMinutes(1), Cancelled);
        await SayLargeAsync(responder, client);

        using (var newer = await host.PostAsync(Json.Request("demo", more: $"{Call}2}}")))
        {
            Assert.Equal(200, (int)newer.StatusCode);
        }

        time.Advance(TurnCancellation.Grace);

        Assert.Equal("caller_left", (await host.WaitForTurnEndAsync("fake")).GetStructuredStateValue("Outcome"));
        await AssertClosedAsync(client);
    }

    [Fact]
    public async Task Post_ErrorEventThatNobodyReads_IsCutOff()
    {
        var (responder, time) = (new GatedChatClient(), new WatchedTime());
        await using var host = await StartAsync(responder, time);
        using var client = await SendAsync(host, Json.Request("fake"));
        await responder.Asked.WaitAsync(TimeSpan.FromMinutes(1), Cancelled);
        await SayLargeAsync(responder, client);
        responder.Fail(new InvalidOperationException());

        time.Advance(TurnTimeout);
        time.Advance(TurnCancellation.Grace);

        Assert.Equal("caller_left", (await host.WaitForTurnEndAsync("fake")).GetStructuredStateValue("Outcome"));
        await AssertClosedAsync(client);
    }

    [Fact]
    public async Task Get_AnswerBesideTheTurnsThatNobodyReads_IsCutOff()
    {
        var time = new WatchedTime();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await TestHost.StartAsync(time: time, middleware: app => app.Use(async (context, next) =>
        {
            if (context.Request.Path != "/large")
            {
                await next(context);
                return;
            }

            var result = await BoundedResult.OfAsync(context, () => Task.FromResult(Results.Bytes(new byte[Large])), time, NullLogger.Instance);
            try
            {
                await result.ExecuteAsync(context);
                ended.SetResult();
            }
            catch (Exception failure)
            {
                ended.SetException(failure);
            }
        }));
        using var client = await ConnectAsync(host, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await client.ReceiveAsync(new byte[1], Cancelled);
        Assert.False(ended.Task.IsCompleted);

        time.Advance(BoundedResult.Timeout);

        // Nothing escapes either.
        await ended.Task.WaitAsync(Cancelled);
        await AssertClosedAsync(client);
    }

    private static Task<TestHost> StartAsync(GatedChatClient responder, WatchedTime time, int places = 1) => TestHost.StartAsync(
        responder,
        new Dictionary<string, string?> { ["Limits:MaxConcurrentTurns"] = $"{places}", ["Limits:TurnTimeout"] = $"{TurnTimeout}", ["Models:1:SpokenText"] = "false" },
        time);

    // When so much of it has come, the flush that waits has begun.
    private static async Task SayLargeAsync(GatedChatClient responder, Socket client)
    {
        responder.Say("Hello. ");
        await client.ReceiveAsync(new byte[1], Cancelled);
        responder.Say(new string('x', Large));
        var buffer = new byte[4096];
        for (var received = 0; received < 64 * 1024;)
        {
            var count = await client.ReceiveAsync(buffer, Cancelled);
            Assert.NotEqual(0, count);
            received += count;
        }
    }

    private static async Task AssertBusyAsync(TestHost host)
    {
        using var refused = await host.PostAsync(Json.Request("demo"));
        Assert.Equal(429, (int)refused.StatusCode);
    }

    private static Task<Socket> SendAsync(TestHost host, string body) => ConnectAsync(
        host,
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestHost.Key}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private static async Task<Socket> ConnectAsync(TestHost host, string request)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(host.Address.Host, host.Address.Port, Cancelled);
        await socket.SendAsync(Encoding.UTF8.GetBytes(request), Cancelled);
        return socket;
    }

    // What had been sent is read to its end; the rest never comes.
    private static async Task AssertClosedAsync(Socket client)
    {
        var buffer = new byte[64 * 1024];
        long received = 0;
        try
        {
            while (await client.ReceiveAsync(buffer, Cancelled) is > 0 and var count)
            {
                received += count;
            }
        }
        catch (SocketException)
        {
            // A connection that is aborted may be reset.
        }

        Assert.InRange(received, 0, Large - 1);
    }
}
