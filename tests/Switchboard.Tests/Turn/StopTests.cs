using System.Net.Sockets;
using System.Text;
using LocalHost;

namespace Switchboard.Tests.Turn;

/// <summary>An app that is told to stop while turns run.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // An answer may be streamed or not; the stop comes before or after its first word; the model may have an apology.
    public static TheoryData<bool, bool, bool, string> Ends => new()
    {
        { true, true, false, "Hello " },
        { true, true, true, $"Hello {TurnRig.Apology}" },
        { true, false, true, TurnRig.Apology },
        { false, true, false, "Hello " },
        { false, true, true, $"Hello {TurnRig.Apology}" },
        { false, false, true, TurnRig.Apology },
    };

    [Fact]
    public async Task Stop_AnswerRuns_LetsItEndAndBeginsNoOther()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role + Sse.Text("Hello "), Sse.Text("there.") + Sse.Finish() + Sse.Done));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello ");

        var stop = rig.Host.StopAsync(Cancelled);
        await rig.Host.WaitForLogAsync(120);

        using (var refused = await rig.PostAsync())
        {
            Assert.Equal((503, "1", "close"), ((int)refused.StatusCode, $"{refused.Headers.RetryAfter}", $"{refused.Headers.Connection}"));
            Assert.Equal("server_stopping", (await Json.ReadAsync(refused)).GetProperty("error").GetProperty("code").GetString());
        }

        using (var ready = await rig.Host.Anybody.GetAsync("/health/ready", Cancelled))
        {
            Assert.Equal((503, "stopping"), ((int)ready.StatusCode, (await Json.ReadAsync(ready)).GetProperty("status").GetString()));
        }

        using (var live = await rig.Host.Anybody.GetAsync("/health/live", Cancelled))
        {
            Assert.Equal(200, (int)live.StatusCode);
        }

        gate.Release();
        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
        await stop;
        Assert.Equal(["The app is told to stop: new turns are refused with 503, and those that are open (1), and tools that run (0), have up to 20s to end"], rig.Logged(120));
        Assert.Equal(["The turns are over: of 1 that were open at the stop 1 came to their own end, 0 were ended for want of time, and 0 of those have not taken their end; 0 tools were still running"], rig.Logged(121));
        Assert.Equal(["completed", "refused"], Outcomes(rig).Order());
        rig.AssertNothingIsWarnedOf();
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Stop_AnswerOutlastsTheDrain_EndsAsAfterAStall(bool stream, bool hasHeard, bool apologises, string text)
    {
        await using var upstream = FaultyUpstream.Start(hasHeard ? Failures.OneTokenThenSilence() : Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], Settings(apologises));
        var posting = rig.PostAsync(stream);
        var asked = await TurnRig.NextTurnAsync(upstream);
        if (hasHeard)
        {
            await rig.Time.WaitForChangeAsync(Stall, Cancelled);
        }

        await OverAsync(rig);

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays(text);
        await asked.ClosedByClient.WaitAsync(Cancelled);
        Assert.Equal(("stopped", "server_stopping"), (TurnLine.Of(rig.Host).Outcome, TurnLine.Of(rig.Host).Error));
        Assert.Empty(rig.Logged(101));
        Assert.Empty(rig.Logged(110));
        Assert.Equal(["The turns are over: of 1 that were open at the stop 0 came to their own end, 1 were ended for want of time, and 0 of those have not taken their end; 0 tools were still running"], rig.Logged(121));
    }

    // Nothing was said, and nothing stands in for it: the platform can ask again.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_NothingToSay_AnswersThatItStops(bool stream)
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], [.. Settings(apologises: false), ("/Limits:KeepAlive", "00:01:00")]);
        var posting = rig.PostAsync(stream);
        await TurnRig.NextTurnAsync(upstream);

        await OverAsync(rig);

        using var answer = await posting;
        Assert.Equal((503, "1"), ((int)answer.StatusCode, $"{answer.Headers.RetryAfter}"));
        Assert.Equal(("stopped", "server_stopping"), (TurnLine.Of(rig.Host).Outcome, TurnLine.Of(rig.Host).Error));
    }

    [Fact]
    public async Task Stop_ResponderWrapsItsCancellation_EndsAsAfterAStall()
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await TurnRig.StartAsync(new LambdaChatClient(token => UnrulyResponders.WrapCancellationAsync("Hello ", isAsked, token)), Settings(apologises: false));
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello ");

        await OverAsync(rig);

        (await reader.ReadToEndAsync()).AssertSays("Hello ");
        Assert.Equal("stopped", TurnLine.Of(rig.Host).Outcome);
    }

    [Fact]
    public async Task Stop_HostHasNoPatience_DoesNotWait()
    {
        await using var upstream = FaultyUpstream.Start(Failures.OneTokenThenSilence());
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello ");

        await rig.Host.StopAsync(new CancellationToken(canceled: true));

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal("stopped", TurnLine.Of(rig.Host).Outcome);
    }

    [Fact]
    public async Task Stop_ConnectionWaitsForItsNextRequest_IsClosedAtOnce()
    {
        await using var upstream = FaultyUpstream.Start(Failures.OneTokenThenSilence());
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello ");
        using var idle = await ConnectAsync(rig.Host, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains("{\"status\":\"live\"}", await ReadAsync(idle, "}"), StringComparison.Ordinal);

        var stop = rig.Host.StopAsync(Cancelled);

        // While the answer still runs, by a clock that stands still.
        while (await idle.ReceiveAsync(new byte[64], Cancelled) > 0)
        {
        }

        Assert.False(stop.IsCompleted);
        rig.Time.Advance(Drain);
        await stop;
    }

    // What is not even a request is no turn, and nobody waits for it.
    [Theory]
    [InlineData("")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: loc")]
    public async Task Stop_ConnectionHasNoWholeRequest_IsNotWaitedFor(string sent)
    {
        await using var rig = await TurnRig.StartAsync(new GatedChatClient());
        using var client = await ConnectAsync(rig.Host, sent);

        var stop = rig.Host.StopAsync(Cancelled);
        var patience = rig.Time.WaitForTimerAsync(due => due == ClosingConnections.Patience, Cancelled);
        Assert.Same(patience, await Task.WhenAny(stop, patience));
        rig.Time.Advance(ClosingConnections.Patience);
        await stop;

        Assert.Equal(["The turns are over: of 0 that were open at the stop 0 came to their own end, 0 were ended for want of time, and 0 of those have not taken their end; 0 tools were still running"], rig.Logged(121));
    }

    // Kestrel takes the end of what a client sends for its end; the contract says so.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ClientClosesItsHalf_HasLeft(bool stream)
    {
        await using var upstream = FaultyUpstream.Start(Failures.OneTokenThenSilence());
        await using var rig = await TurnRig.StartAsync([upstream], ("Apology", TurnRig.Apology));
        var body = Json.Request("voice", stream: stream);
        using var client = await ConnectAsync(
            rig.Host,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestHost.Key}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        var asked = await TurnRig.NextTurnAsync(upstream);
        client.Shutdown(SocketShutdown.Send);

        await asked.ClosedByClient.WaitAsync(Cancelled);

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(("caller_left", "none"), (TurnLine.Of(rig.Host).Outcome, TurnLine.Of(rig.Host).Error));
        Assert.DoesNotContain("[DONE]", await ReadAsync(client, "[DONE]"), StringComparison.Ordinal);
    }

    // So much that nothing but the drain ends it.
    private static (string Name, string Value)[] Settings(bool apologises) =>
        [("FirstSpeech:Deadline", "00:01:00"), ("StallTimeout", $"{Stall}"), .. apologises ? [("Apology", TurnRig.Apology)] : Array.Empty<(string, string)>()];

    private static async Task OverAsync(TurnRig rig)
    {
        var stop = rig.Host.StopAsync(Cancelled);
        await rig.Time.WaitForTimerAsync(due => due == Drain, Cancelled);
        rig.Advance(Drain, () => Assert.False(stop.IsCompleted));
        await stop;
    }

    private static IEnumerable<string?> Outcomes(TurnRig rig) => rig.Host.Logs.GetSnapshot().Where(line => line.Id.Id == 100).Select(line => line.GetStructuredStateValue("Outcome"));

    private static async Task<Socket> ConnectAsync(TestHost host, string request)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host.Address.Host, host.Address.Port, Cancelled);
        await socket.SendAsync(Encoding.UTF8.GetBytes(request), Cancelled);
        return socket;
    }

    // To the mark, or to the end of the connection.
    private static async Task<string> ReadAsync(Socket socket, string mark)
    {
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        while (!seen.ToString().Contains(mark, StringComparison.Ordinal) && await socket.ReceiveAsync(buffer, Cancelled) is > 0 and var count)
        {
            seen.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return seen.ToString();
    }
}
