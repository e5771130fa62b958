using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Writes an answer that is not streamed: one <c>chat.completion</c> object.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/object</remarks>
internal static class CompletionWriter
{
    public static void Write(IBufferWriter<byte> output, CompletionHead head, CompletedAnswer answer, AnswerForm form)
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
        WriteMessage(json, answer, form);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, form.FinishReason(answer.FinishReason));
        json.WriteEndObject();
        json.WriteEndArray();
        UsageJson.Write(json, answer.Usage);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, CompletedAnswer answer, AnswerForm form)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, answer.Text.Length == 0 && answer.ToolCalls.Length > 0 ? null : answer.Text);
        json.WriteNull("refusal"u8);
        if (form.HasFunctionCall && answer.ToolCalls is [var only, ..])
        {
            ToolCallJson.WriteFunctionCall(json, only);
        }
        else if (answer.ToolCalls.Length > 0)
        {
            Thoughts.WriteReasoning(json, answer.ToolCalls);
            ToolCallJson.Write(json, answer.ToolCalls, Array.ConvertAll(answer.ToolCalls, Thoughts.ToClient));
        }

        json.WriteEndObject();
    }
}

/// <summary>What stands the same on every chunk of one answer.</summary>
/// <param name="Id">The id of the completion, <c>chatcmpl-…</c>.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The model id, as requested.</param>
internal sealed record CompletionHead(string Id, long Created, string Model)
{
    public static CompletionHead Create(string model, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new CompletionHead($"chatcmpl-{Guid.CreateVersion7(now):N}", now.ToUnixTimeSeconds(), model);
    }
}

/// <summary>A whole answer.</summary>
internal sealed record CompletedAnswer(string Text, FunctionCallContent[] ToolCalls, string FinishReason, UsageDetails Usage);
