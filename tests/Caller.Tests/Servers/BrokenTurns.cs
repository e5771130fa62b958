using System.Text.Json.Nodes;

namespace Caller.Tests.Servers;

public static class BrokenTurns
{
    private static readonly ServerBehaviour Good = new();
    private static readonly Refusal No = new(400, "invalid_value", "This is not accepted.");

    public static readonly IReadOnlyList<BrokenServer> All =
    [
        new("extendData refused", "request.extend-data", Refusing(body => body.ContainsKey("extendData"))),
        new("sentenceId only as a number", "request.sentence-id-text", Refusing(body => body["extendData"]?["sentenceId"]?.GetValueKind() == System.Text.Json.JsonValueKind.String)),
        new("ten records at most", "request.twenty-records", Refusing(body => body["messages"] is JsonArray { Count: > 10 })),
        new("no system role", "request.system-message", Refusing(body => body["messages"] is JsonArray messages && messages[0]!["role"]!.GetValue<string>() == "system")),
        new("caller number refused", "request.phone-call", Refusing(body => body["extendData"] is JsonObject data && data.ContainsKey("callerNumber"))),
        new("markup in history refused", "request.interrupted", Refusing(body => body["messages"]!.ToJsonString().Contains("ims_agent", StringComparison.Ordinal))),
        new("other scripts refused", "request.unicode", Refusing(body => body["messages"] is JsonArray messages && messages[^1]!["content"] is JsonValue text && text.GetValue<string>().Any(c => c > '\u2E80'))),
        new("query parameters refused", "request.query", Good with
        {
            Around = (context, inner) => context.Request.QueryString.HasValue ? Conforming.RefuseAsync(context, No) : inner(),
        }),
        new("charset parameter refused", "request.charset", Good with
        {
            Around = (context, inner) => context.Request.ContentType == "application/json" ? inner()
                : Conforming.RefuseAsync(context, new Refusal(415, "unsupported_media_type", "The body is not JSON.")),
        }),
    ];

    private static ServerBehaviour Refusing(Func<JsonObject, bool> when) => Good with
    {
        Validate = body => Conforming.Validate(body) ?? (when(body) ? No : null),
    };
}
