using Caller.Platform;
using Caller.Tests.Servers;
using Caller.Wire;

namespace Caller.Tests.Platform;

/// <summary>When a platform's client sends a turn again, after how long, and with what.</summary>
public sealed class TurnSenderTests
{
    private static readonly Canned Good = Canned.Says("Hi.");
    private static readonly Canned Empty = Canned.Stream(Canned.Delta("{}", "stop"));
    private static readonly Canned BrokenBeforeOutput = new($"data: {Canned.Delta("{\"role\":\"assistant\"}")}\n\ndata: {{\"error\":{{\"message\":\"no\"}}}}\n\n");
    private static readonly Canned BrokenAfterOutput = new($"data: {Canned.Delta("{\"content\":\"We\"}")}\n\ndata: {{\"error\":{{\"message\":\"no\"}}}}\n\n");

    public static TheoryData<string, string, string> Rows => new()
    {
        // platform, what is answered, the waits in milliseconds before each repeat
        { "ims", "500", "" },
        { "pipecat", "500 ok", "500" },
        { "pipecat", "500 500 ok", "500 1000" },
        { "pipecat", "500 500 500 ok", "500 1000" },
        { "vapi", "429 ok", "500" },
        { "bolna", "409 ok", "500" },
        { "openai", "408 ok", "500" },
        { "openai", "400 ok", "" },
        { "openai", "401 ok", "" },
        { "openai", "500+x-should-retry:false ok", "" },
        { "openai", "400+x-should-retry:true ok", "500" },
        { "openai", "503+retry-after:3 ok", "3000" },
        { "openai", "503+retry-after-ms:7 ok", "7" },
        { "openai", "503+retry-after:121 ok", "" },
        { "openai", "503+retry-after:0 ok", "500" },
        { "openai", "empty ok", "" },
        { "openai", "error ok", "" },
        { "livekit", "500 500 500 500 ok", "100 2000 2000" },
        { "livekit", "500+x-should-retry:false ok", "100" },
        { "livekit", "400 ok", "" },
        { "livekit", "429 ok", "100" },
        { "livekit", "499 ok", "" },
        { "livekit", "early ok", "100" },
        { "livekit", "error ok", "" },
        { "livekit", "empty ok", "" },
        { "elevenlabs", "empty empty empty empty ok", "0 0 0" },
        { "elevenlabs", "400 ok", "0" },
        { "elevenlabs", "early ok", "0" },
        { "fishaudio", "500 500 ok", "0" },
        { "cartesia", "503 ok", "500" },
        { "trtc", "500 500 ok", "500" },
        { "deepgram", "500 ok", "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task SendAsync_AnswerThatFails_IsAskedForAgainAsTheClientDoes(string platform, string answers, string waits)
    {
        await using var server = await CannedServer.StartAsync([.. answers.Split(' ').Select(Answer)]);

        var (_, waited) = await SendAsync(server, VoicePlatforms.Find(platform)!);

        Assert.Equal(waits, string.Join(' ', waited.Select(wait => wait.TotalMilliseconds)));
        Assert.Equal(1 + waited.Count, server.Seen.Count);
        Assert.Single(server.Seen.Select(seen => seen.Text).Distinct());
    }

    [Theory]
    [InlineData("pipecat", "x-stainless-retry-count", "0 1 2")]
    [InlineData("vapi", "x-stainless-retry-count", "0 1 2")]
    [InlineData("livekit", "x-stainless-retry-count", "0 0 0 0")]
    [InlineData("livekit", "X-LiveKit-Session-ID", "c-1.0.0 c-1.0.1 c-1.0.2 c-1.0.3")]
    [InlineData("livekit", "X-LiveKit-Room-ID", "c c c c")]
    [InlineData("cartesia", "Idempotency-Key", "c-1.0 c-1.0 c-1.0")]
    [InlineData("trtc", "X-Request-Id", "c-1.0 c-1.0")]
    public async Task SendAsync_Repeat_SaysSoWhereThePlatformDoes(string platform, string header, string values)
    {
        await using var server = await CannedServer.StartAsync(Answer("500"));

        await SendAsync(server, VoicePlatforms.Find(platform)!);

        Assert.Equal(values, string.Join(' ', server.Seen.Select(seen => seen.Header(header))));
    }

    [Fact]
    public async Task SendAsync_NobodyThere_IsTriedThreeTimes()
    {
        var server = await CannedServer.StartAsync(Good);
        var address = server.Address;
        await server.DisposeAsync();

        var (sent, waited) = await SendAsync(address, VoicePlatforms.Find("openai")!);

        Assert.Equal(ExchangeEnd.NotConnected, sent.Exchange.End);
        Assert.Equal(2, waited.Count);
    }

    private static Canned Answer(string what)
    {
        var parts = what.Split('+');
        return parts[0] switch
        {
            "ok" => Good,
            "empty" => Empty,
            "early" => BrokenBeforeOutput,
            "error" => BrokenAfterOutput,
            var status => new Canned("{}", int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), [.. parts.Skip(1).Select(header => (header.Split(':')[0], header.Split(':')[1]))]),
        };
    }

    private static Task<(SentTurn Sent, List<TimeSpan> Waited)> SendAsync(CannedServer server, VoicePlatform platform) => SendAsync(server.Address, platform);

    private static async Task<(SentTurn Sent, List<TimeSpan> Waited)> SendAsync(string address, VoicePlatform platform)
    {
        Assert.True(Caller.Wire.Endpoint.TryCreate(address, [], out var endpoint, out var error, platform.FullUrl), error);
        var waited = new List<TimeSpan>();
        var sender = new TurnSender(new PlatformClient(TestClients.Factory, endpoint, TimeProvider.System), platform, TimeProvider.System, (wait, _) =>
        {
            waited.Add(wait);
            return Task.CompletedTask;
        });
        var request = new Conversation(platform, new CallFacts("front-desk", "c"), historySync: false).Ask("Hi");
        var sent = await sender.SendAsync(request, new ExchangeLimits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2)), _ => true, (_, _) => { }, TestContext.Current.CancellationToken);
        return (sent, waited);
    }
}
