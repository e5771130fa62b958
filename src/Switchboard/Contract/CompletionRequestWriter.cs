using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Switchboard.Common;

namespace Switchboard.Contract;

/// <summary>Writes the request that asks an upstream for a streamed answer.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create</remarks>
internal static class CompletionRequestWriter
{
    /// <param name="output">Where to write.</param>
    /// <param name="shape">How the upstream wants to be asked.</param>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="options">The platform's parameters. Of what a turn carries beside them, nothing is written.</param>
    public static void Write(IBufferWriter<byte> output, RequestShape shape, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (!string.IsNullOrWhiteSpace(options?.Instructions))
        {
            messages = messages.Prepend(new ChatMessage(ChatRole.System, options.Instructions));
        }

        using var json = new Utf8JsonWriter(output, WireJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("model"u8, shape.Model);
        json.WriteStartArray("messages"u8);
        foreach (var message in shape.SystemAtHead ? RoleOrder.SystemAtHead(messages) : messages)
        {
            MessageWriter.Write(json, message, shape);
        }

        json.WriteEndArray();
        json.WriteBoolean("stream"u8, true);
        OptionsWriter.Write(json, options ?? new ChatOptions(), shape);
        json.WriteEndObject();
    }
}

/// <summary>Writes one message of the conversation. Reasoning is left out, since upstreams refuse their own when it is sent back, but for those that want it with tool calls.</summary>
internal static class MessageWriter
{
    public static void Write(Utf8JsonWriter json, ChatMessage message, RequestShape shape)
    {
        if (message.Role == ChatRole.Tool)
        {
            WriteToolResults(json, message.Contents);
            return;
        }

        json.WriteStartObject();
        json.WriteString("role"u8, message.Role == WireRoles.Developer && !shape.KnowsDeveloper ? ChatRole.System.Value : message.Role.Value);
        FunctionCallContent[] calls = message.Role == ChatRole.Assistant ? [.. message.Contents.OfType<FunctionCallContent>()] : [];
        ContentWriter.Write(json, message.Contents, mayBeAbsent: calls.Length > 0, shape.TakesFiles);
        if (message.Role == ChatRole.Assistant)
        {
            WriteRefusal(json, message.Contents);
        }

        if (calls.Length > 0)
        {
            ToolCallJson.Write(json, calls, Thoughts.ToUpstream(calls, shape), shape.KnowsCustomTools);
            Thoughts.WriteMessage(json, message, calls, shape);
        }

        if (shape.TakesNames && ParticipantName.Clean(message.AuthorName) is { } name)
        {
            json.WriteString("name"u8, name);
        }

        json.WriteEndObject();
    }

    private static void WriteRefusal(Utf8JsonWriter json, IList<AIContent> contents)
    {
        var refusal = string.Concat(contents.Where(Refusals.Is).Select(content => ((ErrorContent)content).Message));
        if (refusal.Length > 0)
        {
            json.WriteString("refusal"u8, refusal);
        }
    }

    // On the wire each result is a message of its own.
    private static void WriteToolResults(Utf8JsonWriter json, IList<AIContent> contents)
    {
        foreach (var result in contents.OfType<FunctionResultContent>())
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "tool"u8);
            json.WriteString("tool_call_id"u8, result.CallId);
            json.WriteString("content"u8, Text(result.Result));
            json.WriteEndObject();
        }
    }

    private static string Text(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        // As it came: the serializer below would indent it, and every space is a token.
        JsonElement element => element.GetRawText(),
        _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))),
    };
}

/// <summary>
/// Writes <c>content</c>: one text as a string, which every server understands, anything else as an array of parts.
/// What the format has no part for is left out.
/// </summary>
internal static class ContentWriter
{
    /// <param name="json">Where to write.</param>
    /// <param name="contents">The contents of a message.</param>
    /// <param name="mayBeAbsent">Whether the message says enough without content.</param>
    /// <param name="takesFiles">Whether there is a part for files; else a note stands in its place.</param>
    public static void Write(Utf8JsonWriter json, IList<AIContent> contents, bool mayBeAbsent, bool takesFiles)
    {
        switch (contents.Select(content => content is UnreadContent unread && !(unread.IsFile && takesFiles) ? new TextContent(UnreadContent.Note) : content).Where(IsPart).ToArray())
        {
            case []:
                if (!mayBeAbsent)
                {
                    json.WriteString("content"u8, ""u8);
                }

                break;
            case [TextContent only]:
                json.WriteString("content"u8, only.Text);
                break;
            case var parts:
                WriteParts(json, parts);
                break;
        }
    }

    private static bool IsPart(AIContent content) =>
        content is TextContent or UnreadContent || IsImage(content) || (content is DataContent data && AudioFormats.ToWire(data.MediaType) is not null);

    private static bool IsImage(AIContent content) =>
        (content is UriContent uri && uri.HasTopLevelMediaType("image")) || (content is DataContent data && data.HasTopLevelMediaType("image"));

    private static void WriteParts(Utf8JsonWriter json, AIContent[] parts)
    {
        json.WriteStartArray("content"u8);
        foreach (var content in parts)
        {
            json.WriteStartObject();
            if (content is TextContent text)
            {
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
            }
            else if (content is UnreadContent unread)
            {
                json.WriteString("type"u8, "file"u8);
                json.WritePropertyName("file"u8);
                unread.File.WriteTo(json);
            }
            else if (IsImage(content))
            {
                WriteImage(json, content);
            }
            else
            {
                WriteAudio(json, (DataContent)content);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter json, AIContent image)
    {
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        // The address as it was given: to escape it anew can break a signed one.
        json.WriteString("url"u8, image is UriContent uri ? uri.Uri.OriginalString : ((DataContent)image).Uri);
        if (image.AdditionalProperties?.TryGetValue("detail", out var detail) is true && detail is string level)
        {
            json.WriteString("detail"u8, level);
        }

        json.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter json, DataContent audio)
    {
        json.WriteString("type"u8, "input_audio"u8);
        json.WriteStartObject("input_audio"u8);
        json.WriteBase64String("data"u8, audio.Data.Span);
        json.WriteString("format"u8, AudioFormats.ToWire(audio.MediaType));
        json.WriteEndObject();
    }
}

/// <summary>
/// The <c>name</c> of a message. OpenAI refuses the whole request for one that has spaces or any of <c>&lt; | \ / &gt;</c>, or more
/// than 64 characters.
/// </summary>
internal static partial class ParticipantName
{
    private const int MaxLength = 64;

    /// <summary>The name without what is refused; null when nothing is left.</summary>
    public static string? Clean(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        var clean = Refused().Replace(name, "");
        return clean.Length == 0 ? null : TextCut.Cut(clean, MaxLength);
    }

    [GeneratedRegex(@"[\s<|\\/>]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Refused();
}
