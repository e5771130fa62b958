using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Writes the parameters of <see cref="ChatOptions"/> that are not about tools, and those it has no member for as they came.</summary>
internal static class OptionsWriter
{
    /// <summary>Where <see cref="ChatOptions.AdditionalProperties"/> keep whether the answer must follow the schema to the letter.</summary>
    public const string Strict = "strict";

    // What belongs to the platform or decides how the answer is read is never a stranger's to set; tools have a writer of their own.
    private static readonly string[] Reserved =
        ["model", "messages", "stream", "stream_options", "n", "extendData", Strict, "tools", "tool_choice", "parallel_tool_calls"];

    public static void Write(Utf8JsonWriter json, ChatOptions options, string tokenLimit)
    {
        // A name must not stand there twice.
        var written = new List<string>(12);
        Number("temperature", options.Temperature);
        Number("top_p", options.TopP);
        Number("frequency_penalty", options.FrequencyPenalty);
        Number("presence_penalty", options.PresencePenalty);
        Integer("top_k", options.TopK);
        Integer("seed", options.Seed);
        Integer(tokenLimit, options.MaxOutputTokens);
        if (options.MaxOutputTokens is not null)
        {
            written.AddRange("max_tokens", "max_completion_tokens");
        }

        if (options.StopSequences is { Count: > 0 } sequences)
        {
            written.Add("stop");
            json.WriteStartArray("stop"u8);
            foreach (var sequence in sequences)
            {
                json.WriteStringValue(sequence);
            }

            json.WriteEndArray();
        }

        if (options.ResponseFormat is { } format)
        {
            written.Add("response_format");
            WriteFormat(json, format, options.AdditionalProperties);
        }

        if (Effort(options) is { } effort)
        {
            written.Add("reasoning_effort");
            json.WriteString("reasoning_effort"u8, effort);
        }

        foreach (var (name, value) in options.AdditionalProperties ?? [])
        {
            if (!Reserved.Contains(name) && !written.Contains(name))
            {
                json.WritePropertyName(name);
                WriteValue(json, name, value);
            }
        }

        void Number(string name, float? value)
        {
            if (value is { } number)
            {
                written.Add(name);
                json.WriteNumber(name, number);
            }
        }

        void Integer(string name, long? value)
        {
            if (value is { } number)
            {
                written.Add(name);
                json.WriteNumber(name, number);
            }
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormat format, AdditionalPropertiesDictionary? properties)
    {
        json.WriteStartObject("response_format"u8);
        if (format is ChatResponseFormatJson { Schema: { } schema } described)
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, described.SchemaName ?? "json_schema");
            if (described.SchemaDescription is { } description)
            {
                json.WriteString("description"u8, description);
            }

            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            if (properties?.TryGetValue(Strict, out var value) is true && value is bool strict)
            {
                json.WriteBoolean("strict"u8, strict);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type"u8, format is ChatResponseFormatJson ? "json_object"u8 : "text"u8);
        }

        json.WriteEndObject();
    }

    private static string? Effort(ChatOptions options) => options.Reasoning?.Effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case JsonNode node:
                node.WriteTo(json);
                break;
            default:
                var type = AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var known) ? known
                    : throw new NotSupportedException($"ChatOptions.AdditionalProperties: '{name}' is a {value.GetType().Name}, which has no JSON form; pass a JsonElement.");
                JsonSerializer.Serialize(json, value, type);
                break;
        }
    }
}

/// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>; the last two are refused where there are no tools.</summary>
internal static class ToolWriter
{
    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        AIFunctionDeclaration[] tools = [.. options.Tools?.OfType<AIFunctionDeclaration>() ?? []];
        if (tools.Length == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            WriteTool(json, tool);
        }

        json.WriteEndArray();
        WriteChoice(json, options.ToolMode);
        if (options.AllowMultipleToolCalls is { } parallel)
        {
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    private static void WriteTool(Utf8JsonWriter json, AIFunctionDeclaration tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { Length: > 0 } description)
        {
            json.WriteString("description"u8, description);
        }

        json.WritePropertyName("parameters"u8);
        tool.JsonSchema.WriteTo(json);
        if (tool.AdditionalProperties.TryGetValue(OptionsWriter.Strict, out var value) && value is bool strict)
        {
            json.WriteBoolean("strict"u8, strict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatToolMode? mode)
    {
        switch (mode)
        {
            case NoneChatToolMode:
                json.WriteString("tool_choice"u8, "none"u8);
                break;
            case AutoChatToolMode:
                json.WriteString("tool_choice"u8, "auto"u8);
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice"u8, "required"u8);
                break;
        }
    }
}
