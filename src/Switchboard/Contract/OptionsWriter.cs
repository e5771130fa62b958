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
        ["model", "messages", "stream", "stream_options", "n", "extendData", Strict, "tools", ToolWriter.Choice, "parallel_tool_calls"];

    public static void Write(Utf8JsonWriter json, ChatOptions options, RequestShape shape)
    {
        AITool[] tools = shape.LeftOut.Contains("tools") ? []
            : [.. options.Tools?.Where(tool => tool is AIFunctionDeclaration || (tool is CustomTool && shape.KnowsCustomTools)) ?? []];
        var fields = tools.Length > 0 ? shape.FieldsBesideTools : shape.Fields;
        WriteFields(json, fields, shape);
        // A name must not stand there twice.
        var written = new List<string>(12);
        Number("temperature", options.Temperature);
        Number("top_p", options.TopP);
        Number("frequency_penalty", options.FrequencyPenalty);
        Number("presence_penalty", options.PresencePenalty);
        Integer("top_k", options.TopK);
        Integer("seed", options.Seed);
        // Whoever sets one of its two names sets the limit: both at once are refused.
        var hasLimit = fields.ContainsKey(RequestShape.MaxTokensField) || fields.ContainsKey(RequestShape.MaxCompletionTokensField);
        if (hasLimit || shape.MaxTokens is not null || options.MaxOutputTokens is not null)
        {
            Integer(shape.TokenLimit, hasLimit ? null : shape.MaxTokens ?? options.MaxOutputTokens);
            written.AddRange(RequestShape.MaxTokensField, RequestShape.MaxCompletionTokensField);
        }

        if (options.StopSequences is { Count: > 0 } sequences && Begin("stop"))
        {
            json.WriteStartArray();
            foreach (var sequence in sequences)
            {
                json.WriteStringValue(sequence);
            }

            json.WriteEndArray();
        }

        if (options.ResponseFormat is { } format && Begin("response_format"))
        {
            WriteFormat(json, format, options.AdditionalProperties);
        }

        if (Effort(options) is { } effort && Begin("reasoning_effort"))
        {
            json.WriteStringValue(effort);
        }

        foreach (var (name, value) in options.AdditionalProperties ?? [])
        {
            if (!Reserved.Contains(name) && !written.Contains(name) && Begin(name))
            {
                WriteValue(json, name, value);
            }
        }

        if (tools.Length > 0)
        {
            ToolWriter.Write(json, tools);
            if (options.ToolMode is { } mode && Begin(ToolWriter.Choice))
            {
                ToolWriter.WriteChoice(json, mode);
            }
            else if (options.ToolMode is null && shape.KnowsCustomTools && options.AdditionalProperties?.TryGetValue(ToolWriter.Choice, out var choice) is true && Begin(ToolWriter.Choice))
            {
                WriteValue(json, ToolWriter.Choice, choice);
            }

            if (options.AllowMultipleToolCalls is { } parallel && Begin("parallel_tool_calls"))
            {
                json.WriteBooleanValue(parallel);
            }
        }

        bool Begin(string name)
        {
            written.Add(name);
            if (shape.LeftOut.Contains(name) || shape.Withheld.Contains(name) || fields.ContainsKey(name))
            {
                return false;
            }

            json.WritePropertyName(name);
            return true;
        }

        void Number(string name, float? value)
        {
            if (value is { } number && Begin(name))
            {
                json.WriteNumberValue(number);
            }
        }

        void Integer(string name, long? value)
        {
            if (value is { } number && Begin(name))
            {
                json.WriteNumberValue(number);
            }
        }
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyDictionary<string, JsonElement> fields, RequestShape shape)
    {
        foreach (var (name, value) in fields)
        {
            if (!shape.LeftOut.Contains(name))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormat format, AdditionalPropertiesDictionary? properties)
    {
        json.WriteStartObject();
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

/// <summary>Writes <c>tools</c>, and the value of <c>tool_choice</c>. That and <c>parallel_tool_calls</c> are refused where there are no tools.</summary>
internal static class ToolWriter
{
    /// <summary>The field, and where <see cref="ChatOptions.AdditionalProperties"/> keep one that <see cref="ChatToolMode"/> has no member for.</summary>
    public const string Choice = "tool_choice";

    public static void Write(Utf8JsonWriter json, AITool[] tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            if (tool is CustomTool custom)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "custom"u8);
                json.WritePropertyName("custom"u8);
                custom.Declaration.WriteTo(json);
                json.WriteEndObject();
            }
            else
            {
                WriteTool(json, (AIFunctionDeclaration)tool);
            }
        }

        json.WriteEndArray();
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

    public static void WriteChoice(Utf8JsonWriter json, ChatToolMode mode)
    {
        switch (mode)
        {
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject();
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteStringValue("required"u8);
                break;
            case NoneChatToolMode:
                json.WriteStringValue("none"u8);
                break;
            default:
                json.WriteStringValue("auto"u8);
                break;
        }
    }
}
