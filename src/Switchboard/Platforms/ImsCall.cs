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
    private const string InstanceId = $"{ExtendData}.instanceId";
    private const string ChannelId = $"{ExtendData}.channelId";
    private const string SentenceId = $"{ExtendData}.sentenceId";
    private const string CallerNumber = $"{ExtendData}.callerNumber";
    private const string CalleeNumber = $"{ExtendData}.calleeNumber";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request.Has("extendData"u8),
        Read = request => Read(request["extendData"u8]),
        Check = request => Check(request["extendData"u8]),
        Control = CallControl.ByDirective,
        Ids =
        [
            (InstanceId, call => call.InstanceId),
            (ChannelId, call => call.ChannelId),
            (SentenceId, call => call.SentenceId),
            (CallerNumber, call => call.CallerNumber),
            (CalleeNumber, call => call.CalleeNumber),
        ],
    };

    private static CallContext Read(JsonElement data) => data.ValueKind switch
    {
        JsonValueKind.Object => new()
        {
            Platform = Name,
            InstanceId = Text(data.At("instanceId"u8)),
            ChannelId = Text(data.At("channelId"u8)),
            SentenceId = Text(data.At("sentenceId"u8)),
            UserData = AsText(data.At("userData"u8)),
            CallerNumber = Text(data.At("callerNumber"u8)),
            CalleeNumber = Text(data.At("calleeNumber"u8)),
        },
        // A model that is asked by IMS alone need not be told the call.
        _ => new() { Platform = Name },
    };

    private static void Check(JsonElement data)
    {
        if (data.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return;
        }

        if (data.ValueKind is not JsonValueKind.Object)
        {
            throw ApiException.InvalidValue(ExtendData, "expected an object");
        }

        Check(data.At("instanceId"u8), InstanceId);
        Check(data.At("channelId"u8), ChannelId);
        Check(data.At("sentenceId"u8), SentenceId);
        Check(data.At("callerNumber"u8), CallerNumber);
        Check(data.At("calleeNumber"u8), CalleeNumber);
    }

    private static void Check(JsonElement value, string path)
    {
        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Number or JsonValueKind.String))
        {
            throw ApiException.InvalidValue(path, "expected a string or a number");
        }
    }

    // The manual types ids as text or Int and shows both forms, so a number is taken as its digits.
    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String => value.GetString(),
        _ => null,
    };

    private static string? AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
