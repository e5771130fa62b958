using System.Net.Sockets;
using System.Text;
using Switchboard.Turn;

namespace Switchboard.Tests.Turn;

/// <summary>Requests whose body comes late or never.</summary>
public sealed class SlowBodyTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Post_BodyTricklesIn_Is408AndHeldNoPlace()
    {
        await using var rig = await StartAsync();
        using var slow = await SendAsync(rig, """{"model":"demo","messages":[{"role":"us""");
        await rig.Time.WaitForTimerAsync(wait => wait == Timeout, TestContext.Current.CancellationToken);

        // The only place is still free.
        using (var other = await rig.Host.PostAsync(Json.Request("demo")))
        {
            Assert.Equal(200, (int)other.StatusCode);
            await other.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        await slow.SendAsync("er"u8.ToArray(), TestContext.Current.CancellationToken);
        rig.Advance(Timeout, before: () => Assert.Equal(0, slow.Available));

        using var reader = new StreamReader(new NetworkStream(slow), Encoding.UTF8);
        var answer = await ReadAnswerAsync(reader);

        Assert.StartsWith("HTTP/1.1 408 ", answer[0], StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer);
        Assert.Contains("\"code\":\"request_timeout\"", answer[^1], StringComparison.Ordinal);

        // Kestrel reads on in the rest of the body, and it must be able to.
        await slow.SendAsync(new byte[500], TestContext.Current.CancellationToken);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is not null)
        {
        }

        Assert.DoesNotContain(rig.Host.Logs.GetSnapshot(), line => line.Category!.Contains("Kestrel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_ResetInItsBody_IsACallerWhoLeft()
    {
        await using var rig = await StartAsync();
        var socket = await SendAsync(rig, """{"model":"demo",""");
        await rig.Time.WaitForTimerAsync(wait => wait == Timeout, TestContext.Current.CancellationToken);

        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();

        Assert.Equal("caller_left", (await rig.Host.WaitForTurnEndAsync()).GetStructuredStateValue("Outcome"));
        rig.AssertNothingIsWarnedOf();
        await rig.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(rig.Host.Logs.GetSnapshot(), line => line.Category!.Contains("Kestrel", StringComparison.Ordinal));
    }

    // No turn is begun any more: nobody waits for the rest, and it was not the caller who left.
    [Fact]
    public async Task Stop_BodyIsUnderWay_IsAnsweredAtOnce()
    {
        await using var rig = await StartAsync();
        using var slow = await SendAsync(rig, "{\"model\":\"demo\",");
        await rig.Time.WaitForTimerAsync(wait => wait == Timeout, TestContext.Current.CancellationToken);

        var stop = rig.Host.StopAsync(TestContext.Current.CancellationToken);

        using var reader = new StreamReader(new NetworkStream(slow), Encoding.UTF8);
        var answer = await ReadAnswerAsync(reader);
        Assert.StartsWith("HTTP/1.1 503 ", answer[0], StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer);
        Assert.Contains("\"code\":\"server_stopping\"", answer[^1], StringComparison.Ordinal);
        slow.Dispose();
        await stop;
        var line = await rig.Host.WaitForTurnEndAsync();
        Assert.Equal(("refused", "server_stopping"), (line.GetStructuredStateValue("Outcome"), line.GetStructuredStateValue("Error")));
        Assert.DoesNotContain(rig.Host.Logs.GetSnapshot(), line => line.Category!.Contains("Kestrel", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Content-Length: 500\r\n\r\n{\"model\"")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\n{\"model\":\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n90\r\n{\"model\"")]
    public async Task Post_ManyBreakOffInTheBody_LeaveTheServerInOrder(string start)
    {
        const int Many = 200;
        await using var host = await TestHost.StartAsync();
        for (var count = 0; count < Many; count++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestHost.Key}\r\nContent-Type: application/json\r\n{start}"),
                TestContext.Current.CancellationToken);
            if (count % 2 == 0)
            {
                // The request is at hand; whether it is being read yet is left to chance.
                await Task.Yield();
            }

            if (count % 4 != 3)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
        }

        using var next = await host.PostAsync(Json.Request());
        await next.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await host.WaitForLogAsync(100);
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(host.Logs.GetSnapshot(), line => line.Category!.Contains("Kestrel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_ManyLargeBodiesAreUnderWay_OneMoreIs429AndAWholeOneIsAnswered()
    {
        const int Large = 15 * 1024 * 1024;
        await using var rig = await TurnRig.StartAsync(new GatedChatClient(), ("/Limits:MaxRequestBytes", "16777216"));
        var sockets = new List<Socket>();
        try
        {
            var answers = new List<Task<string?>>();
            for (var count = 0; count * Large <= TurnLimits.MaxBytesUnderWay; count++)
            {
                sockets.Add(await SendAsync(rig, "", Large + 1));
                answers.Add(SendAndReadAsync(sockets[^1], Large));
            }

            Assert.StartsWith("HTTP/1.1 429 ", await await Task.WhenAny(answers), StringComparison.Ordinal);
            using var whole = await rig.Host.PostAsync(Json.Request("demo"));
            Assert.Equal(200, (int)whole.StatusCode);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        static async Task<string?> SendAndReadAsync(Socket socket, int length)
        {
            using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
            var line = reader.ReadLineAsync(TestContext.Current.CancellationToken);
            try
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(new string(' ', length)), TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                // The server may close the connection before it has all of the body; what counts is what it has answered.
            }

            return await line;
        }
    }

    [Fact]
    public async Task Post_Fails_ItsLinesCarryTheIdsOfTheCall()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder);
        responder.Fail(new InvalidOperationException());

        (await rig.AskAsync(call: "call-7")).AssertFails("upstream_error");

        await rig.Host.WaitForTurnEndAsync("voice");
        foreach (var id in new[] { 100, 101, 110 })
        {
            var line = Assert.Single(rig.Host.Logs.GetSnapshot(), record => record.Id.Id == id);
            var ids = line.Scopes.OfType<IEnumerable<KeyValuePair<string, object?>>>().SelectMany(pairs => pairs).ToLookup(pair => pair.Key, pair => pair.Value);
            Assert.Contains("call-7", ids["InstanceId"]);
            Assert.Contains("c", ids["ChannelId"]);
            Assert.Contains("1", ids["SentenceId"]);
            Assert.StartsWith("req_", (string?)Assert.Single(ids["RequestId"], value => value is string text && text.StartsWith("req_", StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    // Not to its end: Kestrel waits a while for the rest of the body, and then may reset.
    private static async Task<List<string?>> ReadAnswerAsync(StreamReader reader)
    {
        var answer = new List<string?>();
        do
        {
            answer.Add(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        while (answer[^1]?.StartsWith('{') is false);
        return answer;
    }

    private static Task<TurnRig> StartAsync() => TurnRig.StartAsync(new GatedChatClient(), ("/Limits:MaxConcurrentTurns", "1"));

    private static async Task<Socket> SendAsync(TurnRig rig, string start, int length = 500)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(rig.Host.Address.Host, rig.Host.Address.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestHost.Key}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{start}"),
            TestContext.Current.CancellationToken);
        return socket;
    }
}
