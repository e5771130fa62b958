using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of Vapi: <c>call</c>, and beside it the two ends of the line. The body holds the whole assistant with its secrets, and the
/// address that steers the call (<c>call.monitor</c>): neither is read.
/// </summary>
/// <remarks>https://docs.vapi.ai/customization/custom-llm/using-your-server and https://docs.vapi.ai/api-reference/calls/get</remarks>
internal static class VapiCall
{
    private const string Name = "vapi";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = Recognises,
        Read = Read,
        Ids =
        [
            ("call.id", call => call.InstanceId),
            ("customer.number", call => call.Direction is CallDirection.Outbound ? call.CalleeNumber : call.CallerNumber),
            ("phoneNumber.number", call => call.Direction is CallDirection.Outbound ? call.CallerNumber : call.CalleeNumber),
            ("customer.externalId", call => call.UserId),
            ("assistant.id", call => call.AgentId),
        ],
        // https://docs.vapi.ai/assistants/flush-syntax
        Answer = new() { FillerEnd = "<flush />" },
    };

    // A client of one's own may say "call" as well: Vapi says more.
    private static bool Recognises(CallRequest request)
    {
        var call = request["call"u8];
        return call.IsObject() && Id(call).IsId()
            && (call.Has("orgId"u8) || call.Has("type"u8) || call.Has("customer"u8) || call.Has("phoneNumber"u8) || call.Has("assistantOverrides"u8) || call.Has("monitor"u8)
                || request["assistant"u8].IsObject() || request["customer"u8].IsObject() || request["phoneNumber"u8].IsObject() || request["metadata"u8].IsObject());
    }

    private static CallContext Read(CallRequest request)
    {
        var call = request["call"u8];
        var customer = Number(call, request, "customer"u8);
        var agent = Number(call, request, "phoneNumber"u8);
        var direction = Direction(call.At("type"u8));
        var isOutbound = direction is CallDirection.Outbound;
        var overrides = call.At("assistantOverrides"u8);
        return new()
        {
            Platform = Name,
            InstanceId = Id(call).Text(),
            CallerNumber = isOutbound ? agent : customer,
            CalleeNumber = isOutbound ? customer : agent,
            UserData = Data(overrides.At("variableValues"u8)) ?? Data(overrides.At("metadata"u8)) ?? Data(request["metadata"u8]),
            UserId = call.At("customer"u8).At("externalId"u8).Text() ?? request["customer"u8].At("externalId"u8).Text(),
            AgentId = call.At("assistantId"u8).Text() ?? request["assistant"u8].At("id"u8).Text(),
            Direction = direction,
        };
    }

    // Servers of 2024 saw callId.
    private static JsonElement Id(JsonElement call) => call.At("id"u8) is { ValueKind: not JsonValueKind.Undefined } id ? id : call.At("callId"u8);

    private static string? Number(JsonElement call, CallRequest request, ReadOnlySpan<byte> end) =>
        call.At(end).At("number"u8).Text() ?? request[end].At("number"u8).Text();

    private static string? Data(JsonElement value) => value.IsObject() ? value.Data() : null;

    private static string? Direction(JsonElement type) => type.ValueKind is not JsonValueKind.String ? null
        : type.ValueEquals("outboundPhoneCall"u8) ? CallDirection.Outbound
        : type.ValueEquals("inboundPhoneCall"u8) ? CallDirection.Inbound
        : type.ValueEquals("webCall"u8) ? CallDirection.Web
        : null;
}
