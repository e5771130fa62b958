using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of Bolna. It stops at <c>User:</c>, but for models of the family GPT-5, and always says its tier and the form of answers; newer versions send
/// <c>user</c> as the run and the turn, with <c>#</c> between.
/// </summary>
/// <remarks>bolna-ai/bolna, bolna/llms/openai_llm.py</remarks>
internal static class BolnaCall
{
    private const string Name = "bolna";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request["response_format"u8].IsObject() && request["service_tier"u8].IsId() && (StopsAtUser(request["stop"u8]) || IsRun(request["user"u8])),
        Read = request =>
        {
            // What Python makes of a run or turn that is not there.
            var user = request["user"u8].Text() is { } text && text.LastIndexOf('#') is var at and > 0 ? (Run: text[..at], Turn: text[(at + 1)..]) : default;
            return new()
            {
                Platform = Name,
                InstanceId = user.Run is "None" ? null : user.Run,
                SentenceId = user.Turn is "None" or "" ? null : user.Turn,
            };
        },
        Control = new() { RunsWrittenCalls = true, TakesOneCall = true },
        Ids = [("user", call => call.InstanceId), ("user", call => call.SentenceId)],
    };

    // Models of the family GPT-5 get no stop.
    private static bool IsRun(JsonElement user) => user.ValueKind is JsonValueKind.String && user.GetString()!.LastIndexOf('#') > 0;

    private static bool StopsAtUser(JsonElement stop) => stop.ValueKind is JsonValueKind.Array && stop.GetArrayLength() == 1
        && stop[0] is { ValueKind: JsonValueKind.String } only && only.ValueEquals("User:"u8);
}
