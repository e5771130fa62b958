using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Writes the parameters of <see cref="ChatOptions"/> that are not about tools, and those it has no member for as they came.</summary>
internal static class OptionsWriter
{
    /// <summary>Where <see cref="ChatOptions.AdditionalProperties"/> keep whether the answer must follow the schema to the letter.</summary>
    public const string Strict = "strict";

    public static void Write(Utf8JsonWriter json, ChatOptions options, string tokenLimit)
    {
        WriteNumber(json, "temperature", options.Temperature);
        WriteNumber(json, "top_p", options.TopP);
        WriteNumber(json, "frequency_penalty", options.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", options.PresencePenalty);
        WriteInteger(json, "top_k", options.TopK);
        WriteInteger(json, "seed", options.Seed);
        WriteInteger(json, tokenLimit, options.MaxOutputTokens);
        WriteStop(json, options.StopSequences);
        WriteFormat(json, options);
        if (Effort(options) is { } effort)
        {
            json.WriteString("reasoning_effort"u8, effort);
        }

        foreach (var (name, value) in options.AdditionalProperties ?? [])
        {
            if (!IsOurs(name, options))
            {
                json.WritePropertyName(name);
                WriteValue(json, name, value);
            }
        }
    }

    // A name must not stand there twice; and what belongs to the platform or decides how the answer is read is never a stranger's to set.
    private static bool IsOurs(string name, ChatOptions options) => name switch
    {
        "model" or "messages" or "stream" or "stream_options" or "n" or "extendData" or Strict => true,
        "tools" or "tool_choice" or "parallel_tool_calls" => true,
        "temperature" => options.Temperature is not null,
        "top_p" => options.TopP is not null,
        "top_k" => options.TopK is not null,
        "frequency_penalty" => options.FrequencyPenalty is not null,
        "presence_penalty" => options.PresencePenalty is not null,
        "seed" => options.Seed is not null,
        "max_tokens" or "max_completion_tokens" => options.MaxOutputTokens is not null,
        "stop" => options.StopSequences is { Count: > 0 },
        "response_format" => options.ResponseFormat is not null,
        "reasoning_effort" => Effort(options) is not null,
        _ => false,
    };

    private static void WriteNumber(Utf8JsonWriter json, string name, float? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteInteger(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteStop(Utf8JsonWriter json, IList<string>? sequences)
    {
        if (sequences is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartArray("stop"u8);
        foreach (var sequence in sequences)
        {
            json.WriteStringValue(sequence);
        }

        json.WriteEndArray();
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.ResponseFormat is not { } format)
        {
            return;
        }

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
            if (options.AdditionalProperties?.TryGetValue(Strict, out var value) is true && value is bool strict)
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
        if (value is JsonElement element)
        {
            element.WriteTo(json);
        }
        else if (value is JsonNode node)
        {
            node.WriteTo(json);
        }
        else if (value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            var type = AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var known)
                ? known
                : throw new NotSupportedException($"ChatOptions.AdditionalProperties: '{name}' is a {value.GetType().Name}, which has no JSON form; pass a JsonElement.");
            JsonSerializer.Serialize(json, value, type);
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
