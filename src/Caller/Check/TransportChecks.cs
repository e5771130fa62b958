using Caller.Wire;
using static Caller.Check.CheckLevel;

namespace Caller.Check;

internal static class TransportChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("transport.reachable", Required,
            "The platform sends a POST to the base URL with /chat/completions appended, and gets an HTTP answer.",
            Sources.Ims, "Start the server, open the port, and give the base URL without /chat/completions.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status > 0
                ? Verdict.Held($"answered after {Judging.Seconds(exchange.HeadersAfter)}")
                : Verdict.Failed($"{seen.Address.GetLeftPart(UriPartial.Path)}: {Judging.Describe(exchange)}"))),
        new("transport.no-redirect", Required,
            "A turn is answered where it is posted: clients turn a redirected POST into a GET or drop the Authorization header.",
            Sources.Http, "Serve /chat/completions itself; look at rules that add a slash or move http to https.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status is >= 300 and < 400
                ? Verdict.Failed($"status {exchange.Status} to {exchange.Header("location")}")
                : Answered(exchange))),
        new("transport.status", Required,
            "A valid turn is answered with status 200.",
            Sources.OpenAiCreate, "Look at the server's log for this request; the body sent is the one in the platform's manual.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status switch
            {
                0 or 401 or 403 or (>= 300 and < 400) => Verdict.NotApplicable("another check tells why"),
                _ when RequestChecks.RefusedForExtendData(seen) => Verdict.NotApplicable($"{(seen.Options.Platform.IsIms ? "request.extend-data" : "platform.request")} tells why"),
                _ => Verdict.Unless(exchange.Status == 200 ? null : Judging.Describe(exchange), "status 200"),
            })),
        new("transport.content-type", Required,
            "With \"stream\": true the answer is an event stream: Content-Type text/event-stream.",
            Sources.OpenAiChunk, "Set Content-Type: text/event-stream, and honour \"stream\": true in the body.",
            seen => seen.On(ProbeNames.Greeting, exchange => exchange.Status == 200
                ? Verdict.Unless(exchange.MediaType == "text/event-stream" ? null : $"Content-Type: {exchange.Header("content-type") ?? "none"}", exchange.Header("content-type") ?? "")
                : Verdict.NotApplicable("no successful answer"))),
        new("transport.charset", Required,
            "An event stream is UTF-8; a charset parameter, if there is one, says utf-8.",
            Sources.EventStream, "Send Content-Type: text/event-stream; charset=utf-8, or no charset at all.",
            seen => seen.EachStream(
                exchange => exchange.Header("content-type") is { } type && type.Contains("charset=", StringComparison.OrdinalIgnoreCase)
                    && !type.Contains("utf-8", StringComparison.OrdinalIgnoreCase) ? type : null,
                "utf-8 or none said")),
        new("transport.utf8", Required,
            "The bytes of an event stream are UTF-8.",
            Sources.EventStream, "Encode the stream as UTF-8, and never cut a character's bytes when cutting text into pieces.",
            seen => seen.EachStream(exchange => Defect(exchange, FrameDefect.InvalidUtf8), "valid UTF-8")),
        new("transport.no-compression", Required,
            "A body is not compressed for a client that did not offer to take that (no Accept-Encoding was sent).",
            Sources.Http, "Exclude text/event-stream from compression: it also holds pieces back.",
            seen => seen.EachStream(
                exchange => exchange.Header("content-encoding") is { } encoding and not "identity" ? $"Content-Encoding: {encoding}" : null,
                "not compressed")),
        new("transport.clean-end", Required,
            "The answer's body ends as HTTP says it ends: with its last chunk, not with a broken connection.",
            Sources.HttpFraming, "Let no exception escape after the first byte; look for a process that dies or a proxy that cuts.",
            seen => seen.EachStream(
                exchange => exchange.End is ExchangeEnd.Broken ? $"broken off after {exchange.Frames.Count} events: {exchange.Failure}" : null,
                "ended properly")),
        new("transport.closes", Required,
            "After [DONE] the answer is over and its body ends.",
            Sources.HttpFraming, "End the response after [DONE] instead of keeping the stream open.",
            seen => seen.EachStream(
                exchange => exchange.End is ExchangeEnd.LeftOpen ? $"still open {Judging.Seconds(seen.Options.AfterDone)} after [DONE]" : null,
                "ended after [DONE]")),
        new("transport.no-length", Advised,
            "The length of a stream is not known when it starts: a Content-Length says that it was collected first.",
            Sources.HttpFraming, "Write and flush piece by piece instead of building the whole body.",
            seen => seen.EachStream(
                exchange => exchange.Header("content-length") is { } length ? $"Content-Length: {length}" : null,
                "no Content-Length")),
        new("transport.no-cache", Advised,
            "A spoken answer is never to be cached: Cache-Control says no-cache or no-store.",
            Sources.Caching, "Send Cache-Control: no-cache.",
            seen => seen.EachStream(
                exchange => exchange.Header("cache-control") is { } control && (control.Contains("no-cache", StringComparison.Ordinal) || control.Contains("no-store", StringComparison.Ordinal))
                    ? null : $"Cache-Control: {exchange.Header("cache-control") ?? "none"}",
                "Cache-Control forbids caching")),
        new("transport.no-proxy-buffering", Advised,
            "A reverse proxy passes pieces on at once only if told so, for instance with X-Accel-Buffering: no.",
            Sources.Nginx, "Send X-Accel-Buffering: no; it costs nothing where no such proxy stands.",
            seen => seen.EachStream(
                exchange => exchange.Header("x-accel-buffering") == "no" ? null : $"X-Accel-Buffering: {exchange.Header("x-accel-buffering") ?? "none"}",
                "X-Accel-Buffering: no")),
        new("transport.keep-alive", Advised,
            "The connection stays open for the next turn, which saves its set-up time on every turn.",
            Sources.HttpFraming, "Do not send Connection: close.",
            seen => seen.EachStream(
                exchange => exchange.Header("connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) == true ? "Connection: close" : null,
                "kept open")),
        new("transport.https", Advised,
            "The platform asks for an HTTPS URL: keys and conversations travel in it.",
            Sources.Ims, "Put the server behind TLS.",
            seen => seen.Address.IsLoopback ? Verdict.NotApplicable("a loopback address")
                : Verdict.Unless(seen.Address.Scheme == Uri.UriSchemeHttps ? null : "http", "https")),
        new("transport.method", Advised,
            "A method the address does not serve is answered 405 (or 404).",
            Sources.Http, "Map POST only, and let the framework answer the rest.",
            seen => seen.Refuses(ProbeNames.WrongMethod)),
    ];

    private static Verdict Answered(Exchange exchange) =>
        exchange.Status == 0 ? Verdict.NotApplicable("no answer at all") : Verdict.Held($"status {exchange.Status}");

    internal static string? Defect(Exchange exchange, FrameDefect kind) =>
        exchange.Defects.FirstOrDefault(defect => defect.Kind == kind) is { } found ? found.Line : null;
}
