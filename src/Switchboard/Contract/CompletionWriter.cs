using System.Buffers;
using System.Text.Json;

namespace Switchboard.Contract;

/// <summary>Writes an answer that is not streamed: one <c>chat.completion</c> object.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/object</remarks>
internal static class CompletionWriter
{
    public static void Write(IBufferWriter<byte> output, CompletionHead head, CompletedAnswer answer)
    {
        using var json = new Utf8JsonWriter(output, WireJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, head.Id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, head.Created);
        json.WriteString("model"u8, head.Model);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        WriteMessage(json, answer);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, answer.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        UsageJson.Write(json, answer.Usage);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, CompletedAnswer answer)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, answer.Text.Length == 0 && answer.ToolCalls.Length > 0 ? null : answer.Text);
        json.WriteNull("refusal"u8);
        if (answer.ToolCalls.Length > 0)
        {
            ToolCallsJson.Write(json, answer.ToolCalls, ToolCallsJson.Arguments(answer.ToolCalls), firstIndex: null);
        }

        json.WriteEndObject();
    }
}
