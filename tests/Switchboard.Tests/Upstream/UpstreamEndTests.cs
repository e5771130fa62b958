using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Contract;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>How services end their answers, and what of it is a whole one.</summary>
public sealed class UpstreamEndTests : IAsyncDisposable
{
    private const int Limit = 30_000;
    private const string HangUp = """{"tool_calls":[{"index":0,"id":"c1","function":{"name":"hangup","arguments":"{}"}}]}""";

    private readonly WatchedTime _time = new();
    private readonly UpstreamFactory _clients;

    public UpstreamEndTests() => _clients = new UpstreamFactory(services => services.AddSingleton<TimeProvider>(_time));

    // Body, text, calls, finish reason.
    public static TheoryData<string, string, string, string> Whole => new()
    {
        { Sse.Text("Hi.") + Sse.Done, "Hi.", "", "stop" },
        { Sse.Text("Hi."), "Hi.", "", "stop" },
        { Sse.Text("Bye.") + Sse.Delta(HangUp) + Sse.Done, "Bye.", "hangup", "tool_calls" },
        { Sse.Delta(HangUp), "", "hangup", "tool_calls" },
        // Without the blank line, and without any, after the last event.
        { Sse.Text("Hi.") + Sse.Finish("length").TrimEnd(), "Hi.", "", "length" },
        { Sse.Text("Hi ") + Sse.Text("there.")[..^1], "Hi there.", "", "stop" },
        { Sse.Delta("""{"refusal":"No."}""") + Sse.Done, "", "", "stop" },
        // A finish reason on every chunk.
        { Sse.Delta("""{"content":"Bye "}""", "\"stop\"") + Sse.Delta("""{"content":"now."}""", "\"stop\"") + Sse.Delta(HangUp, "\"stop\"") + Sse.Done, "Bye now.", "hangup", "tool_calls" },
        { Sse.Delta("""{"reasoning_content":"Hm."}""", "\"stop\"") + Sse.Delta("""{"content":"Hi."}""", "\"stop\"") + Sse.Finish("length") + Sse.Done, "Hi.", "", "stop" },
        // What is said after one counts, and so does the reason after that.
        { Sse.Text("One ") + Sse.Finish() + Sse.Text("two") + Sse.Finish("length") + Sse.Done, "One two", "", "length" },
        { Sse.Text("One ") + Sse.Finish() + Sse.Text("two.") + Sse.Text(" Three.") + Sse.Done, "One two. Three.", "", "stop" },
        { Sse.Text("Bye.") + Sse.Finish() + Sse.Delta(HangUp) + Sse.Done, "Bye.", "hangup", "tool_calls" },
        { Sse.Text("Hi.") + Sse.Finish() + Sse.Finish("error") + Sse.Done, "Hi.", "", "stop" },
        { Sse.Text("Hi.").Replace("\"finish_reason\":null", "\"finish_reason\":\"null\"", StringComparison.Ordinal) + Sse.Text(" There.") + Sse.Finish() + Sse.Done, "Hi. There.", "", "stop" },
        { """{"choices":[{"message":{"content":"Hi."},"finish_reason":"EOS"}]}""", "Hi.", "", "stop" },
    };

    public static TheoryData<string, string> Reasons => new()
    {
        { "stop", "stop" },
        { "STOP", "stop" },
        { "eos", "stop" },
        { "eos_token", "stop" },
        { "end_turn", "stop" },
        { "stop_sequence", "stop" },
        { "COMPLETE", "stop" },
        { "length", "length" },
        { "max_tokens", "length" },
        { "MAX_TOKENS", "length" },
        { "max_length", "length" },
        { "model_length", "length" },
        { "content_filter", "content_filter" },
        { "content-filter", "content_filter" },
        { "sensitive", "content_filter" },
        { "SAFETY", "content_filter" },
        { "recitation", "content_filter" },
        { "function_call", "tool_calls" },
        { "tool_use", "tool_calls" },
        // Not yet: the end of the body is the end.
        { "null", "stop" },
        { "", "stop" },
        { " ", "stop" },
    };

    // Body, what is heard, the failure.
    public static TheoryData<string, string, string> Failing => new()
    {
        { Sse.Text("We open at ") + Sse.Finish("error") + Sse.Done, "We open at ", "gave up its answer (error)" },
        { Sse.Text("We open at ") + Sse.Finish("insufficient_system_resource") + Sse.Done, "We open at ", "gave up its answer (insufficient_system_resource)" },
        { Sse.Text("We ") + Sse.Delta("""{"content":"open at "}""", "\"network_error\"") + Sse.Done, "We open at ", "gave up its answer (network_error)" },
        { Sse.Text("We ") + Sse.Finish("abort"), "We ", "gave up its answer (abort)" },
        { Sse.Text("We ") + Sse.Finish("because I say so: secret"), "We ", "gave up its answer" },
        { Sse.Text("We ") + Sse.Finish(new string('m', 500_000)), "We ", "gave up its answer" },
        { Sse.Finish("OTHER"), "", "gave up its answer (OTHER)" },
        { Sse.Delta(HangUp) + Sse.Finish("error") + Sse.Done, "", "gave up its answer (error)" },
        { """{"choices":[{"message":{"content":"We open at "},"finish_reason":"error"}]}""", "We open at ", "gave up its answer (error)" },
        { Sse.Delta("""{"content":"We "}""", "\"stop\"") + """data: {"error":{"code":500}}""" + "\n\n", "We ", "reported an error in its answer, with code 500" },
        { Sse.Text("We ") + """data: {"choices":[{"index":0,"delta":{"content":"open "},"finish_reason":null,"error":{"code":502}}]}""" + "\n\n" + Sse.Done, "We open ", "reported an error in its answer, with code 502" },
        { Sse.Role + Sse.Done, "", "sent an empty answer" },
        { Sse.Reasoning("Hm.") + Sse.Done, "", "sent an empty answer" },
        { Sse.Role, "", "broke off its answer" },
    };

    // After these the connection stays open. The last is whether that they end is waited for longer.
    public static TheoryData<string, string, bool> Open => new()
    {
        { Sse.Text("Hi.") + Sse.Finish(), "Hi.", false },
        { Sse.Delta("""{"content":"Hi."}""", "\"stop\""), "Hi.", false },
        { Sse.Text("Hi") + Sse.Delta("""{"content":" there"}""", "\"stop\""), "Hi there", false },
        { Sse.Text("Hi.") + Sse.Finish() + Sse.Usage, "Hi.", false },
        { Sse.Text("Bye.") + Sse.Delta(HangUp) + Sse.Finish("tool_calls"), "Bye.", false },
        { Sse.Delta("""{"content":"Hi"}""", "\"stop\"") + Sse.Delta("""{"content":" there."}""", "\"stop\"") + Sse.Finish(), "Hi there.", false },
        { Sse.Delta("""{"content":"We open"}""", "\"stop\""), "We open", true },
        { Sse.Delta("""{"content":"We open"}""", "\"stop\"") + Sse.Delta("""{"content":" at nine."}""", "\"stop\""), "We open at nine.", true },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task Read_AnswerEnds_IsWhole(string body, string text, string calls, string finishReason)
    {
        var heard = await HearAsync(Failures.Stream(body));

        Assert.Null(heard.Failure);
        Assert.Equal((text, calls), (heard.Text, string.Join(' ', heard.Calls.Select(call => call.Name))));
        Assert.Equal(finishReason, Assert.Single(heard.FinishReasons).Value);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Read_FinishReason_IsReadForWhatItMeans(string word, string finishReason)
    {
        var heard = await HearAsync(Failures.Stream(Sse.Text("Hi.") + Sse.Finish(word) + Sse.Done));

        Assert.Null(heard.Failure);
        Assert.Equal(finishReason, Assert.Single(heard.FinishReasons).Value);
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task Read_AnswerGivenUp_IsAFailureAfterWhatWasSaid(string body, string text, string failure)
    {
        var heard = await HearAsync(Failures.Stream(body));

        Assert.Equal(text, heard.Text);
        Assert.Empty(heard.Calls);
        Assert.EndsWith($" {failure}.", heard.Failure?.Message, StringComparison.Ordinal);
        Assert.False(heard.Failure!.BlamesRequest);
    }

    [Theory]
    [InlineData("Connection: close\r\n", false)]
    [InlineData("Content-Length: {0}\r\n", true)]
    public async Task Read_BodyWithoutFinishReason_IsWholeWhereItsEndIsKnown(string header, bool isWhole)
    {
        var body = Sse.Text("We open at ");
        var length = string.Format(System.Globalization.CultureInfo.InvariantCulture, header, Encoding.UTF8.GetByteCount(body));

        var heard = await HearAsync(Failures.CloseAfter($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{length}\r\n{body}"));

        Assert.Equal(isWhole ? null : ResponderFailure.Truncated, heard.Failure?.Failure);
        Assert.Equal("We open at ", heard.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_BodyBreaksWithoutFinishReason_IsCutOff(bool hasDoubtfulReason)
    {
        var heard = await HearAsync(async exchange =>
        {
            await exchange.StartAsync();
            await exchange.SendAsync(hasDoubtfulReason ? Sse.Delta("""{"content":"We open at "}""", "\"stop\"") : Sse.Text("We open at "));
            exchange.Close();
        });

        Assert.Equal((ResponderFailure.Truncated, "We open at "), (heard.Failure?.Failure, heard.Text));
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Open))]
    public async Task Read_OpenAfterFinishReason_EndsWithoutIt(string body, string text, bool mayGoOn)
    {
        var hearing = HearAsync(async exchange =>
        {
            await exchange.StartAsync();
            await exchange.SendAsync(body);
            // What is no part of the answer keeps it no longer.
            await exchange.SendAsync(": ping\n\n: ping\n\ndata: {\"type\":\"ping\"}\n\n");
            await exchange.SilenceAsync();
        });

        var tail = mayGoOn ? UpstreamAnswer.MaxDoubtfulTail : UpstreamAnswer.MaxTail;
        await _time.WaitForChangeAsync(tail, TestContext.Current.CancellationToken);
        while (!hearing.IsCompleted)
        {
            // The rest of the body may still be on its way.
            _time.Advance(tail);
            await Task.Yield();
        }

        var heard = await hearing;
        Assert.Null(heard.Failure);
        Assert.Equal(text, heard.Text);
        Assert.Single(heard.FinishReasons);
    }

    [Fact]
    public void Read_Tail_IsOverWithinAQuarterOfASecond() => Assert.InRange(UpstreamAnswer.MaxTail, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(249));

    [Theory]
    [InlineData("F01-")]
    [InlineData("F01c-")]
    [InlineData("F03-")]
    [InlineData("F05-")]
    [InlineData("F05b-")]
    public async Task Read_Input_IsWhatItsTableSays(string input)
    {
        var heard = await HearAsync(Failures.Stream(Encoding.UTF8.GetString(RecordedInputs.Read(input))));

        var (text, calls, failure) = input switch
        {
            "F01-" => ("We open at nine.", "", null),
            "F01c-" => ("Bye now.", "hangup", null),
            "F03-" => ("Bye now. ", "hangup", null),
            _ => ("We open at ", "", (ResponderFailure?)ResponderFailure.GivenUp),
        };
        Assert.Equal((text, calls, failure), (heard.Text, string.Join(' ', heard.Calls.Select(call => call.Name)), heard.Failure?.Failure));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private async Task<Heard> HearAsync(Behaviour behaviour)
    {
        await using var upstream = FaultyUpstream.Start(behaviour);
        return await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);
    }
}
