using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of Vapi: <c>call</c>, and beside it the two ends of the line. Others use such names too, so what has another form
/// is passed over, never refused.
/// </summary>
/// <remarks>https://docs.vapi.ai/customization/custom-llm/using-your-server and https://docs.vapi.ai/api-reference/calls/get</remarks>
internal static class VapiCall
{
    public static Dialect Dialect { get; } = new("vapi")
    {
        Recognises = (body, _) => Text(Field(body, "call"), "id") is not null,
        Read = Read,
    };

    private static CallContext Read(CallContext call, JsonElement body, HttpRequest request)
    {
        var told = Field(body, "call");
        var customer = Number(told, body, "customer");
        var agent = Number(told, body, "phoneNumber");
        var isOutbound = Text(told, "type") is "outboundPhoneCall";
        var overrides = Field(told, "assistantOverrides");
        return call with
        {
            InstanceId = Text(told, "id"),
            CallerNumber = isOutbound ? agent : customer,
            CalleeNumber = isOutbound ? customer : agent,
            UserData = (Field(overrides, "variableValues") ?? Field(overrides, "metadata") ?? Field(body, "metadata"))?.GetRawText(),
        };
    }

    private static string? Number(JsonElement? told, JsonElement body, string end) => Text(Field(told, end), "number") ?? Text(Field(body, end), "number");

    private static JsonElement? Field(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement? owner, string name) =>
        owner is { } known && known.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= JsonField.MaxNameLength } text ? text : null;
}
