using Caller.Platform;
using Caller.Tests.Check;
using Caller.Tests.Servers;

namespace Caller.Tests.Platform;

/// <summary>What each platform's client makes of the same kinds of answer.</summary>
public sealed class AnswerReaderTests
{
    private static readonly string[] TwoCallsInOneChunk = [Tools(Canned.Call("one", index: 0, id: "a"), Canned.Call("two", index: 1, id: "b")), Canned.Delta("{}", "tool_calls")];
    private static readonly string[] TwoCallsInTwoChunks = [Tools(Canned.Call("one", index: 0, id: "a")), Tools(Canned.Call("two", index: 1, id: "b")), Canned.Delta("{}", "tool_calls")];
    private static readonly string[] InPieces = [Tools(Canned.Call("one", "{\"a\":")), Tools(Canned.Call(null, "1}", id: null)), Canned.Delta("{}", "tool_calls")];
    private static readonly string[] TextBeside = [Canned.Delta("{\"content\":\"Bye.\",\"tool_calls\":[" + Canned.Call("one") + "]}"), Canned.Delta("{}", "tool_calls")];
    private static readonly string[] NoReason = [Tools(Canned.Call("one"))];
    private static readonly string[] StopAfterCall = [Tools(Canned.Call("one")), Canned.Delta("{}", "stop")];
    private static readonly string[] IndexOne = [Tools(Canned.Call("one", index: 1)), Canned.Delta("{}", "tool_calls")];
    private static readonly string[] NoId = [Tools(Canned.Call("one", id: null)), Canned.Delta("{}", "tool_calls")];
    private static readonly string[] LegacyCall = [Canned.Delta("{\"function_call\":{\"name\":\"one\",\"arguments\":\"{}\"}}"), Canned.Delta("{}", "function_call")];
    private static readonly string[] Thinking = [Canned.Delta("{\"content\":\"<thi\"}"), Canned.Delta("{\"content\":\"nk>no</think>ye\"}"), Canned.Delta("{\"content\":\"s<\"}"), Canned.Delta("{}", "stop")];

    public static TheoryData<string, string[], string, string, string?> Rows => new()
    {
        // platform, chunks, spoken, calls, what is said of the rest
        { "openai", TwoCallsInOneChunk, "", "one{} two{}", null },
        { "pipecat", TwoCallsInOneChunk, "", "one{}", "the call of two is not made: it stands in one chunk with another call, of which only the first is read" },
        { "bolna", TwoCallsInOneChunk, "", "one{}", "the call of two is not made: only that of index 0 is" },
        { "livekit", TwoCallsInOneChunk, "", "one{} two{}", null },
        { "livekit", [Tools(Canned.Call("one", index: 0, id: "a"), Canned.Call("two", index: 1, id: "b")).Replace("\"finish_reason\":null", "\"finish_reason\":\"tool_calls\"", StringComparison.Ordinal)], "", "one{}", "the call of two is not made: it stands in one chunk" },
        { "pipecat", TwoCallsInTwoChunks, "", "one{} two{}", null },
        { "livekit", TwoCallsInTwoChunks, "", "one{} two{}", null },
        { "bolna", TwoCallsInTwoChunks, "", "one{}", "the call of two is not made" },
        { "pipecat", InPieces, "", "one{\"a\":1}", null },
        { "livekit", InPieces, "", "one{\"a\":1}", null },
        { "bolna", InPieces, "", "one{\"a\":1}", null },
        { "vapi", InPieces, "", "one{\"a\":1}", null },
        { "openai", TextBeside, "Bye.", "one{}", null },
        { "livekit", TextBeside, "Bye.", "one{}", null },
        { "pipecat", TextBeside, "", "one{}", "\"Bye.\" is not spoken: it stands beside a tool call" },
        { "bolna", TextBeside, "", "one{}", "\"Bye.\" is not spoken" },
        { "pipecat", NoReason, "", "one{}", null },
        { "bolna", NoReason, "", "one{}", null },
        { "vapi", NoReason, "", "", "the call of one is not made: no finish_reason \"tool_calls\" came" },
        { "livekit", NoReason, "", "", "the call of one is not made: no finish_reason \"tool_calls\" or \"stop\" came" },
        { "cartesia", NoReason, "", "", "the call of one is not made" },
        { "vapi", StopAfterCall, "", "", "the call of one is not made: no finish_reason \"tool_calls\" came" },
        { "livekit", StopAfterCall, "", "one{}", null },
        { "bolna", IndexOne, "", "", "KeyError: 0" },
        { "pipecat", IndexOne, "", "{} one{}", null },
        { "livekit", IndexOne, "", "one{}", null },
        { "livekit", NoId, "", "", "the call of one is not made: it has no id" },
        { "vocode", LegacyCall, "", "one{}", null },
        { "vocode", StopAfterCall, "", "", "tool_calls are not read" },
        { "livekit", Thinking, "yes<", "", null },
        { "openai", Thinking, "<think>no</think>yes<", "", null },
        { "vapi", [Canned.Delta("{\"content\":\"One moment.<flush />\"}"), Canned.Delta("{\"content\":\" Here.</FLUSH>\"}"), Canned.Delta("{}", "stop")], "One moment. Here.", "", null },
        { "zego", [Canned.Delta("{\"content\":\"Hello.\"}", "stop"), Canned.Delta("{}", "stop")], "Hello.", "", "nothing is spoken: finish_reason \"stop\" stands in a chunk before the last" },
        { "zego", [Canned.Delta("{\"content\":\"Hello.\"}", ""), Canned.Delta("{}", "stop")], "Hello.", "", null },
        { "elevenlabs", [Canned.Delta("{\"content\":\" \"}"), Canned.Delta("{}", "stop")], " ", "", "the answer is empty" },
        { "openai", [Canned.Delta("{}", "stop")], "", "", null },
        { "trtc", ["{\"id\":\"1\",\"type\":\"meta.info\",\"created\":1793000000,\"metainfo\":{\"card\":\"offer-7\"}}", Canned.Delta("{\"content\":\"Hi.\"}"), Canned.Delta("{}", "stop")], "Hi.", "", null },
        { "agora", ["{\"id\":\"c1\",\"object\":\"chat.completion.custom_metadata\",\"choices\":[],\"metadata\":{\"interruptable\":false}}", Canned.Delta("{\"content\":\"Hi.\"}"), Canned.Delta("{}", "stop")], "Hi.", "", null },
        { "agora", [Canned.Delta("{\"content\":\"Hi.\"}"), "{\"id\":\"c1\",\"object\":\"chat.completion.custom_metadata\",\"choices\":[],\"metadata\":{}}", Canned.Delta("{}", "stop")], "Hi.", "", "metadata counts only in the first chunk" },
        { "cartesia", [Canned.Delta($"{{\"content\":\"{new string('x', 262_144)}\"}}"), Canned.Delta("{}", "stop")], new string('x', 262_144), "", "262144 are the most" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Complete_Answer_IsReadAsTheClientReadsIt(string platform, string[] chunks, string spoken, string calls, string? rest)
    {
        var heard = Read(platform, Canned.Stream(chunks).Body);

        Assert.Equal(spoken, heard.Text);
        Assert.Equal(calls, string.Join(' ', heard.Calls.Select(call => call.Name + call.Arguments)));
        var said = string.Join("; ", heard.Lost.Append(heard.Failure).Where(what => what is not null));
        Assert.True(rest is null ? said.Length == 0 : said.Contains(rest, StringComparison.Ordinal), said);
    }

    [Fact]
    public void Complete_DataWithoutABlank_IsNotReadByZego() =>
        Assert.Contains("without a blank", Read("zego", Canned.Says("Hi.").Body.Replace("data: ", "data:", StringComparison.Ordinal)).Failure, StringComparison.Ordinal);

    private static string Tools(params string[] calls) => Canned.Delta("{\"tool_calls\":[" + string.Join(',', calls) + "]}");

    private static HeardAnswer Read(string platform, string body)
    {
        var exchange = Seen.Stream("answer", body).Exchange;
        var reader = new AnswerReader(VoicePlatforms.Find(platform)!);
        foreach (var frame in exchange.Frames)
        {
            reader.Push(frame);
        }

        return reader.Complete(exchange);
    }
}
