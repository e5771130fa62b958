using System.Text.Json;
using static Switchboard.Tests.Memory.MemoryRig;

namespace Switchboard.Tests.Memory;

/// <summary>What tools have done stays known to the later turns of the call: the request that the upstream gets, to the letter.</summary>
public sealed class RecallTests
{
    private const string Booked = """{"role":"assistant","tool_calls":[{"id":"call_0","type":"function","function":{"name":"book","arguments":"{\"city\": \"Bonn\"}"}}]},{"role":"tool","tool_call_id":"call_0","content":"booking 1"}""";

    private const string Book = """{"city": "Bonn"}""";

    [Fact]
    public async Task Post_ThreeTurns_UpstreamIsToldWhatTheToolDidAtItsPlace()
    {
        await using var call = await RecalledCall.StartAsync(
            [ScriptedCall.Call("book", Book) + Tools, Sse.Text("It is booked.") + Stop, Sse.Text("At eight.") + Stop, Sse.Text("Bye.") + Stop]);

        await call.SayAsync(Ims("call-1", "1", "system:You book.", "assistant:Hello.", "user:A table, please."));
        await call.SayAsync(Ims("call-1", "2", "system:You book.", "assistant:Hello.", "user:A table, please.", "assistant:It is booked.", "user:When?"));
        await call.SayAsync(Ims("call-1", "3", "system:You book.", "assistant:Hello.", "user:A table, please.", "assistant:It is booked.", "user:When?", "assistant:At eight.", "user:Bye"));

        const string Begin = """{"role":"system","content":"You book."},{"role":"assistant","content":"Hello."},{"role":"user","content":"A table, please."}""";
        Assert.Equal($"[{Begin}]", call.Asked(0));
        Assert.Equal($"[{Begin},{Booked}]", call.Asked(1));
        Assert.Equal($$"""[{{Begin}},{{Booked}},{"role":"assistant","content":"It is booked."},{"role":"user","content":"When?"}]""", call.Asked(2));
        Assert.Equal(
            $$"""[{{Begin}},{{Booked}},{"role":"assistant","content":"It is booked."},{"role":"user","content":"When?"},{"role":"assistant","content":"At eight."},{"role":"user","content":"Bye"}]""",
            call.Asked(3));
        Assert.Equal(1, call.Server.Bookings);
    }

    // TRTC sends no history unless it is told to; IMS sends the last 20 records.
    [Theory]
    [InlineData("user:When?")]
    [InlineData("assistant:It is booked.", "user:When?")]
    public async Task Post_WordsAreNoLongerInTheHistory_StandBeforeAllOfIt(params string[] later)
    {
        await using var call = await RecalledCall.StartAsync([ScriptedCall.Call("book", Book) + Tools, Sse.Text("It is booked.") + Stop, Sse.Text("At eight.") + Stop]);

        await call.SayAsync(Ims("call-1", "1", "system:You book.", "user:A table, please."));
        await call.SayAsync(Ims("call-1", "2", ["system:You book.", .. later]));

        Assert.StartsWith(
            $$"""[{"role":"system","content":"You book."},{"role":"user","content":"A table, please."},{{Booked}},{"role":"{{later[0].Split(':')[0]}}","content":""",
            call.Asked(2),
            StringComparison.Ordinal);
    }

    // The same words again are the next turn's, though they are the only ones that are sent.
    [Fact]
    public async Task Post_SameWordsWithoutAHistory_AreNotTakenForThoseOfTheTool()
    {
        await using var call = await RecalledCall.StartAsync([ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop]);

        await call.SayAsync(Ims("call-1", "1", "user:Yes"));
        await call.SayAsync(Ims("call-1", "2", "user:Yes"));

        Assert.Equal($$"""[{"role":"user","content":"Yes"},{{Booked}},{"role":"user","content":"Yes"}]""", call.Asked(2));
    }

    [Fact]
    public async Task Post_HistoryIsCutAndTheWordsAreInIt_StandBehindThem()
    {
        await using var call = await RecalledCall.StartAsync([ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop]);

        await call.SayAsync(Vapi("call-1", "user:Hi", "assistant:Yes?", "user:Yes", "assistant:Sure?", "user:Yes"));
        await call.SayAsync(Vapi("call-1", "user:Yes", "assistant:Sure?", "user:Yes", "assistant:Booked.", "user:Thanks"));

        Assert.Equal(
            $$"""[{"role":"user","content":"Yes"},{"role":"assistant","content":"Sure?"},{"role":"user","content":"Yes"},{{Booked}},{"role":"assistant","content":"Booked."},{"role":"user","content":"Thanks"}]""",
            call.Asked(2));
    }

    [Fact]
    public async Task Post_CallerWentOnSpeakingWhileTheToolRan_IsToldOfItAtTheNewWords()
    {
        await using var call = await RecalledCall.StartAsync(
            [ScriptedCall.Call("book", Book) + Tools, ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Bye.") + Stop]);
        call.Server.IsGated = true;
        var first = call.SayAsync(Vapi("call-1", "user:Hi", "assistant:Yes?", "user:A table"));
        await call.Server.BegunAsync();

        var second = call.SayAsync(Vapi("call-1", "user:Hi", "assistant:Yes?", "user:A table for two"));
        await first;
        await call.AskedAsync(2);
        call.Server.Release();
        await second;
        await call.SayAsync(Vapi("call-1", "user:Hi", "assistant:Yes?", "user:A table for two", "assistant:Booked.", "user:Bye"));

        const string Begin = """{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"A table for two"}""";
        var running = Booked.Replace("booking 1", "The tool is still running, and what comes of it is not known yet. Do not call it again for the same thing.", StringComparison.Ordinal);
        Assert.Equal($"[{Begin},{running}]", call.Asked(1));
        Assert.Equal($$"""[{{Begin}},{{Booked}},{"role":"assistant","content":"Booked."},{"role":"user","content":"Bye"}]""", call.Asked(3));
        Assert.Equal(1, call.Server.Bookings);
    }

    [Fact]
    public async Task Post_ClientSendsTheRoundItself_IsNotDoubledNorParted()
    {
        await using var call = await RecalledCall.StartAsync([ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop, Sse.Text("Bye.") + Stop]);
        const string Paid = """{"role":"assistant","content":null,"tool_calls":[{"id":"p","type":"function","function":{"name":"pay","arguments":"{}"}}]}""";
        const string Result = """{"role":"tool","tool_call_id":"p","content":"paid"}""";
        const string Calls = """{"role":"assistant","tool_calls":[{"id":"p","type":"function","function":{"name":"pay","arguments":"{}"}}]},{"role":"tool","tool_call_id":"p","content":"paid"}""";
        await call.SayAsync(Ims("call-1", "1", "user:A table"));

        await call.SayAsync(Ims("call-1", "1", "user:A table", Paid, Result));
        await call.SayAsync(Ims("call-1", "2", "user:A table", Paid, Result, Booked.Split("},{\"role\":\"tool\"")[0] + "}", $$"""{"role":"tool"{{Booked.Split("},{\"role\":\"tool\"")[1]}}""", "assistant:Booked.", "user:Bye"));

        Assert.Equal($$"""[{"role":"user","content":"A table"},{{Booked}},{{Calls}}]""", call.Asked(2));
        Assert.Equal($$"""[{"role":"user","content":"A table"},{{Calls}},{{Booked}},{"role":"assistant","content":"Booked."},{"role":"user","content":"Bye"}]""", call.Asked(3));
    }

    [Fact]
    public async Task Post_HistoryIsShort_CountsTheRoundAndKeepsItWhole()
    {
        await using var call = await RecalledCall.StartAsync(
            [ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop, Sse.Text("Bye.") + Stop], ("History:MaxMessages", "4"));

        await call.SayAsync(Ims("call-1", "1", "user:A table"));
        await call.SayAsync(Ims("call-1", "2", "user:A table", "assistant:Booked.", "user:When?"));
        await call.SayAsync(Ims("call-1", "3", "user:A table", "assistant:Booked.", "user:When?", "assistant:At eight.", "user:Bye"));

        Assert.Equal($$"""[{{Booked}},{"role":"assistant","content":"Booked."},{"role":"user","content":"When?"}]""", call.Asked(2));
        Assert.Equal("""[{"role":"assistant","content":"Booked."},{"role":"user","content":"When?"},{"role":"assistant","content":"At eight."},{"role":"user","content":"Bye"}]""", call.Asked(3));
    }

    [Fact]
    public async Task Post_ServiceWantsItsSignatureBack_GetsItInLaterTurns()
    {
        const string Signed = """{"tool_calls":[{"index":0,"id":"call_0","type":"function","function":{"name":"book","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s-1"}}}]}""";
        await using var call = await RecalledCall.StartAsync(
            [Sse.Delta(Signed) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop], ("Upstreams:0:Profile", "Gemini"));

        await call.SayAsync(Ims("call-1", "1", "user:A table"));
        await call.SayAsync(Ims("call-1", "2", "user:A table", "assistant:Booked.", "user:When?"));

        Assert.Contains("""{"name":"book","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s-1"}}}]},{"role":"tool",""", call.Asked(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_LongResult_IsCutInLaterTurnsToTheSameEachTime()
    {
        await using var call = await RecalledCall.StartAsync(
            [ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop, Sse.Text("Bye.") + Stop]);
        call.Server.Result = new string('x', 10_000);

        await call.SayAsync(Ims("call-1", "1", "user:A table"));
        await call.SayAsync(Ims("call-1", "2", "user:A table", "assistant:Booked.", "user:When?"));
        await call.SayAsync(Ims("call-1", "3", "user:A table", "assistant:Booked.", "user:When?", "assistant:At eight.", "user:Bye"));

        Assert.Contains($"\"{call.Server.Result}\"", call.Asked(1), StringComparison.Ordinal);
        Assert.Contains($"\"{call.Server.Result[..4096]}\\n[The rest of the result is left out here.]\"", call.Asked(2), StringComparison.Ordinal);
        Assert.StartsWith(call.Asked(2)[..^1], call.Asked(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OtherCallOrKey_IsToldNothing()
    {
        await using var call = await RecalledCall.StartAsync(
            [ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop, Sse.Text("Bye.") + Stop], ("/Access:ApiKeys:1", TestHost.OtherKey));

        await call.SayAsync(Ims("call-1", "1", "user:A table"));
        await call.SayAsync(Ims("call-2", "2", "user:A table", "assistant:Booked.", "user:When?"));
        await call.SayAsync(Ims("call-1", "2", "user:A table", "assistant:Booked.", "user:When?"), TestHost.OtherKey);

        Assert.DoesNotContain("booking", call.Asked(2) + call.Asked(3), StringComparison.Ordinal);
    }

    /// <summary>Ids that somebody chose who means harm: each is a call of its own, and is as good as any.</summary>
    [Theory]
    [InlineData("long")]
    [InlineData("a/b\\c#d?e")]
    [InlineData("\u0000\u0001")]
    [InlineData("\u202Eabc")]
    [InlineData("\ud83d")]
    [InlineData("..")]
    public async Task Post_HostileIds_AreIdsLikeOthers(string id)
    {
        id = id == "long" ? new string('x', 256) : id;
        await using var call = await RecalledCall.StartAsync([ScriptedCall.Call("book", Book) + Tools, Sse.Text("Booked.") + Stop, Sse.Text("Fine.") + Stop]);

        await call.SayAsync(Ims(id, "1", "user:A table"));
        await call.SayAsync(Ims(id, "2", "user:A table", "assistant:Booked.", "user:When?"));

        Assert.Equal($$"""[{"role":"user","content":"A table"},{{Booked}},{"role":"assistant","content":"Booked."},{"role":"user","content":"When?"}]""", call.Asked(2));
    }

    private static string Tools => ScriptedCall.End("tool_calls");

    private static string Stop => ScriptedCall.End();

    /// <summary>An app with a booking server in front of a scripted upstream.</summary>
    private sealed class RecalledCall : IAsyncDisposable
    {
        private readonly FaultyUpstream _upstream;
        private readonly TestHost _app;
        private int _asked;

        private RecalledCall(BookingServer server, FaultyUpstream upstream, TestHost app) => (Server, _upstream, _app) = (server, upstream, app);

        public BookingServer Server { get; }

        public static async Task<RecalledCall> StartAsync(string[] rounds, params (string Name, string Value)[] settings)
        {
            var server = await BookingServer.StartAsync();
            var upstream = FaultyUpstream.Start([.. rounds.Select(round => Failures.Stream(Sse.Role + round))]);
            var values = new Dictionary<string, string?>
            {
                ["Models:1:Id"] = "fake",
                ["Models:1:Responder"] = "upstream",
                ["Models:1:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString(),
                ["Models:1:Tools:Mcp:0:Url"] = server.Url.AbsoluteUri,
            };
            foreach (var (name, value) in settings)
            {
                values[name.StartsWith('/') ? name[1..] : $"Models:1:{name}"] = value;
            }

            var app = await TestHost.StartAsync(settings: values);
            await app.WaitForLogAsync(410);
            return new RecalledCall(server, upstream, app);
        }

        /// <summary>The messages of a request that the upstream got.</summary>
        public string Asked(int request) => JsonMessages(_upstream.Requests.Where(asked => asked.Method == "POST").ElementAt(request).Json);

        /// <summary>Waits until the upstream got so many requests.</summary>
        public async Task AskedAsync(int requests)
        {
            while (_asked < requests)
            {
                await TurnRig.NextTurnAsync(_upstream);
                _asked++;
            }
        }

        public async Task SayAsync(string body, string key = TestHost.Key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(body), Headers = { Authorization = new("Bearer", key) } };
            using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
            await TextAsync(response);
        }

        public async ValueTask DisposeAsync()
        {
            Server.Release();
            await _app.DisposeAsync();
            await _upstream.DisposeAsync();
            await Server.DisposeAsync();
        }

        private static string JsonMessages(JsonElement request) => request.GetProperty("messages").GetRawText();
    }
}
