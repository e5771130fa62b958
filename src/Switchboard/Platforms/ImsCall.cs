using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>The call of a request of the real-time workflow of Alibaba Cloud IMS: <c>extendData</c> in the body.</summary>
internal static class ImsCall
{
    private const string ExtendData = "extendData";
    private const string InstanceId = "instanceId";
    private const string ChannelId = "channelId";
    private const string SentenceId = "sentenceId";
    private const string CallerNumber = "callerNumber";
    private const string CalleeNumber = "calleeNumber";

    public static Dialect Dialect { get; } = new("ims")
    {
        Recognises = (body, request) => body.ValueKind is JsonValueKind.Object && body.TryGetProperty(ExtendData, out _),
        Read = Read,
        Ids =
        [
            ($"{ExtendData}.{InstanceId}", call => call.InstanceId),
            ($"{ExtendData}.{ChannelId}", call => call.ChannelId),
            ($"{ExtendData}.{SentenceId}", call => call.SentenceId),
            ($"{ExtendData}.{CallerNumber}", call => call.CallerNumber),
            ($"{ExtendData}.{CalleeNumber}", call => call.CalleeNumber),
        ],
    };

    private static CallContext Read(CallContext call, JsonElement body, HttpRequest request) =>
        new JsonField(body).Find(ExtendData)?.Object() is not { } data ? call : call with
        {
            InstanceId = Text(data.Find(InstanceId)),
            ChannelId = Text(data.Find(ChannelId)),
            SentenceId = Text(data.Find(SentenceId)),
            UserData = data.Find("userData") is { } userData ? AsText(userData.Value) : null,
            CallerNumber = Text(data.Find(CallerNumber)),
            CalleeNumber = Text(data.Find(CalleeNumber)),
        };

    // The manual types ids as text or Int and shows both forms, so a number is taken as its digits.
    private static string? Text(JsonField? field) => field switch
    {
        null => null,
        { Value.ValueKind: JsonValueKind.Number } number => number.Value.GetRawText(),
        { Value.ValueKind: JsonValueKind.String } text => text.Text(),
        { } other => throw other.Invalid("expected a string or a number"),
    };

    private static string AsText(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
