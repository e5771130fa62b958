using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of Volcengine's RTC. It says the turn (<c>EnableRoundId</c>) and no call: that is what the app has put into <c>Custom</c>, which comes
/// as JSON text in <c>custom</c>, or with its keys at the top of the body, or into the address, under a usual name.
/// </summary>
/// <remarks>https://www.volcengine.com/docs/6348/1399966</remarks>
internal static class VolcengineCall
{
    private const string Name = "volcengine";

    private static readonly string[] CallNames = ["call", "call_id", "callId", "session_id", "sessionId"];

    private static readonly byte[][] CallFields = [.. CallNames.Select(Encoding.UTF8.GetBytes)];

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request["round_id"u8].IsId() || IsJsonText(request["custom"u8]),
        Read = request =>
        {
            var custom = request["custom"u8].Data();
            return new()
            {
                Platform = Name,
                InstanceId = EmbeddedJson.Read(custom, CallOf) ?? CallAtTheTop(request) ?? CallInTheAddress(request),
                SentenceId = request["round_id"u8].Text(),
                UserData = custom,
            };
        },
        Ids = [("custom", call => call.InstanceId), ("round_id", call => call.SentenceId)],
        // Several requests may come while the caller still speaks, and public servers guard against one that ends with their own words.
        AnswersOnlyTheCaller = true,
    };

    private static bool IsJsonText(JsonElement custom) => custom.ValueKind is JsonValueKind.String && JsonMarshal.GetRawUtf8Value(custom).StartsWith("\"{"u8);

    private static string? CallOf(JsonElement custom)
    {
        foreach (var field in CallFields)
        {
            if (custom.At(field).Text() is { } call)
            {
                return call;
            }
        }

        return null;
    }

    private static string? CallAtTheTop(CallRequest request)
    {
        foreach (var field in CallFields)
        {
            if (request[field].Text() is { } call)
            {
                return call;
            }
        }

        return null;
    }

    private static string? CallInTheAddress(CallRequest request)
    {
        foreach (var name in CallNames)
        {
            if (request.Query(name) is { } call)
            {
                return call;
            }
        }

        return null;
    }
}
