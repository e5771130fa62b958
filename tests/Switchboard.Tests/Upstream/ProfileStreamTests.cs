using Switchboard.Contract;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>What each service of the table of profiles sends is read rightly by the client that is set up for it.</summary>
public sealed class ProfileStreamTests : IAsyncDisposable
{
    private const string Hours = """get_hours {"day":"monday"}""";

    private readonly UpstreamFactory _clients = new();

    // Service, text, reasoning, calls, finish reason, tokens: in, out, cached, of reasoning.
    public static TheoryData<UpstreamService, string, string, string, string, string> Streams => new()
    {
        { UpstreamService.Unknown, "We open at nine.", "", "", "stop", "5 6  " },
        { UpstreamService.OpenAI, "We open at 8\u202fa.m.\n\u201cbright and early\u201d \ud83c\udf05", "", "", "stop", "1117 46 1024 12" },
        { UpstreamService.AzureOpenAI, "Your parcel arrives today.", "", "", "stop", "20 5 0 0" },
        { UpstreamService.DashScope, "好的,请稍等。", "用户想改签。", """rebook {"航班":"CA937"}""", "tool_calls", "244 97 128 60" },
        { UpstreamService.DeepSeek, "9.8 is greater.", "9.11 or 9.8?", "", "stop", "17 190 0 150" },
        { UpstreamService.Gemini, "One moment, please.", "", Hours, "tool_calls", "40 21  " },
        { UpstreamService.Mistral, "We open at nine.", "", Hours, "tool_calls", "30 18  " },
        { UpstreamService.Groq, "We open at nine.", "Hours. ", "", "stop", "70 20  8" },
        { UpstreamService.XAI, "Let me see.", "Look it up.", Hours, "tool_calls", "300 30 256 20" },
        { UpstreamService.Moonshot, "Let me see.", "Look it up.", Hours, "tool_calls", "80 22 64 " },
        { UpstreamService.Zhipu, "我们九点开门。", "用户问时间。", "", "stop", "12 9 4 " },
        { UpstreamService.OpenRouter, "We open at nine.", "Hours.", "", "stop", "50 12 0 3" },
        { UpstreamService.Vllm, "One moment.", "They want the weather.", """weather {"city":"Genève"}""", "tool_calls", "151 52  " },
        { UpstreamService.Sglang, "We open at nine.", "Hours.", "", "stop", "20 13  " },
        { UpstreamService.LlamaCpp, "Sure, the code is 日本 42", "", "", "length", "14 8  " },
        { UpstreamService.Ollama, "Booking.", "Book it then.", """book {"time":"19:00"}""", "tool_calls", "165 40  " },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Read_StreamOfTheService_IsWhatItSays(UpstreamService service, string text, string reasoning, string calls, string finishReason, string tokens)
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(ProfileStreams.All[service]));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl, options => options.Profile = service), TestContext.Current.CancellationToken);

        Assert.Null(heard.Failure);
        Assert.Equal((text, reasoning), (heard.Text, heard.Reasoning));
        Assert.Equal(calls, string.Join("; ", heard.Calls.Select(call => $"{call.Name} {ToolCallJson.Arguments(call).Replace("\": \"", "\":\"", StringComparison.Ordinal)}")));
        Assert.Equal(finishReason, Assert.Single(heard.FinishReasons).Value);
        var usage = Assert.Single(heard.Usage);
        Assert.Equal(tokens, $"{usage.InputTokenCount} {usage.OutputTokenCount} {usage.CachedInputTokenCount} {usage.ReasoningTokenCount}");
    }

    [Fact]
    public void Streams_OfAllServices_AreThere() =>
        Assert.Equal(Enum.GetValues<UpstreamService>(), Streams.Select(row => row.Data.Item1).Order());

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
