using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Writes the request that asks an upstream for a streamed answer.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create</remarks>
internal static class CompletionRequestWriter
{
    /// <param name="output">Where to write.</param>
    /// <param name="model">The upstream's own name of the model; what <paramref name="options"/> name is the platform's.</param>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="options">The parameters. Of what a turn carries beside them, nothing is written.</param>
    /// <param name="tokenLimit">The name of the field that limits the answer's tokens.</param>
    public static void Write(IBufferWriter<byte> output, string model, IEnumerable<ChatMessage> messages, ChatOptions? options, string tokenLimit)
    {
        using var json = new Utf8JsonWriter(output, WireJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("messages"u8);
        if (!string.IsNullOrWhiteSpace(options?.Instructions))
        {
            MessageWriter.Write(json, new ChatMessage(ChatRole.System, options.Instructions));
        }

        foreach (var message in messages)
        {
            MessageWriter.Write(json, message);
        }

        json.WriteEndArray();
        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
        if (options is not null)
        {
            OptionsWriter.Write(json, options, tokenLimit);
            ToolWriter.Write(json, options);
        }

        json.WriteEndObject();
    }
}
