using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of the real-time workflow of Alibaba Cloud IMS: <c>extendData</c> in the body. What has the wrong type there is refused,
/// as it always was.
/// </summary>
/// <remarks>https://help.aliyun.com/zh/ims/user-guide/llm-configuration</remarks>
internal static class ImsCall
{
    private const string Name = "ims";
    private const string ExtendData = "extendData";
    private const string InstanceId = "instanceId";
    private const string ChannelId = "channelId";
    private const string SentenceId = "sentenceId";
    private const string CallerNumber = "callerNumber";
    private const string CalleeNumber = "calleeNumber";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request.Has("extendData"u8),
        Read = request => Read(request["extendData"u8]),
        Ids =
        [
            ($"{ExtendData}.{InstanceId}", call => call.InstanceId),
            ($"{ExtendData}.{ChannelId}", call => call.ChannelId),
            ($"{ExtendData}.{SentenceId}", call => call.SentenceId),
            ($"{ExtendData}.{CallerNumber}", call => call.CallerNumber),
            ($"{ExtendData}.{CalleeNumber}", call => call.CalleeNumber),
        ],
    };

    private static CallContext Read(JsonElement data) => data.ValueKind switch
    {
        JsonValueKind.Object => new()
        {
            Platform = Name,
            InstanceId = Text(data, InstanceId),
            ChannelId = Text(data, ChannelId),
            SentenceId = Text(data, SentenceId),
            UserData = data.TryGetProperty("userData", out var userData) ? AsText(userData) : null,
            CallerNumber = Text(data, CallerNumber),
            CalleeNumber = Text(data, CalleeNumber),
        },
        // A model that is asked by IMS alone need not be told the call.
        JsonValueKind.Undefined or JsonValueKind.Null => new() { Platform = Name },
        _ => throw ApiException.InvalidValue(ExtendData, "expected an object"),
    };

    // The manual types ids as text or Int and shows both forms, so a number is taken as its digits.
    private static string? Text(JsonElement data, string name) => !data.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String => value.GetString(),
        _ => throw ApiException.InvalidValue($"{ExtendData}.{name}", "expected a string or a number"),
    };

    private static string? AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
