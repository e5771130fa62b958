using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
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

/// <summary>A chunk without its text, encoded once a stream, cut in two where the text goes.</summary>
internal sealed class ContentFrame(byte[] start, byte[] end)
{
    // A piece of speech is a few words; beyond this a second copy costs less than a large span.
    private const int MaxPlainLength = 256;

    public int Length => start.Length + end.Length;

    /// <param name="output">Where the chunk goes.</param>
    /// <param name="json">Writes to the same place; used where the text needs escapes.</param>
    /// <param name="text">The text of the chunk.</param>
    public void Write(IBufferWriter<byte> output, Utf8JsonWriter json, ReadOnlySpan<char> text)
    {
        if (TryWritePlain(output, text))
        {
            return;
        }

        output.Write(start);
        json.WriteStringValue(text);
        json.Flush();
        json.Reset();
        output.Write(end);
    }

    // The whole chunk in one span, where its text needs no escape: a response body takes a lock for every span and every advance.
    private bool TryWritePlain(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        const int MaxUtf8BytesPerChar = 3;
        if (text.Length > MaxPlainLength)
        {
            return false;
        }

        var chunk = output.GetSpan(start.Length + (MaxUtf8BytesPerChar * text.Length) + end.Length + "\"\"".Length);
        var place = chunk[(start.Length + 1)..];
        if (Utf8.FromUtf16(text, place, out _, out var length, replaceInvalidSequences: false) is not OperationStatus.Done
            || JavaScriptEncoder.UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncodeUtf8(place[..length]) >= 0)
        {
            return false;
        }

        start.CopyTo(chunk);
        chunk[start.Length] = (byte)'"';
        place[length] = (byte)'"';
        end.CopyTo(place[(length + 1)..]);
        output.Advance(start.Length + 1 + length + 1 + end.Length);
        return true;
    }
}

/// <summary>A whole answer.</summary>
internal sealed record CompletedAnswer(string Text, FunctionCallContent[] ToolCalls, string FinishReason, UsageDetails Usage);
