namespace Switchboard.Platforms;

/// <summary>Pipecat sends what any client of OpenAI's sends, and nothing of the call: the settings name it, and where a request says its call.</summary>
/// <remarks>pipecat-ai/pipecat, src/pipecat/services/openai/base_llm.py</remarks>
internal static class PipecatCall
{
    private const string Name = "pipecat";

    public static Dialect Dialect { get; } = new(Name) { Read = _ => new() { Platform = Name } };
}
