namespace Caller.Platform;

/// <summary>How a platform's client reads an answer, where that is not how everybody does.</summary>
internal sealed record ReadingRules
{
    public static readonly ReadingRules Plain = new();

    /// <summary>How tool calls are put together.</summary>
    public CallReading Calls { get; init; } = CallReading.ByIndex;

    /// <summary>The reasons of which one must come for a call to be made; null: none is needed.</summary>
    public IReadOnlyList<string>? CallsNeed { get; init; }

    /// <summary>Whether text in a chunk with tool calls is thrown away.</summary>
    public bool DropsTextBesideCalls { get; init; }

    /// <summary>Whether what stands in <c>&lt;think&gt;</c> is not spoken.</summary>
    public bool StripsThinking { get; init; }

    /// <summary>Whether a reason in any chunk but the last leaves the answer unspoken.</summary>
    public bool FinishOnlyLast { get; init; }

    /// <summary>Whether an answer without text and without a tool call counts as failed.</summary>
    public bool EmptyFails { get; init; }

    /// <summary>Whether <c>data:</c> must be followed by a blank.</summary>
    public bool BlankAfterData { get; init; }

    /// <summary>The largest answer, in bytes with its framing; null: not known.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>Field and value of a chunk that is for the platform and holds nothing to say.</summary>
    public (string Field, string Value)? Aside { get; init; }

    /// <summary>Whether such a chunk counts only as the first.</summary>
    public bool AsideFirst { get; init; }

    /// <summary>Text that is a command, a regular expression; null: none.</summary>
    public string? Command { get; init; }

    /// <summary>Silence, comments counted as sound, after which the client breaks off; null: none.</summary>
    public TimeSpan? Silence { get; init; }
}

/// <summary>How a client puts tool calls together.</summary>
internal enum CallReading
{
    /// <summary>Pieces belong to the call of their index.</summary>
    ByIndex,

    /// <summary>A call is held until a reason comes, or until one with another index and an id begins, and what stands behind that in its chunk is lost (livekit/agents, <c>inference/llm.py</c>).</summary>
    OneAtATime,

    /// <summary>Only the first entry of a chunk is read; each change of the index ends a call (pipecat-ai/pipecat, <c>services/openai/base_llm.py</c>).</summary>
    FirstOfChunk,

    /// <summary>Only the call of index 0 is made, and without one the turn fails (bolna-ai/bolna, <c>llms/tool_call_accumulator.py</c>).</summary>
    IndexZero,

    /// <summary>OpenAI's older form, <c>delta.function_call</c>; <c>tool_calls</c> are not looked at.</summary>
    Legacy,
}
