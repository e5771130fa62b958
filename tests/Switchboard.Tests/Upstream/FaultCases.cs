using System.Text;

namespace Switchboard.Tests.Upstream;

/// <summary>The failures and oddities of <see cref="UpstreamFaultTests"/> by the name that its rows have for them.</summary>
internal static class FaultCases
{
    private const string Chunk = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello there.\"},\"finish_reason\":null}]}";
    private const string Finish = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

    public static IReadOnlyDictionary<string, Behaviour> Failing { get; } = new Dictionary<string, Behaviour>
    {
        ["reset before headers"] = Failures.ResetBeforeHeaders(),
        ["reset before an event"] = Failures.ResetBeforeEvent(),
        ["reset in an event"] = Failures.ResetInEvent(),
        ["empty body"] = Failures.Stream("\n"),
        ["no content"] = exchange => exchange.SendRawAsync("HTTP/1.1 204 No Content\r\n\r\n"),
        ["reasoning only"] = Failures.ReasoningOnly(),
        ["finish only"] = Failures.Stream(Sse.Role + Sse.Finish() + Sse.Done),
        ["invalid JSON"] = Failures.InvalidJson(),
        ["JSON that is no object"] = Failures.Stream("data: 17\n\n"),
        ["HTML page"] = Failures.Html(),
        ["HTML page called an event stream"] = Failures.Stream("<html><body>Busy</body></html>"),
        ["plain text"] = Failures.Stream("Not found", "text/plain"),
        ["JSON of something else"] = Failures.Stream("""{"detail":"secret prompt"}""", "application/json"),
        ["cut JSON"] = Failures.Stream("""{"choices":[{"message":{"content":"secret""", "application/json"),
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
        ["JSON error"] = Failures.JsonError(),
        ["JSON error as text"] = Failures.JsonError("\"model 'secret' not found\""),
        ["JSON error that blames the request"] = Failures.JsonError("""{"message":"secret","type":"invalid_request_error","param":null,"code":"context_length_exceeded"}"""),
        ["JSON error that blames the request, with status 401"] = Failures.JsonError("""{"message":"secret","type":"invalid_request_error","param":null,"code":401}"""),
        ["error event"] = Failures.ErrorEvent(),
        ["error event with code 404 as text"] = Failures.ErrorEvent("""{"message":"secret","code":"404"}"""),
        ["event called error"] = Failures.Stream(Sse.Text("Hello ") + "event: error\ndata: {\"message\":\"secret\"}\n\n"),
        ["error beside a finish reason"] = Failures.Stream(
            Sse.Text("Hello ") + "data: {\"error\":{\"code\":502,\"message\":\"secret\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n"),
        ["10 MB event"] = Failures.HugeEvent(),
        ["10 MB of arguments"] = Failures.Stream(string.Concat(Enumerable.Repeat(
            Sse.Delta($$$"""{"tool_calls":[{"index":0,"id":"c","function":{"name":"hangup","arguments":"{{{new string(' ', 100_000)}}}"}}]}"""), 100))),
        ["400"] = Failures.Status(400),
        ["401"] = Failures.Status(401),
        ["402"] = Failures.Status(402),
        ["403"] = Failures.Status(403),
        ["404"] = Failures.Status(404),
        ["408"] = Failures.Status(408),
        ["413"] = Failures.Status(413),
        ["422"] = Failures.Status(422),
        ["429"] = Failures.Status(429),
        ["500"] = Failures.Status(500),
        ["503"] = Failures.Status(503),
        ["503 as HTML"] = Failures.Html(503),
    };

    public static IReadOnlyDictionary<string, Behaviour> Harmless { get; } = new Dictionary<string, Behaviour>
    {
        ["one-byte packets"] = Failures.OneBytePackets(),
        ["good UTF-8 cut between packets"] = Failures.SplitUtf8("Zürich 東京 🙂"),
        ["invalid UTF-8"] = Failures.InvalidUtf8(),
        ["surrogate pair in two chunks"] = Failures.Stream(
            Sse.Delta("""{"content":"\ud83d"}""") + Sse.Delta("""{"content":"\ude42\u0020hi"}""") + Sse.Finish() + Sse.Done),
        ["duplicate finish"] = Failures.DuplicateFinish(),
        ["garbage after [DONE]"] = Failures.GarbageAfterDone(),
        ["no [DONE]"] = Failures.Stream(Sse.Text("Hello there.") + Sse.Finish()),
        ["reset after the finish reason"] = async exchange =>
        {
            await exchange.StartAsync();
            await exchange.SendAsync(Sse.Text("Hello there.") + Sse.Finish());
            exchange.Reset();
        },
        ["error after the finish reason"] = Failures.Stream(Sse.Text("Hello there.") + Sse.Finish() + "data: {\"error\":{\"code\":500}}\n\n"),
        ["byte order mark"] = Failures.Cut(Encoding.UTF8.GetBytes("\ufeff" + Sse.Answer("Hello there.")), [1, 1, 1]),
        ["CR"] = Failures.Stream(Sse.Answer("Hello there.").ReplaceLineEndings("\r")),
        ["CRLF"] = Failures.Stream(Sse.Answer("Hello there.").ReplaceLineEndings("\r\n")),
        ["comments and other fields"] = Failures.Stream(
            $": OPENROUTER PROCESSING\n\nid: 1\nevent: result\n:HTTP_STATUS/200\ndata:{Chunk}\nretry: 5\n\n: ping\n\ndata:{Finish}\n\n"),
        ["data in several lines"] = Failures.Stream($"data: {Chunk.Replace(",", ",\ndata: ", StringComparison.Ordinal)}\n\ndata: {Finish}\n\n"),
        ["empty events"] = Failures.Stream($"\n\ndata:\n\ndata: {Chunk}\n\ndata: \n\ndata: {Finish}\n\n"),
        ["several choices"] = Failures.Stream(
            $"data: {Chunk}\n\ndata: {Chunk.Replace("0", "1", StringComparison.Ordinal)}\n\ndata: {Finish.Replace("0", "1", StringComparison.Ordinal).Replace("stop", "length", StringComparison.Ordinal)}\n\ndata: {Finish}\n\n"),
        ["several choices, index last"] = Failures.Stream(
            """data: {"choices":[{"delta":{"content":"Not this."},"finish_reason":"length","index":1},{"delta":{"content":"Hello there."},"finish_reason":"stop","index":0}]}""" + "\n\n"),
        ["other objects"] = Failures.Stream($"data: {{\"type\":\"ping\"}}\n\ndata: {{\"choices\":null,\"error\":null,\"usage\":null}}\n\ndata: {Chunk}\n\ndata: {Finish}\n\n"),
        ["wrong content type"] = Failures.Stream(Sse.Answer("Hello there."), "application/json"),
        ["content in parts"] = Failures.Stream(
            Sse.Delta("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hmm."}]},{"type":"text","text":"Hello "}]}""") + Sse.Text("there.") + Sse.Finish()),
    };
}
