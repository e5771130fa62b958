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

/// <summary>The roles of the chat-completions format that <see cref="ChatRole"/> has no member for.</summary>
internal static class WireRoles
{
    public static ChatRole Developer { get; } = new("developer");
}

/// <summary>What a model says when it declines: on the wire beside the content, here an <see cref="ErrorContent"/> of its own code, as in Microsoft.Extensions.AI.OpenAI.</summary>
internal static class Refusals
{
    private const string Code = "Refusal";

    public static ErrorContent Content(string text) => new(text) { ErrorCode = Code };

    public static bool Is(AIContent content) => content is ErrorContent { ErrorCode: Code };
}

/// <summary>The audio formats of <c>input_audio</c>.</summary>
internal static class AudioFormats
{
    /// <summary>The media type of a format; null for one that the wire does not have.</summary>
    public static string? ToMediaType(string format) => format switch
    {
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        _ => null,
    };

    /// <summary>The format of a media type; null for one that the wire does not have.</summary>
    public static string? ToWire(string mediaType) => mediaType.ToLowerInvariant() switch
    {
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };
}

/// <summary>The call actions that more than their own folder knows by name.</summary>
internal static class ActionNames
{
    /// <summary>Ends the call. A script asks for it; the IMS workflow maps a function of this name with <c>FunctionMap</c>.</summary>
    public const string HangUp = "hangup";
}
