using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>
/// How Agora's engine speaks the answers of a model: <c>Models:n:Agora</c>. It reads this of the first chunk, and of no other; no other platform gets it.
/// </summary>
/// <remarks>https://docs.agora.io/en/conversational-ai/develop/custom-llm</remarks>
public sealed class AgoraOptions
{
    // Of JSON: some hundred parameters of a voice.
    private const int MaxLength = 4096;

    /// <summary>Whether the caller may interrupt an answer; what is said during one that may not be is kept and answered after it. Default: as the engine is set.</summary>
    public bool? Interruptable { get; set; }

    /// <summary>What changes the voice for an answer, as a JSON object, such as <c>{"params":{"rate":1.1}}</c>: its <c>tts_params</c>. Default none.</summary>
    [StringSyntax(StringSyntaxAttribute.Json)]
    public string? TtsParams { get; set; }

    /// <summary>What attributes cannot say, each failure with its key below <c>Models:n</c>.</summary>
    internal static IEnumerable<string> Failures(AgoraOptions agora)
    {
        if (agora.TtsParams is { Length: > 0 } given && (given.Length > MaxLength || Parse(given) is null))
        {
            yield return $"Agora:TtsParams: expected a JSON object of at most {MaxLength} characters, such as {{\"params\":{{\"rate\":1.1}}}}.";
        }
    }

    /// <summary>What the first chunk says, as JSON; null for nothing.</summary>
    internal string? ToSteering()
    {
        var steering = new JsonObject();
        if (Interruptable is { } may)
        {
            steering["interruptable"] = may;
        }

        if (TtsParams is { Length: > 0 } given)
        {
            steering["tts_params"] = Parse(given);
        }

        return steering.Count > 0 ? WireJson.ToText(steering) : null;
    }

    private static JsonObject? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
