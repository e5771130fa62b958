using System.Text;

namespace Switchboard.Tests.Upstream;

/// <summary>The faults and oddities of <see cref="UpstreamFaultTests"/> by the name that its rows have for them.</summary>
internal static class FaultCases
{
    private const string Chunk = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello there.\"},\"finish_reason\":null}]}";
    private const string Finish = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

    public static IReadOnlyDictionary<string, Behaviour> Failing { get; } = new Dictionary<string, Behaviour>
    {
        ["reset before headers"] = Faults.ResetBeforeHeaders(),
        ["reset before an event"] = Faults.ResetBeforeEvent(),
        ["reset in an event"] = Faults.ResetInEvent(),
        ["no finish reason"] = Faults.NoFinish(),
        ["no finish reason but [DONE]"] = Faults.Stream(Sse.Text("Hello ") + Sse.Done),
        ["tool call without finish reason"] = Faults.Stream(Sse.Delta("""{"tool_calls":[{"index":0,"id":"c","function":{"name":"hangup","arguments":"{}"}}]}""")),
        ["empty body"] = Faults.Stream("\n"),
        ["no content"] = exchange => exchange.SendRawAsync("HTTP/1.1 204 No Content\r\n\r\n"),
        ["reasoning only"] = Faults.ReasoningOnly(),
        ["finish only"] = Faults.Stream(Sse.Role + Sse.Finish() + Sse.Done),
        ["invalid JSON"] = Faults.InvalidJson(),
        ["JSON that is no object"] = Faults.Stream("data: 17\n\n"),
        ["HTML page"] = Faults.Html(),
        ["HTML page called an event stream"] = Faults.Stream("<html><body>Busy</body></html>"),
        ["plain text"] = Faults.Stream("Not found", "text/plain"),
        ["JSON of something else"] = Faults.Stream("""{"detail":"secret prompt"}""", "application/json"),
        ["cut JSON"] = Faults.Stream("""{"choices":[{"message":{"content":"secret""", "application/json"),
        ["no gzip"] = async exchange =>
        {
            await exchange.StartAsync(headers: "Content-Encoding: gzip");
            await exchange.SendAsync(Sse.Answer("Hello there."));
            await exchange.EndAsync();
        },
        ["no brotli"] = async exchange =>
        {
            await exchange.StartAsync(headers: "Content-Encoding: br");
            await exchange.SendAsync(Sse.Answer("Hello there."));
            await exchange.EndAsync();
        },
        ["JSON error"] = Faults.JsonError(),
        ["JSON error as text"] = Faults.JsonError("\"model 'secret' not found\""),
        ["JSON error that blames the request"] = Faults.JsonError("""{"message":"secret","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}"""),
        ["error event"] = Faults.ErrorEvent(),
        ["error event with code 404 as text"] = Faults.ErrorEvent("""{"message":"secret","code":"404"}"""),
        ["event called error"] = Faults.Stream(Sse.Text("Hello ") + "event: error\ndata: {\"message\":\"secret\"}\n\n"),
        ["error beside a finish reason"] = Faults.Stream(
            Sse.Text("Hello ") + "data: {\"error\":{\"code\":502,\"message\":\"secret\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n"),
        ["10 MB event"] = Faults.HugeEvent(),
        ["10 MB of arguments"] = Faults.Stream(string.Concat(Enumerable.Repeat(
            Sse.Delta($$$"""{"tool_calls":[{"index":0,"id":"c","function":{"name":"hangup","arguments":"{{{new string(' ', 100_000)}}}"}}]}"""), 100))),
        ["400"] = Faults.Status(400),
        ["401"] = Faults.Status(401),
        ["403"] = Faults.Status(403),
        ["404"] = Faults.Status(404),
        ["408"] = Faults.Status(408),
        ["413"] = Faults.Status(413),
        ["429"] = Faults.Status(429),
        ["500"] = Faults.Status(500),
        ["503"] = Faults.Status(503),
        ["503 as HTML"] = Faults.Html(503),
    };

    public static IReadOnlyDictionary<string, Behaviour> Harmless { get; } = new Dictionary<string, Behaviour>
    {
        ["one-byte packets"] = Faults.OneBytePackets(),
        ["good UTF-8 cut between packets"] = Faults.SplitUtf8("Zürich 東京 🙂"),
        ["invalid UTF-8"] = Faults.InvalidUtf8(),
        ["surrogate pair in two chunks"] = Faults.Stream(
            Sse.Delta("""{"content":"\ud83d"}""") + Sse.Delta("""{"content":"\ude42\u0020hi"}""") + Sse.Finish() + Sse.Done),
        ["duplicate finish"] = Faults.DuplicateFinish(),
        ["garbage after [DONE]"] = Faults.GarbageAfterDone(),
        ["no [DONE]"] = Faults.Stream(Sse.Text("Hello there.") + Sse.Finish()),
        ["reset after the finish reason"] = async exchange =>
        {
            await exchange.StartAsync();
            await exchange.SendAsync(Sse.Text("Hello there.") + Sse.Finish());
            exchange.Reset();
        },
        ["error after the finish reason"] = Faults.Stream(Sse.Text("Hello there.") + Sse.Finish() + "data: {\"error\":{\"code\":500}}\n\n"),
        ["byte order mark"] = Faults.Cut(Encoding.UTF8.GetBytes("\ufeff" + Sse.Answer("Hello there.")), [1, 1, 1]),
        ["CR"] = Faults.Stream(Sse.Answer("Hello there.").ReplaceLineEndings("\r")),
        ["CRLF"] = Faults.Stream(Sse.Answer("Hello there.").ReplaceLineEndings("\r\n")),
        ["comments and other fields"] = Faults.Stream(
            $": OPENROUTER PROCESSING\n\nid: 1\nevent: result\n:HTTP_STATUS/200\ndata:{Chunk}\nretry: 5\n\n: ping\n\ndata:{Finish}\n\n"),
        ["data in several lines"] = Faults.Stream($"data: {Chunk.Replace(",", ",\ndata: ", StringComparison.Ordinal)}\n\ndata: {Finish}\n\n"),
        ["empty events"] = Faults.Stream($"\n\ndata:\n\ndata: {Chunk}\n\ndata: \n\ndata: {Finish}\n\n"),
        ["several choices"] = Faults.Stream(
            $"data: {Chunk}\n\ndata: {Chunk.Replace("0", "1", StringComparison.Ordinal)}\n\ndata: {Finish.Replace("0", "1", StringComparison.Ordinal).Replace("stop", "length", StringComparison.Ordinal)}\n\ndata: {Finish}\n\n"),
        ["several choices, index last"] = Faults.Stream(
            """data: {"choices":[{"delta":{"content":"Not this."},"finish_reason":"length","index":1},{"delta":{"content":"Hello there."},"finish_reason":"stop","index":0}]}""" + "\n\n"),
        ["other objects"] = Faults.Stream($"data: {{\"type\":\"ping\"}}\n\ndata: {{\"choices\":null,\"error\":null,\"usage\":null}}\n\ndata: {Chunk}\n\ndata: {Finish}\n\n"),
        ["wrong content type"] = Faults.Stream(Sse.Answer("Hello there."), "application/json"),
        ["content in parts"] = Faults.Stream(
            Sse.Delta("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hmm."}]},{"type":"text","text":"Hello "}]}""") + Sse.Text("there.") + Sse.Finish()),
    };
}
