using System.Runtime.InteropServices;
using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>The call of a request of a Fish Audio agent: <c>session_id</c>, <c>user_id</c> where the session has one, and <c>fishaudio_extra_body</c>.</summary>
/// <remarks>https://docs.fish.audio/agents/build/custom-llm</remarks>
internal static class FishAudioCall
{
    private const string Name = "fishaudio";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request["session_id"u8] is var session && session.IsId()
            && (request["user_id"u8].IsId() || request["fishaudio_extra_body"u8].IsObject() || IsItsOwn(session)),
        Read = request => new()
        {
            Platform = Name,
            InstanceId = request["session_id"u8].Text(),
            // No field has the numbers; an agent's owner may put {{system.caller_number}} and {{system.dialed_number}} into the prompt.
            CallerNumber = PromptValue.FindNumber(request["messages"u8], "CALLER"u8),
            CalleeNumber = PromptValue.FindNumber(request["messages"u8], "CALLED"u8),
            UserData = request["fishaudio_extra_body"u8].Data(),
            UserId = request["user_id"u8].Text(),
        },
        Ids = [("session_id", call => call.InstanceId), ("user_id", call => call.UserId)],
    };

    // Others say session_id too. Where nothing else of Fish Audio's stands beside it, it must begin as in the vendor's example.
    private static bool IsItsOwn(JsonElement session) => JsonMarshal.GetRawUtf8Value(session) is var raw && (raw.StartsWith("\"sess_"u8) || raw.StartsWith("\"ses_"u8));
}
