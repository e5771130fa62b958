using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>The call of a request of a Telnyx assistant: <c>extra_metadata</c>, which comes with <c>forward_metadata</c> and holds all dynamic variables.</summary>
/// <remarks>https://developers.telnyx.com/docs/inference/ai-assistants/dynamic-variables</remarks>
internal static class TelnyxCall
{
    private const string Name = "telnyx";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request["extra_metadata"u8] is var told
            && (told.At("call_control_id"u8).IsId() || told.At("telnyx_conversation_channel"u8).IsId() || told.At("telnyx_end_user_target"u8).IsId()),
        Read = request =>
        {
            var told = request["extra_metadata"u8];
            return new()
            {
                Platform = Name,
                InstanceId = told.At("call_control_id"u8).Text(),
                CallerNumber = told.At("telnyx_end_user_target"u8).Text(),
                CalleeNumber = told.At("telnyx_agent_target"u8).Text(),
                UserData = Others(told),
                Direction = told.At("telnyx_conversation_channel"u8) is { ValueKind: JsonValueKind.String } channel && channel.ValueEquals("web_call"u8) ? CallDirection.Web : null,
            };
        },
        Ids =
        [
            ("extra_metadata.call_control_id", call => call.InstanceId),
            ("extra_metadata.telnyx_end_user_target", call => call.CallerNumber),
            ("extra_metadata.telnyx_agent_target", call => call.CalleeNumber),
        ],
    };

    // All but what has a name of its own.
    private static string? Others(JsonElement told)
    {
        if (!told.IsObject())
        {
            return null;
        }

        var others = ArrayPool<byte>.Shared.Rent(JsonMarshal.GetRawUtf8Value(told).Length);
        try
        {
            var length = 0;
            foreach (var variable in told.EnumerateObject())
            {
                var name = JsonMarshal.GetRawUtf8PropertyName(variable);
                if (!name.SequenceEqual("call_control_id"u8) && !name.SequenceEqual("telnyx_end_user_target"u8) && !name.SequenceEqual("telnyx_agent_target"u8))
                {
                    Add(length == 0 ? "{\""u8 : ",\""u8);
                    Add(name);
                    Add("\":"u8);
                    Add(JsonMarshal.GetRawUtf8Value(variable.Value));
                }
            }

            if (length == 0)
            {
                return null;
            }

            Add("}"u8);
            return Encoding.UTF8.GetString(others, 0, length);

            void Add(ReadOnlySpan<byte> text)
            {
                text.CopyTo(others.AsSpan(length));
                length += text.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(others);
        }
    }
}
