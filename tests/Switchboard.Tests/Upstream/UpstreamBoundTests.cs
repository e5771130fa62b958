using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>Upstreams that send without end. No clock moves here: what ends them is counted.</summary>
public sealed class UpstreamBoundTests : IAsyncDisposable
{
    private const int Limit = 120_000;

    // What the machine holds of a connection on its own, in both directions, is no failure of ours.
    private const long Underway = 32L * 1024 * 1024;

    private readonly UpstreamFactory _clients = new(services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));

    // What is sent again and again, by name; what of it is an event has a bound as a whole, what is none only that of an event.
    public static TheoryData<string, int> Endless => new()
    {
        { "reasoning", UpstreamAnswer.MaxBytes },
        { "text", UpstreamAnswer.MaxBytes },
        { "blanks", UpstreamAnswer.MaxBytes },
        { "roles", UpstreamAnswer.MaxBytes },
        { "empty events", UpstreamAnswer.MaxBytes },
        { "other objects", UpstreamAnswer.MaxBytes },
        { "unknown fields", UpstreamAnswer.MaxBytes },
        { "usage", UpstreamAnswer.MaxBytes },
        { "ids", UpstreamAnswer.MaxBytes },
        { "empty fragments of a call", UpstreamAnswer.MaxBytes },
        { "other choices", UpstreamAnswer.MaxBytes },
        { "comments", UpstreamAnswer.MaxEventBytes },
        { "blank lines", UpstreamAnswer.MaxEventBytes },
        { "line without an end", UpstreamAnswer.MaxEventBytes },
        { "event without an end", UpstreamAnswer.MaxEventBytes },
        { "object without an end", UpstreamAnswer.MaxEventBytes },
        { "blanks before anything", UpstreamAnswer.MaxEventBytes },
        { "refusal", 2 * UpstreamAnswer.MaxEventBytes },
        { "arguments", 2 * UpstreamAnswer.MaxEventBytes },
    };

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Endless))]
    public async Task Stream_UpstreamSendsWithoutEnd_EndsAtTheBound(string what, int bound)
    {
        var (first, again) = Sent(what);
        var sent = 0L;
        await using var upstream = FaultyUpstream.Start(async exchange =>
        {
            await exchange.StartAsync();
            await exchange.SendAsync(first + again);
            // In large packets: it is the bytes that count.
            var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(again, 1 + (64 * 1024 / again.Length))));
            while (!exchange.Request.ClosedByClient.IsCompleted)
            {
                await exchange.SendAsync(piece);
                sent += piece.Length;
            }
        });

        var failure = await FailureAsync(upstream, TestContext.Current.CancellationToken);

        Assert.Equal(ResponderFailure.TooLarge, failure.Failure);
        await upstream.Requests.Single().ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        Assert.InRange(sent, 0, bound + Underway);
    }

    [Theory(Timeout = Limit)]
    [InlineData("names")]
    [InlineData("ids")]
    public async Task Stream_CallsWithoutEnd_EndAtTheBound(string what)
    {
        // Every call another one, whose arguments are empty: what is held of them is their ids and names.
        var calls = 0;
        var word = new string('n', 10_000);
        await using var upstream = FaultyUpstream.Start(async exchange =>
        {
            await exchange.StartAsync();
            while (!exchange.Request.ClosedByClient.IsCompleted)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{(what == "ids" ? word : "c")}{calls}");
                await exchange.SendAsync(Sse.Delta($$$"""{"tool_calls":[{"index":{{{calls}}},"id":"{{{id}}}","function":{"name":"{{{(what == "names" ? word : "f")}}}","arguments":""}}]}"""));
                calls++;
            }
        });

        var failure = await FailureAsync(upstream, TestContext.Current.CancellationToken);

        Assert.Equal(ResponderFailure.TooLarge, failure.Failure);
        Assert.InRange(calls * 10_000L, 0, UpstreamAnswer.MaxBytes + Underway);
    }

    [Theory(Timeout = Limit)]
    [InlineData("X-Long: ")]
    [InlineData("X-Many: 1\r\n")]
    public async Task Stream_HeadersWithoutEnd_AreGivenUp(string header)
    {
        var sent = 0L;
        var piece = Encoding.ASCII.GetBytes(header.EndsWith('\n') ? string.Concat(Enumerable.Repeat(header, 1000)) : new string('a', 10_000));
        await using var upstream = FaultyUpstream.Start(async exchange =>
        {
            await exchange.SendRawAsync("HTTP/1.1 200 OK\r\n" + header);
            while (!exchange.Request.ClosedByClient.IsCompleted)
            {
                await exchange.SendRawAsync(piece);
                sent += piece.Length;
            }
        });

        Assert.Equal(ResponderFailure.Connect, (await FailureAsync(upstream, TestContext.Current.CancellationToken)).Failure);

        Assert.InRange(sent, 0, Underway);
    }

    [Theory(Timeout = Limit)]
    [InlineData("text")]
    [InlineData("comments")]
    [InlineData("zeroes")]
    public async Task Stream_GzipWithoutEnd_IsCountedUnpacked(string what)
    {
        var again = what == "zeroes" ? new string('\0', 64 * 1024) : string.Concat(Enumerable.Repeat(Sent(what).Again, 1000));
        var packed = 0L;
        await using var upstream = FaultyUpstream.Start(async exchange =>
        {
            await exchange.StartAsync(headers: "Content-Encoding: gzip");
            using var compressed = new MemoryStream();
            await using var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true);
            while (!exchange.Request.ClosedByClient.IsCompleted)
            {
                await gzip.WriteAsync(Encoding.UTF8.GetBytes(again));
                await gzip.FlushAsync();
                await exchange.SendAsync(compressed.ToArray());
                packed += compressed.Length;
                compressed.SetLength(0);
            }
        });

        Assert.Equal(ResponderFailure.TooLarge, (await FailureAsync(upstream, TestContext.Current.CancellationToken)).Failure);

        Assert.InRange(packed, 0, Underway);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_TailWithoutEnd_IsGivenUp()
    {
        var sent = 0L;
        await using var upstream = FaultyUpstream.Start(async exchange =>
        {
            await exchange.StartAsync();
            await exchange.SendAsync(Sse.Answer("Hello."));
            var piece = new byte[64 * 1024];
            while (!exchange.Request.ClosedByClient.IsCompleted)
            {
                await exchange.SendAsync(piece);
                sent += piece.Length;
            }
        });

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(("Hello.", null), (heard.Text, heard.Failure));
        await upstream.Requests.Single().ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        Assert.InRange(sent, 0, Underway);
    }

    [Fact]
    public void Read_Calls_CountTheirIdsAndNamesOnce()
    {
        var reader = new ChunkReader();
        for (var index = 0; index < 3; index++)
        {
            // The second time they are known.
            var call = $$$"""{"index":{{{index}}},"id":"{{{new string('i', 100)}}}","function":{"name":"{{{new string('n', 200)}}}","arguments":"12"}}""";
            _ = reader.Read("message", Encoding.UTF8.GetBytes($$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{{{call}}},{{{call}}}]}}]}"""));
        }

        Assert.Equal(3 * (100 + 200 + 4), reader.HeldCharacters);
    }

    [Fact]
    public void Read_LongIds_AreNotKept()
    {
        var reader = new ChunkReader();
        var word = new string('m', 500_000);

        var update = reader.Read("message", Encoding.UTF8.GetBytes(
            $$$"""{"id":"{{{word}}}","model":"{{{word}}}","choices":[{"index":0,"delta":{"content":"Hello."},"finish_reason":null}],"usage":{"prompt_tokens":-5,"completion_tokens":9223372036854775807}}"""));

        Assert.Equal((null, null, "Hello."), (update!.ResponseId, update.ModelId, update.Text));
        Assert.Equal((null, null), (reader.Usage!.InputTokenCount, reader.Usage.OutputTokenCount));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    // Without keeping what comes, as nobody of the app does.
    private async Task<ResponderException> FailureAsync(FaultyUpstream upstream, CancellationToken cancellationToken) => await Assert.ThrowsAsync<ResponderException>(async () =>
    {
        await foreach (var update in _clients.Create(upstream.BaseUrl).GetStreamingResponseAsync([], null, cancellationToken))
        {
            Assert.NotNull(update);
        }
    });

    private static (string First, string Again) Sent(string what)
    {
        var long1 = new string('a', 1000);
        return what switch
        {
            "reasoning" => ("", Sse.Reasoning("Hmm, let me think about that. ")),
            "text" => ("", Sse.Text("and on ")),
            "blanks" => ("", Sse.Text(" ")),
            "roles" => ("", Sse.Role),
            "empty events" => (Sse.Role, "data:\n\n"),
            "other objects" => ("", "data: {\"type\":\"ping\"}\n\n"),
            "unknown fields" => ("", Sse.Delta($$$"""{"role":"assistant","{{{long1}}}":{"x":["{{{long1}}}"]}}""")),
            "usage" => ("", Sse.Usage),
            "ids" => ("", $"data: {{\"id\":\"{long1}\",\"model\":\"{long1}\"}}\n\n"),
            "empty fragments of a call" => ("", Sse.Delta("""{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]}""")),
            "other choices" => ("", "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}}]}\n\n"),
            "comments" => (Sse.Role, ": keep-alive\n\n"),
            "blank lines" => (Sse.Role, "\n"),
            "line without an end" => ("data: ", long1),
            "event without an end" => ("", $"data: {long1}\n"),
            "object without an end" => ("{\"choices\":[", "{},"),
            "blanks before anything" => ("", " \r\n\t"),
            "refusal" => ("", Sse.Delta($$"""{"refusal":"{{long1}}"}""")),
            "arguments" => ("", Sse.Delta($$$"""{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{{{long1}}}"}}]}""")),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }
}
