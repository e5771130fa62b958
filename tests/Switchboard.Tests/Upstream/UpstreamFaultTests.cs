using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Upstream;

/// <summary>What each failure of an upstream becomes: what is heard of it, how it is named, and whether it blames the request.</summary>
public sealed class UpstreamFaultTests : IAsyncDisposable
{
    private const int Limit = 30_000;

    private readonly UpstreamFactory _clients = new();

    // Name, what is heard, failure, status, whether it blames the request.
    public static TheoryData<string, string, string, int?, bool> Failing => new()
    {
        { "reset before headers", "", nameof(ResponderFailure.Connect), null, false },
        { "reset before an event", "", nameof(ResponderFailure.Truncated), null, false },
        { "reset in an event", "Hello ", nameof(ResponderFailure.Truncated), null, false },
        { "empty body", "", nameof(ResponderFailure.Empty), null, false },
        { "no content", "", nameof(ResponderFailure.Empty), null, false },
        { "reasoning only", "", nameof(ResponderFailure.Empty), null, false },
        { "finish only", "", nameof(ResponderFailure.Empty), null, false },
        { "invalid JSON", "Hello ", nameof(ResponderFailure.Malformed), null, false },
        { "JSON that is no object", "", nameof(ResponderFailure.Malformed), null, false },
        { "HTML page", "", nameof(ResponderFailure.Malformed), null, false },
        { "HTML page called an event stream", "", nameof(ResponderFailure.Malformed), null, false },
        { "plain text", "", nameof(ResponderFailure.Malformed), null, false },
        { "JSON of something else", "", nameof(ResponderFailure.Malformed), null, false },
        { "cut JSON", "", nameof(ResponderFailure.Malformed), null, false },
        { "no gzip", "", nameof(ResponderFailure.Malformed), null, false },
        { "no brotli", "", nameof(ResponderFailure.Malformed), null, false },
        { "JSON error", "", nameof(ResponderFailure.ErrorEvent), null, false },
        { "JSON error as text", "", nameof(ResponderFailure.ErrorEvent), null, false },
        { "JSON error that blames the request", "", nameof(ResponderFailure.ErrorEvent), null, true },
        { "JSON error that blames the request, with status 401", "", nameof(ResponderFailure.ErrorEvent), 401, false },
        { "error event", "Hello ", nameof(ResponderFailure.ErrorEvent), 500, false },
        { "error event with code 404 as text", "Hello ", nameof(ResponderFailure.ErrorEvent), 404, false },
        { "event called error", "Hello ", nameof(ResponderFailure.ErrorEvent), null, false },
        { "error beside a finish reason", "Hello ", nameof(ResponderFailure.ErrorEvent), 502, false },
        { "10 MB event", "Hello ", nameof(ResponderFailure.TooLarge), null, false },
        { "10 MB of arguments", "", nameof(ResponderFailure.TooLarge), null, false },
        { "400", "", nameof(ResponderFailure.Status), 400, true },
        { "402", "", nameof(ResponderFailure.Status), 402, false },
        { "401", "", nameof(ResponderFailure.Status), 401, false },
        { "403", "", nameof(ResponderFailure.Status), 403, false },
        { "404", "", nameof(ResponderFailure.Status), 404, false },
        { "408", "", nameof(ResponderFailure.Status), 408, false },
        { "413", "", nameof(ResponderFailure.Status), 413, true },
        { "422", "", nameof(ResponderFailure.Status), 422, true },
        { "429", "", nameof(ResponderFailure.Status), 429, false },
        { "500", "", nameof(ResponderFailure.Status), 500, false },
        { "503", "", nameof(ResponderFailure.Status), 503, false },
        { "503 as HTML", "", nameof(ResponderFailure.Status), 503, false },
    };

    // Name, what is heard.
    public static TheoryData<string, string> Harmless => new()
    {
        { "one-byte packets", "Hello there." },
        { "good UTF-8 cut between packets", "Zürich 東京 🙂" },
        { "invalid UTF-8", "Hello \ufffd, you." },
        { "surrogate pair in two chunks", "🙂 hi" },
        { "duplicate finish", "Hello there." },
        { "garbage after [DONE]", "Hello there." },
        { "no [DONE]", "Hello there." },
        { "reset after the finish reason", "Hello there." },
        { "error after the finish reason", "Hello there." },
        { "byte order mark", "Hello there." },
        { "CR", "Hello there." },
        { "CRLF", "Hello there." },
        { "comments and other fields", "Hello there." },
        { "data in several lines", "Hello there." },
        { "empty events", "Hello there." },
        { "several choices", "Hello there." },
        { "several choices, index last", "Hello there." },
        { "other objects", "Hello there." },
        { "wrong content type", "Hello there." },
        { "content in parts", "Hello there." },
    };

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Failing))]
    public async Task Stream_UpstreamFails_SaysWhatCameAndNamesTheFailure(string cause, string text, string failure, int? status, bool blamesRequest)
    {
        await using var upstream = FaultyUpstream.Start(FaultCases.Failing[cause]);

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl, options => options.ApiKey = "sk-very-secret"), TestContext.Current.CancellationToken);

        Assert.Equal(text, heard.Text);
        Assert.Empty(heard.Calls);
        Assert.NotNull(heard.Failure);
        Assert.Equal((failure, status, blamesRequest), (heard.Failure.Failure.ToString(), heard.Failure.Status, heard.Failure.BlamesRequest));
        Assert.Contains(upstream.BaseUrl.Authority, heard.Failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", heard.Failure.ToString(), StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Harmless))]
    public async Task Stream_UpstreamIsOdd_LosesNothing(string oddity, string text)
    {
        await using var upstream = FaultyUpstream.Start(FaultCases.Harmless[oddity]);

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Null(heard.Failure);
        Assert.Equal(text, heard.Text);
        Assert.Equal([ChatFinishReason.Stop], heard.FinishReasons);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_Refused_IsAConnectFailure()
    {
        await using var upstream = FaultyUpstream.Refusing();

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal((ResponderFailure.Connect, false), (heard.Failure?.Failure, heard.Failure?.BlamesRequest));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
    [InlineData("soon", null)]
    public async Task Stream_RetryAfter_IsRead(string value, int? seconds)
    {
        await using var upstream = FaultyUpstream.Start(Failures.Status(429, value));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, heard.Failure?.RetryAfter);
    }

    [Fact]
    public async Task Stream_Redirect_IsNotFollowed()
    {
        await using var other = FaultyUpstream.Start();
        await using var upstream = FaultyUpstream.Start(Failures.Redirect(other.BaseUrl));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal((ResponderFailure.Status, 307, false), (heard.Failure!.Failure, heard.Failure.Status, heard.Failure.BlamesRequest));
        Assert.Empty(other.Requests);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_Gzip_IsHeardAsItComes()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gzip(gate));
        await using var updates = _clients.Create(upstream.BaseUrl).GetStreamingResponseAsync([], null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(Failures.Words[0], updates.Current.Text);
        gate.Release();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(Failures.Words[1], updates.Current.Text);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_PacedTokens_EachIsHeardBeforeTheNextIsSent()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gated(gate, Sse.Text("a"), Sse.Text("b"), Sse.Finish()));
        await using var updates = _clients.Create(upstream.BaseUrl).GetStreamingResponseAsync([], null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var texts = new List<string>();

        while (await updates.MoveNextAsync())
        {
            texts.Add(updates.Current.Text);
            gate.Release();
        }

        Assert.Equal(["a", "b", ""], texts);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_SlowHeaders_IsWaitedFor()
    {
        var gate = new TaskCompletionSource();
        await using var upstream = FaultyUpstream.Start(Failures.After(gate.Task, Failures.Answer()));
        var listening = Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        await upstream.NextRequestAsync(TestContext.Current.CancellationToken);
        Assert.False(listening.IsCompleted);
        gate.SetResult();

        Assert.Equal("Hello there.", (await listening).Text);
    }

    [Fact]
    public async Task Stream_ToolCallInFragments_ComesWhole()
    {
        const string Arguments = """{"to":"+41 44 123 45 67","reason":"the caller said \"now\"","tries":3}""";
        await using var upstream = FaultyUpstream.Start(Failures.ToolCallInFragments(Arguments, 50));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        var call = Assert.Single(heard.Calls);
        Assert.Equal(("call_1", "note", Arguments), (call.CallId, call.Name, ToolCallJson.Arguments(call)));
        Assert.Equal([ChatFinishReason.ToolCalls], heard.FinishReasons);
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
