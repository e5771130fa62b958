using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

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

/// <summary>A part of a message that is not looked into: a file, or something that is not known.</summary>
/// <param name="file">The value of <c>file</c>, as sent; undefined for anything else.</param>
internal sealed class UnreadContent(JsonElement file) : AIContent
{
    /// <summary>What a model is told that cannot take it.</summary>
    public const string Note = "[Something was sent here that cannot be read.]";

    /// <summary>The value of <c>file</c>.</summary>
    public JsonElement File => file;

    public bool IsFile => file.ValueKind is JsonValueKind.Object;
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

/// <summary>The responders that more than their own folder knows by name.</summary>
internal static class ResponderNames
{
    /// <summary>Asks upstreams.</summary>
    public const string Upstream = "upstream";
}

/// <summary>The call actions that more than their own folder knows by name.</summary>
internal static class ActionNames
{
    /// <summary>Ends the call. A script asks for it; the IMS workflow maps a function of this name with <c>FunctionMap</c>.</summary>
    public const string HangUp = "hangup";

    /// <summary>Hands the call to another number.</summary>
    public const string Transfer = "transfer";
}
