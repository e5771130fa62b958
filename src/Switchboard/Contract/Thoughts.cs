using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// What an answer with tool calls came with that its service wants back beside their results: signatures, and what the model thought. It travels
/// with the calls, through the tools that run here and through a client's own, is opaque to both, and is never spoken, logged or stored.
/// </summary>
/// <remarks>
/// https://ai.google.dev/gemini-api/docs/thought-signatures has <c>extra_content</c>, https://api-docs.deepseek.com/guides/thinking_mode and
/// https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model <c>reasoning_content</c>, https://openrouter.ai/docs/use-cases/reasoning-tokens
/// <c>reasoning_details</c>.
/// </remarks>
internal sealed record Thoughts
{
    /// <summary>The most of each, in characters of text or bytes of JSON: far above any real signature. What is longer is not taken.</summary>
    public const int MaxLength = 64 * 1024;

    public const string ExtraField = "extra_content";
    public const string ReasoningField = "reasoning_content";
    public const string DetailsField = "reasoning_details";

    // Where a client's tool call keeps what its service knows as fields of the message.
    private const string Own = "switchboard";
    private const string Property = "thoughts";

    /// <summary>The <c>extra_content</c> of the call itself, as JSON.</summary>
    public string? OfCall { get; init; }

    /// <summary>The <c>extra_content</c> of the message, as JSON; like all below on the first call of a message only.</summary>
    public string? OfMessage { get; init; }

    /// <summary>What the model thought.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The same in parts with their signatures, as a JSON array.</summary>
    public string? Details { get; init; }

    private bool IsEmpty => OfCall is null && !HasMessage;

    private bool HasMessage => (OfMessage ?? Reasoning ?? Details) is not null;

    public static Thoughts? Of(FunctionCallContent call) => call.AdditionalProperties?.TryGetValue(Property, out var thoughts) is true ? thoughts as Thoughts : null;

    /// <summary>The length of what goes with a call.</summary>
    public static int Length(FunctionCallContent call) => Of(call) is { } of
        ? (of.OfCall?.Length ?? 0) + (of.OfMessage?.Length ?? 0) + (of.Reasoning?.Length ?? 0) + (of.Details?.Length ?? 0) : 0;

    /// <summary>Lets it travel with a call.</summary>
    public void AddTo(FunctionCallContent call)
    {
        if (!IsEmpty)
        {
            (call.AdditionalProperties ??= [])[Property] = this;
        }
    }

    /// <summary>What a client gets to send back with a call, as JSON; null for nothing.</summary>
    public static string? ToClient(FunctionCallContent call)
    {
        if (Of(call) is not { } of || !of.HasMessage)
        {
            return Of(call)?.OfCall;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.WriterOptions))
        {
            json.WriteStartObject();
            if (of.OfCall is { } ofCall)
            {
                using var document = JsonDocument.Parse(ofCall);
                foreach (var property in document.RootElement.EnumerateObject().Where(property => !property.NameEquals(Own)))
                {
                    property.WriteTo(json);
                }
            }

            json.WriteStartObject(Own);
            if (of.Reasoning is { } reasoning)
            {
                json.WriteString(ReasoningField, reasoning);
            }

            WriteRaw(json, DetailsField, of.Details);
            WriteRaw(json, ExtraField, of.OfMessage);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes what the model thought beside the calls, where clients look for it that know such models themselves.</summary>
    public static void WriteReasoning(Utf8JsonWriter json, FunctionCallContent[] calls)
    {
        if (calls.Select(Of).FirstOrDefault(of => of?.Reasoning is not null) is { Reasoning: { } reasoning })
        {
            json.WriteString(ReasoningField, reasoning);
        }
    }

    /// <summary>Reads what a client sends back, in an assistant's message and in its calls.</summary>
    public static void ReadClient(JsonField message, JsonField calls, IReadOnlyList<FunctionCallContent> contents)
    {
        var index = 0;
        foreach (var call in calls.Items())
        {
            var extra = Object(call, ExtraField);
            var own = extra is { } field && Object(field, Own) is { } found ? found : (JsonField?)null;
            var first = index == 0 ? message : (JsonField?)null;
            new Thoughts
            {
                OfCall = extra is { } sent ? Without(sent.Value) : null,
                OfMessage = Raw(Find(ExtraField, JsonValueKind.Object)),
                Reasoning = Find(ReasoningField, JsonValueKind.String)?.Value.GetString() is { Length: > 0 } thought ? thought : null,
                Details = Raw(Find(DetailsField, JsonValueKind.Array)),
            }.AddTo(contents[index++]);

            JsonField? Find(string name, JsonValueKind kind) => Field(own, name, kind) ?? Field(first, name, kind);
        }

        static JsonField? Object(JsonField owner, string name) => Field(owner, name, JsonValueKind.Object);

        static string? Raw(JsonField? field) => field?.Value.GetRawText();
    }

    /// <summary>Writes the fields of an assistant's message with tool calls that its service wants.</summary>
    public static void WriteMessage(Utf8JsonWriter json, ChatMessage message, FunctionCallContent[] calls, RequestShape shape)
    {
        var known = calls.Select(Of).FirstOrDefault(thoughts => thoughts is { HasMessage: true });
        if (shape.WantsReasoning)
        {
            var reasoning = string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text));
            reasoning = reasoning.Length > 0 ? reasoning : known?.Reasoning ?? (shape.StandsIn ? StandIns.Reasoning : "");
            if (reasoning.Length > 0)
            {
                json.WriteString(ReasoningField, reasoning);
            }
        }

        WriteRaw(json, DetailsField, shape.WantsDetails ? known?.Details : null);
        WriteRaw(json, ExtraField, shape.WantsSignatures ? known?.OfMessage : null);
    }

    /// <summary>The <c>extra_content</c> of each call, as its service wants it.</summary>
    public static string?[] ToUpstream(FunctionCallContent[] calls, RequestShape shape)
    {
        var extras = Array.ConvertAll(calls, call => shape.WantsSignatures ? Of(call)?.OfCall : null);
        if (shape is { WantsSignatures: true, StandsIn: true } && Array.TrueForAll(extras, extra => extra is null))
        {
            extras[0] = StandIns.Signature;
        }

        return extras;
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value);
        }
    }

    // What is not of its type counts as absent, as every field that nobody here knows.
    private static JsonField? Field(JsonField? owner, string name, JsonValueKind kind) =>
        owner is { Value.ValueKind: JsonValueKind.Object } there && there.Find(name) is { } field && field.Value.ValueKind == kind
            ? field.Value.GetRawText().Length <= MaxLength ? field : throw field.Invalid($"expected at most {MaxLength} characters of JSON")
            : null;

    private static string? Without(JsonElement extra)
    {
        if (!extra.TryGetProperty(Own, out _))
        {
            return extra.GetRawText();
        }

        var left = JsonObject.Create(extra)!;
        left.Remove(Own);
        return left.Count == 0 ? null : WireJson.ToText(left);
    }

    /// <summary>What goes back where nobody kept what came: as the services allow it.</summary>
    private static class StandIns
    {
        /// <summary>https://ai.google.dev/gemini-api/docs/thought-signatures, on histories that another model has written.</summary>
        public const string Signature = """{"google":{"thought_signature":"skip_thought_signature_validator"}}""";

        /// <summary>Moonshot refuses an empty one: https://github.com/openclaw/openclaw/pull/59689.</summary>
        public const string Reasoning = ".";
    }
}
