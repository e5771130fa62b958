using System.Text.RegularExpressions;

namespace Switchboard.Contract;

/// <summary>What a platform's answers must look like, beyond what OpenAI's format asks. The default is what any client of OpenAI's takes.</summary>
internal sealed partial record AnswerForm
{
    public static readonly AnswerForm Plain = new();

    private static readonly char[] SentenceEnds = [' ', '.', ',', '…', '。', '，'];

    /// <summary>
    /// Whether <c>finish_reason</c> stands in the last chunk alone, and that chunk is the last of all, with the usage in it; else it is null in those before, and
    /// the usage has a chunk of its own.
    /// </summary>
    public bool FinishesInLastChunkOnly { get; init; }

    /// <summary>The most bytes of a streamed answer, all that frames it and keeps it alive included; null for no limit but time.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>
    /// What an answer says that was superseded before its first word: nothing, unless the platform takes an empty answer for a failure, and asks for the
    /// superseded words again.
    /// </summary>
    public string WhenSuperseded { get; init; } = "";

    /// <summary>What a filler ends with, so that the voice speaks it at once, or holds on for more; null for nothing.</summary>
    public string? FillerEnd { get; init; }

    /// <summary>Whether a first chunk without choices may say how the answer is spoken.</summary>
    public bool TakesSteering { get; init; }

    /// <summary>What that chunk says, as JSON: <c>Models:n:Agora</c>; null for no such chunk.</summary>
    public string? Steering { get; init; }

    /// <summary>Whether the client knows functions alone, as before there were tools: a call of one is then <c>function_call</c>, and there is one in an answer.</summary>
    public bool HasFunctionCall { get; init; }

    /// <summary>Why an answer ends, in the client's words.</summary>
    public string FinishReason(string reason) => HasFunctionCall && reason == FinishReasons.ToolCalls ? FinishReasons.FunctionCall : reason;

    /// <summary>A filler with the end that the platform wants; one that has it stays as it is.</summary>
    public string Filler(string phrase) =>
        FillerEnd is not { } end ? phrase
        // The end takes the place of the sentence's own.
        : end.StartsWith('.') ? phrase.TrimEnd(SentenceEnds) + end
        : Flush().IsMatch(phrase) ? phrase
        : $"{phrase.TrimEnd()} {end}";

    // https://docs.vapi.ai/assistants/flush-syntax has these forms, in any case.
    [GeneratedRegex(@"<(/?flush|flush\s*/)>\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Flush();
}
