using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

public static class BrokenAccess
{
    private static readonly ServerBehaviour Good = new();
    private static readonly Refusal Crash = new(500, "internal_error", "Something went wrong.");

    public static readonly IReadOnlyList<BrokenServer> All =
    [
        new("500 on Authorization: X", "auth.malformed", Good with { Authorize = header => header == "X" ? Crash : Good.Authorize(header) }),
        new("200 on a wrong key", "auth.wrong-key", Good with { Authorize = header => header?.StartsWith("Bearer c", StringComparison.Ordinal) == true ? null : Good.Authorize(header) }),
        new("200 without a key", "auth.no-key", Good with { Authorize = header => header is null ? null : Good.Authorize(header) }),
        new("200 on an empty key", "auth.empty", Good with { Authorize = header => header == "Bearer" ? null : Good.Authorize(header) }),
        new("the right key refused", "auth.right-key", Good with { Authorize = _ => new Refusal(401, "invalid_api_key", "No.") }),
        new("404 for a wrong key", "auth.wrong-key", Good with { Authorize = header => header?.StartsWith("Bearer c", StringComparison.Ordinal) == true ? new Refusal(404, "not_found", "Not found.") : Good.Authorize(header) }),
        new("wrong key shown in the refusal", "auth.key-not-shown", Good with
        {
            Refuse = (context, refusal) => Conforming.RefuseAsync(context, refusal with { Message = $"{refusal.Message} You sent {context.Request.Headers.Authorization}" }),
        }),
        new("stack trace in the error", "errors.no-stack-trace", Good with
        {
            Refuse = (context, refusal) => Conforming.RefuseAsync(context, refusal with { Message = "System.FormatException: bad\n   at Demo.Server.Read(String body) in /app/Server.cs:line 12" }),
        }),
        new("500 on malformed JSON", "errors.bad-json", Good with
        {
            Around = async (context, inner) =>
            {
                context.Request.EnableBuffering();
                using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
                var body = await reader.ReadToEndAsync(context.RequestAborted);
                context.Request.Body.Position = 0;
                await (body.StartsWith("{\"messages\": [", StringComparison.Ordinal) ? Conforming.RefuseAsync(context, Crash) : inner());
            },
        }),
        new("500 on an empty body", "errors.empty-body", Good with
        {
            Around = (context, inner) => context.Request.ContentLength == 0 ? Conforming.RefuseAsync(context, Crash) : inner(),
        }),
        new("500 without messages", "errors.no-messages", Good with { Validate = body => body.ContainsKey("messages") ? Conforming.Validate(body) : Crash }),
        new("500 on messages of a wrong type", "errors.messages-type", Good with { Validate = body => body["messages"] is JsonValue ? Crash : Conforming.Validate(body) }),
    ];
}
