using System.Runtime.InteropServices;
using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>
/// Vocode says nothing of the call. It offers its actions as <c>functions</c>, the old form of tools, each with a name that begins with
/// <c>action_</c>.
/// </summary>
/// <remarks>vocodedev/vocode-core, vocode/streaming/agent/chat_gpt_agent.py and vocode/streaming/action/phone_call_action.py</remarks>
internal static class VocodeCall
{
    private const string Name = "vocode";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request["functions"u8] is { ValueKind: JsonValueKind.Array } functions && functions.EnumerateArray().Any(IsAction),
        Read = _ => new() { Platform = Name },
    };

    private static bool IsAction(JsonElement function) =>
        function.At("name"u8) is { ValueKind: JsonValueKind.String } name && JsonMarshal.GetRawUtf8Value(name).StartsWith("\"action_"u8);
}
