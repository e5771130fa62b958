using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Why an answer ended, in the words of the wire.</summary>
internal static class FinishReasons
{
    public const string Stop = "stop";
    public const string ToolCalls = "tool_calls";

    // Far above any real one: it is kept, and stands in traces.
    private const int MaxLength = 64;

    /// <param name="reason">What the responder said, if it said anything.</param>
    /// <param name="hasToolCalls">Whether the answer called a tool: clients release a call only on <c>tool_calls</c>.</param>
    public static string ToWire(ChatFinishReason? reason, bool hasToolCalls) =>
        hasToolCalls ? ToolCalls
        : reason == ChatFinishReason.Length ? "length"
        : reason == ChatFinishReason.ContentFilter ? "content_filter"
        : Stop;

    /// <summary>What an upstream said; null when it has not said it yet, which some write as an empty string, or a blank one.</summary>
    public static ChatFinishReason? FromWire(string? reason) => reason switch
    {
        _ when string.IsNullOrWhiteSpace(reason) => null,
        Stop => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        ToolCalls or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        { Length: <= MaxLength } => new ChatFinishReason(reason),
        _ => ChatFinishReason.Stop,
    };
}
