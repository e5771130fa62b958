using System.Text;
using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

public static class BrokenTransport
{
    private static readonly ServerBehaviour Good = new();

    public static readonly IReadOnlyList<BrokenServer> All =
    [
        new("event stream called plain text", "transport.content-type", Good with { Headers = Header("text/plain; charset=utf-8") }),
        new("event stream called JSON", "transport.content-type", Good with { Headers = Header("application/json") }),
        new("one JSON object where a stream was asked for", "transport.content-type", Good with
        {
            AroundTurn = (context, turn, _) => Conforming.UnstreamedAsync(context, turn),
        }),
        new("charset latin-1 said", "transport.charset", Good with { Headers = Header("text/event-stream; charset=iso-8859-1") }),
        new("Latin-1 bytes", "transport.utf8", Good with { Encode = frame => Encoding.Latin1.GetBytes(frame.Replace("\\u00FC", "ü", StringComparison.Ordinal)) },
            "streaming.whole-characters"),
        new("compressed unasked", "transport.no-compression", Good with
        {
            // Only the header: a body that really is compressed cannot be read at all, and then every check would fail.
            Headers = response =>
            {
                Conforming.Headers(response);
                response.Headers.ContentEncoding = "gzip";
            },
        }),
        new("redirect to a slash", "transport.no-redirect", Good with
        {
            Around = (context, _) =>
            {
                context.Response.Redirect("/v1/chat/completions/", permanent: true);
                return Task.CompletedTask;
            },
        }),
        new("status 201", "transport.status", Good with { Headers = Then(response => response.StatusCode = 201) }),
        new("status 500 on every turn", "transport.status", Good with
        {
            AroundTurn = (context, _, _) => Conforming.RefuseAsync(context, new Refusal(500, "internal_error", "Something went wrong.")),
        }),
        new("connection cut in the middle", "transport.clean-end", Good with
        {
            Write = async (context, frames) =>
            {
                await Conforming.WriteAsync(context, frames.SkipLast(2));
                throw new InvalidOperationException("An exception after the first byte leaves the body unterminated.");
            },
        }),
        new("stream left open after [DONE]", "transport.closes", Good with
        {
            Write = async (context, frames) =>
            {
                await Conforming.WriteAsync(context, frames);
                await UntilHungUpAsync(context);
            },
        }),
        new("answer stalls", "streaming.ends", Good with
        {
            Write = async (context, frames) =>
            {
                await Conforming.WriteAsync(context, frames.Take(2));
                await UntilHungUpAsync(context);
            },
        }),
        new("no data: prefix", "framing.data-lines", Good with { Frames = (_, chunks) => chunks.Select(chunk => $"{chunk.ToJsonString()}\n\n").Append("data: [DONE]\n\n") }),
        new("one line feed instead of two", "framing.blank-line", Good with { Frames = (_, chunks) => chunks.Select(chunk => $"data: {chunk.ToJsonString()}\n").Append("data: [DONE]\n\n") }),
        new("[DONE] cut off", "framing.last-blank-line", Good with { Frames = (_, chunks) => chunks.Select(Conforming.Frame).Append("data: [DONE]") }),
        new("Python dictionaries for JSON", "framing.json", Good with
        {
            Frames = (_, chunks) => chunks.Select((chunk, index) => index == 1 ? "data: {'choices': []}\n\n" : Conforming.Frame(chunk)).Append("data: [DONE]\n\n"),
        }),
        new("heartbeat as data", "framing.json", Good with
        {
            Frames = (_, chunks) => chunks.Select(Conforming.Frame).Prepend("data: ping\n\n").Append("data: [DONE]\n\n"),
        }),
        new("no [DONE]", "framing.done", Good with { Frames = (_, chunks) => chunks.Select(Conforming.Frame) }),
        new("[DONE] twice", "framing.done-last", Good with { Frames = (_, chunks) => Conforming.Frames(chunks).Append("data: [DONE]\n\n") }),
        new("usage after [DONE]", "framing.done-last", Good with
        {
            Frames = (turn, chunks) => turn.IncludeUsage
                ? Conforming.Frames(chunks.SkipLast(1)).Append(Conforming.Frame(chunks[^1])) : Conforming.Frames(chunks),
        }),
        new("error event in every stream", "framing.no-error-event", Good with
        {
            Frames = (_, chunks) => chunks.Take(2).Select(Conforming.Frame)
                .Append(Conforming.Frame(new JsonObject { ["error"] = new JsonObject { ["message"] = "boom", ["type"] = "server_error", ["param"] = null, ["code"] = null } })),
        }),
    ];

    private static Action<HttpResponse> Header(string contentType) => Then(response => response.ContentType = contentType);

    private static Action<HttpResponse> Then(Action<HttpResponse> change) => response =>
    {
        Conforming.Headers(response);
        change(response);
    };

    internal static Task UntilHungUpAsync(HttpContext context)
    {
        var hungUp = new TaskCompletionSource();
        context.RequestAborted.Register(hungUp.SetResult);
        return hungUp.Task;
    }
}
