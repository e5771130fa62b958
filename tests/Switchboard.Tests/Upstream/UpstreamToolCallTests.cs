using System.Globalization;
using Switchboard.Contract;

namespace Switchboard.Tests.Upstream;

/// <summary>Tool calls as servers really write them.</summary>
public sealed class UpstreamToolCallTests : IAsyncDisposable
{
    private readonly UpstreamFactory _clients = new();

    // Fragments (one delta a line), calls.
    public static TheoryData<string, string> Calls => new()
    {
        {
            // No index: the fragment without a name goes on with the last call, a name begins another.
            """
            {"tool_calls":[{"id":"a","function":{"name":"one","arguments":"{\"x\""}}]}
            {"tool_calls":[{"function":{"arguments":":1}"}}]}
            {"tool_calls":[{"id":"b","function":{"name":"two","arguments":"{}"}}]}
            """,
            """a one {"x":1}; b two {}"""
        },
        {
            // No index, the id repeated.
            """
            {"tool_calls":[{"id":"a","function":{"name":"one","arguments":"{\"x\""}}]}
            {"tool_calls":[{"id":"a","function":{"name":"one","arguments":":1}"}}]}
            """,
            """a one {"x":1}"""
        },
        {
            // All numbered 0 (older Ollama, Gemini's compatible API).
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{}"}}]}
            {"tool_calls":[{"index":0,"id":"b","function":{"name":"one","arguments":"{\"x\":2}"}}]}
            """,
            """a one {}; b one {"x":2}"""
        },
        {
            // Fragments of two calls in turn.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\""}},{"index":1,"id":"b","function":{"name":"two"}}]}
            {"tool_calls":[{"index":1,"function":{"arguments":"{\"y\""}}]}
            {"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"function":{"arguments":":2}"}}]}
            """,
            """a one {"x":1}; b two {"y":2}"""
        },
        {
            // Arguments as an object, and as nothing.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":{"x": 1}}},{"index":1,"id":"b","function":{"name":"two","arguments":null}}]}
            """,
            """a one {"x": 1}; b two {}"""
        },
        {
            // Arguments that are no JSON object are not passed on.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"\\{\\}"}}]}
            """,
            "a one {}"
        },
        {
            // A name that stands there twice in the arguments.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\":1,\"x\":2}"}}]}
            """,
            """a one {"x":1,"x":2}"""
        },
        {
            // Half a surrogate pair, as an escape of the event, of the arguments, and of a name in them: no client could read it.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\":\"\ud83d\"}"}}]}
            {"tool_calls":[{"index":1,"id":"b","function":{"name":"two","arguments":"{\"x\":[\"\\ud83d\"]}"}}]}
            {"tool_calls":[{"index":2,"id":"c","function":{"name":"three","arguments":"{\"\\ude00\":1}"}}]}
            """,
            "a one {}; b two {}; c three {}"
        },
        {
            // A whole pair, as two escapes.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\":\"\\ud83d\\ude00\"}"}}]}
            """,
            """a one {"x":"\ud83d\ude00"}"""
        },
        {
            // The older form.
            """
            {"function_call":{"name":"one","arguments":"{\"x\""}}
            {"function_call":{"arguments":":1}"}}
            """,
            """* one {"x":1}"""
        },
        {
            // Neither index nor id: in one event, and one after the other.
            """
            {"tool_calls":[{"function":{"name":"one","arguments":"{}"}},{"function":{"name":"two","arguments":"{}"}},{"function":{"name":"two","arguments":"{\"x\":1}"}}]}
            {"tool_calls":[{"function":{"name":"one","arguments":"{\"y\":1}"}}]}
            """,
            """* one {}; * two {}; * two {"x":1}; * one {"y":1}"""
        },
        {
            // All numbered 0, without ids: other names, and the same one with whole arguments.
            """
            {"tool_calls":[{"index":0,"function":{"name":"one","arguments":"{\"x\":1}"}}]}
            {"tool_calls":[{"index":0,"function":{"name":"one","arguments":"{\"x\":2}"}}]}
            {"tool_calls":[{"index":0,"function":{"name":"two","arguments":""}}]}
            {"tool_calls":[{"index":0,"function":{"arguments":"{\"y\""}}]}
            {"tool_calls":[{"index":0,"function":{"arguments":":3}"}}]}
            """,
            """* one {"x":1}; * one {"x":2}; * two {"y":3}"""
        },
        {
            // One id for all.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{}"}},{"index":1,"id":"a","function":{"name":"two","arguments":"{}"}}]}
            {"tool_calls":[{"index":1,"id":"a","function":{"name":"three","arguments":"{}"}}]}
            """,
            "a one {}; * two {}; * three {}"
        },
        {
            // The name in every fragment.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\""}}]}
            {"tool_calls":[{"index":0,"function":{"name":"one","arguments":":1}"}}]}
            {"tool_calls":[{"index":0,"function":{"name":"one","arguments":""}}]}
            """,
            """a one {"x":1}"""
        },
        {
            // All so far in every fragment, the whole call again at the end, and an empty object first.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\""}}]}
            {"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":1"}}]}
            {"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":1}"}}]}
            {"tool_calls":[{"index":1,"id":"b","function":{"name":"two","arguments":"{\"y\""}}]}
            {"tool_calls":[{"index":1,"function":{"arguments":":2}"}}]}
            {"tool_calls":[{"index":1,"id":"b","function":{"name":"two","arguments":"{\"y\":2}"}}]}
            {"tool_calls":[{"index":2,"id":"c","function":{"name":"three","arguments":"{}"}}]}
            {"tool_calls":[{"index":2,"function":{"arguments":"{\"z\":3}"}}]}
            """,
            """a one {"x":1}; b two {"y":2}; c three {"z":3}"""
        },
        {
            // None, in other words; and a string that holds the object.
            """
            {"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"null"}},{"index":1,"id":"b","function":{"name":"two","arguments":"[]"}},{"index":2,"id":"c","function":{"name":"three","arguments":" "}}]}
            {"tool_calls":[{"index":3,"id":"d","function":{"name":"four","arguments":"\"{\\\"x\\\":1}\""}},{"index":4,"id":"e","function":{"name":"five","arguments":"\"\""}}]}
            """,
            """a one {}; b two {}; c three {}; d four {"x":1}; e five {}"""
        },
        {
            // No id at all, and fields of unexpected types.
            """
            {"tool_calls":[{"index":"0","id":7,"type":null,"function":{"name":"one","arguments":"{}","extra":[1]}}, null, 5]}
            {"tool_calls":null,"function_call":null,"content":5,"refusal":false,"reasoning":{"a":1}}
            """,
            "* one {}"
        },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Read_Fragments_BecomeWholeCalls(string deltas, string calls)
    {
        var body = string.Concat(deltas.Split('\n').Select(delta => Sse.Delta(delta)));
        await using var upstream = FaultyUpstream.Start(Failures.Stream(body + Sse.Finish("tool_calls") + Sse.Done));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Null(heard.Failure);
        Assert.Equal(calls, string.Join("; ", heard.Calls.Select(call => $"{(call.CallId.StartsWith("call_", StringComparison.Ordinal) ? "*" : call.CallId)} {call.Name} {ToolCallJson.Arguments(call)}")));
    }

    [Theory]
    [InlineData(128, 1, 1, false)]
    [InlineData(129, 1, 1, true)]
    [InlineData(1, 256, 16_384, false)]
    [InlineData(1, 257, 1, true)]
    [InlineData(1, 1, 16_385, true)]
    public async Task Read_MoreOrLongerCallsThanAreTaken_IsAFailure(int count, int nameLength, int idLength, bool fails)
    {
        var calls = string.Join(',', Enumerable.Range(0, count).Select(index =>
            $$$"""{"index":{{{index}}},"id":"{{{index.ToString(CultureInfo.InvariantCulture).PadLeft(idLength, 'i')}}}","function":{"name":"{{{new string('n', nameLength)}}}","arguments":"{}"}}"""));
        await using var upstream = FaultyUpstream.Start(Failures.Stream(Sse.Delta($$"""{"tool_calls":[{{calls}}]}""") + Sse.Finish("tool_calls") + Sse.Done));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(fails ? ResponderFailure.TooLarge : null, heard.Failure?.Failure);
        Assert.Equal(fails ? 0 : count, heard.Calls.Count);
    }

    [Theory]
    [InlineData("[\"x\"]", true)]
    [InlineData("7", true)]
    [InlineData("true", true)]
    [InlineData("[]", false)]
    [InlineData("{}", false)]
    [InlineData("null", false)]
    public async Task Read_ArgumentsOfAnotherType_AreNoneOnlyWhereTheyAreEmpty(string arguments, bool isBroken)
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(
            Sse.Delta($$$"""{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":{{{arguments}}}}}]}""") + Sse.Finish("tool_calls") + Sse.Done));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(isBroken, Assert.Single(heard.Calls).Exception is not null);
    }

    [Fact]
    public async Task Read_WholeJsonAnswer_IsOneUpdate()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(
            """
            {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Goodbye.","reasoning_content":"Done.",
            "tool_calls":[{"id":"a","type":"function","function":{"name":"hangup","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"note","arguments":"{}"}}]},
            "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}
            """, "application/json"));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Null(heard.Failure);
        Assert.Equal(("Goodbye.", "Done.", "hangup note"), (heard.Text, heard.Reasoning, string.Join(' ', heard.Calls.Select(call => call.Name))));
        Assert.Equal(7, Assert.Single(heard.Usage).TotalTokenCount);
    }

    [Fact]
    public async Task Read_WholeJsonAnswerWithoutFinishReason_IsWhole()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream("\n\n {\"choices\":[{\"message\":{\"content\":\"Hello.\"}}]}", "text/event-stream"));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Null(heard.Failure);
        Assert.Equal("Hello.", heard.Text);
    }

    [Fact]
    public async Task Read_UsageWithEveryChunk_IsToldOnce()
    {
        static string WithUsage(int output) => Sse.Text("a").Replace("\"choices\"", $"\"usage\":{{\"prompt_tokens\":5,\"completion_tokens\":{output},\"total_tokens\":{5 + output}}},\"choices\"", StringComparison.Ordinal);
        await using var upstream = FaultyUpstream.Start(Failures.Stream(WithUsage(1) + WithUsage(2) + WithUsage(3) + Sse.Finish() + Sse.Done));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal((5, 3, 8), (heard.Usage.Single().InputTokenCount, heard.Usage.Single().OutputTokenCount, heard.Usage.Single().TotalTokenCount));
    }

    [Theory]
    [InlineData("F04-", "We open at nine.", 5L)]
    [InlineData("F04b-", "We open.", null)]
    [InlineData("F04c-", "We open.", null)]
    [InlineData("D-cumulative-", "We open at nine.", null)]
    public async Task Read_TextRepeated_IsHeardOnce(string input, string text, long? tokens)
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(System.Text.Encoding.UTF8.GetString(RecordedInputs.Read(input))));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Null(heard.Failure);
        Assert.Equal((text, tokens), (heard.Text, heard.Usage.SingleOrDefault()?.TotalTokenCount));
    }

    [Fact]
    public async Task Read_MessageAfterDeltas_AddsNothingTwice()
    {
        const string Call = """[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\":1}"}}]""";
        await using var upstream = FaultyUpstream.Start(Failures.Stream(
            Sse.Reasoning("Hm, ") + Sse.Reasoning("nine.") + Sse.Text("One ") + Sse.Text("moment.") + Sse.Delta($$"""{"tool_calls":{{Call}}}""")
            + $$$"""data: {"choices":[{"index":0,"message":{"content":"One moment. So.","reasoning_content":"Hm, nine.","tool_calls":{{{Call}}}},"finish_reason":"stop"}]}""" + "\n\n" + Sse.Done));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(("One moment. So.", "Hm, nine."), (heard.Text, heard.Reasoning));
        Assert.Equal(("a", """{"x":1}"""), (Assert.Single(heard.Calls).CallId, ToolCallJson.Arguments(heard.Calls[0])));
    }

    // Arguments, the calls.
    [Theory]
    [InlineData("{\\\"x\\\": 1}", "a")]
    [InlineData("{\\\"x\\\": 2}", "a b")]
    public async Task Read_MessageAfterDeltasMakesUpOtherIds_IsTheCallThatIsKnownWhereItAsksForTheSame(string arguments, string ids)
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(
            Sse.Delta("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"one","arguments":"{\"x\":1}"}}]}""")
            + $$$"""data: {"choices":[{"index":0,"message":{"tool_calls":[{"id":"b","function":{"name":"one","arguments":"{{{arguments}}}"}}]},"finish_reason":"tool_calls"}]}""" + "\n\n" + Sse.Done));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(ids, string.Join(' ', heard.Calls.Select(call => call.CallId)));
    }

    [Fact]
    public async Task Read_BreaksWhileAPieceIsHeld_ItIsHeardBeforeTheFailure()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(Sse.Text("We ") + Sse.Text("We open ") + Sse.Finish("error")));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(("We open ", ResponderFailure.GivenUp), (heard.Text, heard.Failure?.Failure));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
