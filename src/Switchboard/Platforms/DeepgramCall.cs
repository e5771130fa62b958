namespace Switchboard.Platforms;

/// <summary>
/// Deepgram's Voice Agent sends what any client of OpenAI's sends, and nothing of the call: the settings name it, and the parameter of its address
/// that says the call.
/// </summary>
/// <remarks>https://developers.deepgram.com/docs/voice-agent-llm-models</remarks>
internal static class DeepgramCall
{
    private const string Name = "deepgram";

    public static Dialect Dialect { get; } = new(Name) { Read = _ => new() { Platform = Name } };
}
