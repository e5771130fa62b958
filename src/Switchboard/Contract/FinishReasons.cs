using System.Collections.Frozen;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Why an answer ended, in the words of the wire.</summary>
internal static class FinishReasons
{
    public const string Stop = "stop";
    public const string ToolCalls = "tool_calls";
    public const string FunctionCall = "function_call";

    // By service, each with the words that stand in its documentation:
    // OpenAI https://platform.openai.com/docs/api-reference/chat/object, Anthropic https://docs.claude.com/en/api/handling-stop-reasons,
    // Gemini https://ai.google.dev/api/generate-content#FinishReason, Mistral https://docs.mistral.ai/api/,
    // DeepSeek https://api-docs.deepseek.com/api/create-chat-completion, Zhipu https://docs.bigmodel.cn/api-reference,
    // Cohere https://docs.cohere.com/reference/chat, TGI https://huggingface.co/docs/text-generation-inference,
    // Together https://docs.together.ai/reference/chat-completions, Bedrock https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html,
    // watsonx https://cloud.ibm.com/apidocs/watsonx-ai, Hunyuan https://cloud.tencent.com/document/product/1729.
    // What stands nowhere here is a failure: error, abort, network_error, insufficient_system_resource, and whatever nobody knows.
    private static readonly FrozenDictionary<string, ChatFinishReason?> Known = new (ChatFinishReason? Reason, string[] Words)[]
    {
        // Written while the answer goes on.
        (null, ["", "null", "none", "not_finished", "finish_reason_unspecified", "unspecified"]),
        (ChatFinishReason.Stop, [Stop, "eos", "eos_token", "eot", "end_turn", "end", "stop_sequence", "stop_token", "complete", "completed", "done", "finished", "normal"]),
        (ChatFinishReason.Length, ["length", "max_tokens", "max_token", "max_length", "model_length", "token_limit", "max_output_tokens", "max_completion_tokens", "model_context_window_exceeded"]),
        (ChatFinishReason.ToolCalls, [ToolCalls, "tool_call", "tool_use", FunctionCall, "function_calls"]),
        (ChatFinishReason.ContentFilter,
        [
            "content_filter", "content_filtered", "content_filter_error", "sensitive", "safety", "image_safety", "recitation", "blocklist", "prohibited_content", "spii", "refusal",
            "guardrail_intervened", "error_toxic", "moderation",
        ]),
    }.SelectMany(row => row.Words, (row, word) => KeyValuePair.Create(word, row.Reason)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The answer was given up: what came before may be half a sentence.</summary>
    public static ChatFinishReason Failure { get; } = new("error");

    /// <param name="reason">What the responder said, if it said anything.</param>
    /// <param name="hasToolCalls">Whether the answer called a tool: clients release a call only on <c>tool_calls</c>.</param>
    public static string ToWire(ChatFinishReason? reason, bool hasToolCalls) =>
        hasToolCalls ? ToolCalls
        : reason == ChatFinishReason.Length ? "length"
        : reason == ChatFinishReason.ContentFilter ? "content_filter"
        : Stop;

    /// <summary>
    /// What an upstream said, in whatever case; null when it has not said it yet, which some write as a blank or as a word, and
    /// <see cref="Failure"/> for what is none of the ways in which an answer is whole.
    /// </summary>
    public static ChatFinishReason? FromWire(string? reason) =>
        reason is null ? null : Known.TryGetValue(reason.Trim().Replace('-', '_'), out var known) ? known : Failure;
}

/// <summary>What an answer has said of its end so far. Some services write a finish reason into every chunk, so the first is not always the last.</summary>
internal sealed class AnswerFinish
{
    private bool _saidWithoutReason;
    private bool _saidSinceReason;
    private bool _goesOn;

    /// <summary>Why the answer ends; null while it has not said so.</summary>
    public ChatFinishReason? Reason { get; private set; }

    /// <summary>
    /// Whether it may well go on all the same: a service that has done so once, or whose first words have a finish reason beside them and
    /// do not end like a sentence, may write one into every chunk.
    /// </summary>
    /// <remarks>https://github.com/BerriAI/litellm/issues/2195</remarks>
    public bool MayGoOn { get; private set; }

    /// <summary>Whether the answer was given up.</summary>
    public bool IsGivenUp => Reason == FinishReasons.Failure;

    /// <summary>The reason by which the answer was given up, as it was sent.</summary>
    public string? GivenUpReason { get; private set; }

    /// <summary>Grows with every chunk that tells something new of the end.</summary>
    public int Changes { get; private set; }

    /// <summary>There are no more chunks: an answer that is whole needs no reason to be known as whole.</summary>
    public void Complete(bool isWhole) => Reason ??= isWhole ? ChatFinishReason.Stop : null;

    /// <summary>Takes the next chunk. The last reason counts that stands beside or after something said: what repeats it, or contradicts it, does not.</summary>
    /// <param name="word">The chunk's finish reason, as it was sent.</param>
    /// <param name="said">What the chunk says; null for nothing, and empty for a thought or a tool call.</param>
    /// <returns>Whether the chunk has a reason.</returns>
    public bool Read(string? word, string? said)
    {
        var reason = FinishReasons.FromWire(word);
        var says = said is not null;
        var wasFinished = Reason is not null;
        _goesOn |= says && wasFinished;
        if (says && (reason is not null || wasFinished))
        {
            Changes++;
            MayGoOn = _goesOn || (!_saidWithoutReason && !EndsSentence(said!));
        }
        else if (reason is not null && MayGoOn)
        {
            Changes++;
            MayGoOn = false;
        }

        if (reason is not null && (!wasFinished || says || _saidSinceReason))
        {
            Changes++;
            Reason = reason;
            _saidSinceReason = false;
            GivenUpReason = IsGivenUp ? word : null;
        }
        else
        {
            _saidSinceReason |= says && wasFinished;
        }

        _saidWithoutReason |= says && reason is null;
        return reason is not null;
    }

    private static bool EndsSentence(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '।' or '؟';
}
