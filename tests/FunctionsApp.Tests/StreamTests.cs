using System.Net;
using System.Net.Sockets;
using System.Text;
using HostStandIn;

namespace FunctionsApp.Tests;

/// <summary>Answers that come piece by piece, from a responder that the test holds by the hand.</summary>
public sealed class StreamTests
{
    private static CancellationToken Cancelled => PublishedWorker.Cancelled;

    [Fact]
    public async Task Stream_FirstPiece_ComesBeforeTheSecondExists()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var host = await PublishedWorker.StartAsync(upstream.Settings);
        using var stream = await OpenAsync(host, "");
        var turn = await upstream.NextAsync();
        turn.Say("One ");
        await stream.ReadToAsync("One ");
        turn.Say("two.");
        await stream.ReadToAsync("two.");
        turn.End();

        await stream.ReadToAsync("data: [DONE]");
    }

    [Fact]
    public async Task Caller_LeavesInTheStream_CancelsTheResponder()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var host = await PublishedWorker.StartAsync(upstream.Settings);
        var stream = await OpenAsync(host, "");
        var turn = await upstream.NextAsync();
        turn.Say("One ");
        await stream.ReadToAsync("One ");

        stream.Dispose();

        await turn.Left;
        Assert.Empty(host.Worker.Errors);
    }

    [Fact]
    public async Task Caller_LeavesBeforeTheFirstPiece_CancelsTheResponder()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var host = await PublishedWorker.StartAsync(upstream.Settings);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", PublishedWorker.Key);
        var asking = client.PostAsync("v1/chat/completions", Client.Turn("demo"), leave.Token);
        var turn = await upstream.NextAsync();

        await leave.CancelAsync();

        await turn.Left;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Turn_Newer_EndsTheOlderOneOfTheCall()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var host = await PublishedWorker.StartAsync(upstream.Settings);
        using var older = await OpenAsync(host, ""","extendData":{"instanceId":"call-1","channelId":"1","sentenceId":1}""");
        var first = await upstream.NextAsync();
        first.Say("One ");
        await older.ReadToAsync("One ");

        using var newer = await OpenAsync(host, ""","extendData":{"instanceId":"call-1","channelId":"1","sentenceId":2}""");
        var second = await upstream.NextAsync();
        await first.Left;
        var end = await older.ReadToAsync("data: [DONE]");
        second.Say("Two.");
        second.End();

        Assert.Contains("\"finish_reason\":\"stop\"", end, StringComparison.Ordinal);
        Assert.Contains("Two.", await newer.ReadToAsync("data: [DONE]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_InSmallPieces_IsAnswered()
    {
        await using var host = await PublishedWorker.StartAsync(PublishedWorker.Settings);
        var body = await Client.Turn("demo").ReadAsByteArrayAsync(Cancelled);
        using var stream = await RawStream.ConnectAsync(host.Address, $"Content-Length: {body.Length}");
        foreach (var piece in body.Chunk(7))
        {
            await stream.WriteAsync(piece);
        }

        Assert.StartsWith("HTTP/1.1 200 OK", await stream.ReadToAsync("data: [DONE]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatStalls_EndsAsTheHostsError()
    {
        await using var host = await PublishedWorker.StartAsync(PublishedWorker.Settings);
        using var stream = await RawStream.ConnectAsync(host.Address, "Content-Length: 100");
        await stream.WriteAsync("{\"model\":"u8.ToArray());

        Assert.StartsWith("HTTP/1.1 500 ", await stream.ReadToAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    private static async Task<RawStream> OpenAsync(StandInHost host, string more)
    {
        var body = await Client.Turn("demo", more: more).ReadAsByteArrayAsync(Cancelled);
        var stream = await RawStream.ConnectAsync(host.Address, $"Content-Length: {body.Length}");
        await stream.WriteAsync(body);
        return stream;
    }

    /// <summary>A turn on a connection of its own, read as it comes.</summary>
    private sealed class RawStream : IDisposable
    {
        private readonly TcpClient _client = new() { NoDelay = true };

        public static async Task<RawStream> ConnectAsync(Uri address, string length)
        {
            var stream = new RawStream();
            await stream._client.ConnectAsync(IPEndPoint.Parse(address.Authority), Cancelled);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {PublishedWorker.Key}\r\nContent-Type: application/json\r\n{length}\r\n\r\n"));
            return stream;
        }

        public async Task WriteAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes, Cancelled);

        /// <summary>Reads until <paramref name="mark"/> has come.</summary>
        public async Task<string> ReadToAsync(string mark)
        {
            var seen = new StringBuilder();
            var buffer = new byte[4096];
            while (!seen.ToString().Contains(mark, StringComparison.Ordinal))
            {
                var read = await _client.GetStream().ReadAsync(buffer, Cancelled);
                Assert.True(read > 0, $"The answer ended without '{mark}': {seen}");
                seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }

            return seen.ToString();
        }

        public void Dispose() => _client.Dispose();
    }
}
