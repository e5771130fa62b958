using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>A validated chat-completions request.</summary>
/// <param name="Model">The model id, as sent.</param>
/// <param name="Messages">The conversation, oldest first; never empty.</param>
/// <param name="Stream">Whether the answer is streamed.</param>
/// <param name="IncludeUsage">Whether a streamed answer ends with a usage chunk.</param>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create</remarks>
internal sealed record CompletionRequest(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream, bool IncludeUsage);

/// <summary>Reads and validates a chat-completions request. What it does not know it ignores.</summary>
internal static class CompletionRequestReader
{
    /// <summary>Reads <paramref name="json"/>; its parameters are set on <paramref name="options"/>.</summary>
    /// <exception cref="ApiException">A field is missing or wrong; the exception names it.</exception>
    public static CompletionRequest Read(JsonElement json, ChatOptions options, int maxMessages)
    {
        var body = new JsonField(json);
        var model = body.RequiredName("model");
        var messages = Messages(body.Required("messages").Array(), maxMessages);
        var stream = body.Find("stream")?.Boolean() ?? false;
        var includeUsage = body.Find("stream_options")?.Object().Find("include_usage")?.Boolean() ?? false;
        if (body.Find("n")?.Integer(1) > 1)
        {
            throw ApiException.UnsupportedValue("n", "only 1 answer is supported");
        }

        options.ModelId = model;
        OptionsReader.Read(body, options);
        ToolReader.Read(body, options);
        return new CompletionRequest(model, messages, stream, includeUsage);
    }

    private static List<ChatMessage> Messages(JsonField messages, int most)
    {
        var count = messages.Value.GetArrayLength();
        return count >= 1 && count <= most ? [.. messages.Items().Select(MessageReader.Read)]
            : throw messages.Invalid($"expected 1 to {most} messages, found {count}");
    }
}

/// <summary>Reads one message of the conversation.</summary>
internal static class MessageReader
{
    public static ChatMessage Read(JsonField message)
    {
        var role = message.Object().RequiredText("role") switch
        {
            "system" => ChatRole.System,
            "developer" => WireRoles.Developer,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => throw message.Invalid("role", "expected system, developer, user, assistant or tool"),
        };

        return new ChatMessage(role, role == ChatRole.Tool ? ToolResult(message) : Contents(message, isAssistant: role == ChatRole.Assistant))
        {
            AuthorName = message.Find("name")?.Name(),
        };
    }

    private static List<AIContent> Contents(JsonField message, bool isAssistant)
    {
        var contents = ContentReader.Read(message);
        if (isAssistant && message.Find("refusal")?.Text() is { } refusal)
        {
            contents.Add(Refusals.Content(refusal));
        }

        if (isAssistant && message.Find("tool_calls") is { } calls)
        {
            FunctionCallContent[] called = [.. calls.Items(ToolReader.MaxTools).Select(ToolCall)];
            Thoughts.ReadClient(message, calls, called);
            contents.AddRange(called);
        }

        return contents.Count > 0 ? contents : throw ApiException.MissingParameter($"{message.Path}.content");
    }

    private static FunctionCallContent ToolCall(JsonField call)
    {
        var function = call.Object().Required("function").Object();
        return ToolCallJson.ToContent(call.RequiredName("id"), function.RequiredName("name"), function.Find("arguments")?.Text() ?? "");
    }

    private static List<AIContent> ToolResult(JsonField message)
    {
        var callId = message.RequiredName("tool_call_id");
        var text = string.Concat(ContentReader.Read(message).OfType<TextContent>().Select(part => part.Text));
        return [new FunctionResultContent(callId, text)];
    }
}

/// <summary>Reads <c>content</c>: a string, null, or an array of parts.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create#chat_create-messages</remarks>
internal static class ContentReader
{
    public static List<AIContent> Read(JsonField message) => message.Find("content") switch
    {
        null => [],
        { Value.ValueKind: JsonValueKind.String } text => [new TextContent(text.Text())],
        { Value.ValueKind: JsonValueKind.Array } parts => parts.Value.GetArrayLength() > 0 ? [.. parts.Items().Select(Part)]
            : throw parts.Invalid("expected at least one part"),
        { } other => throw other.Invalid("expected a string or an array of parts"),
    };

    private static AIContent Part(JsonField part) => part.Object().RequiredText("type") switch
    {
        "text" => new TextContent(part.Required("text").Text()),
        "refusal" => Refusals.Content(part.RequiredText("refusal")),
        "image_url" => Image(part.Required("image_url").Object()),
        "input_audio" => Audio(part.Required("input_audio").Object()),
        _ => throw part.Invalid("type", "expected text, image_url or input_audio"),
    };

    private static AIContent Image(JsonField image)
    {
        var content = ImageAt(image.RequiredText("url"), image);
        if (image.Find("detail")?.Name() is { } detail)
        {
            content.AdditionalProperties = new() { ["detail"] = detail };
        }

        return content;
    }

    private static AIContent ImageAt(string url, JsonField image)
    {
        try
        {
            return url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(url)
                : Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new UriContent(address, "image/*")
                : throw image.Invalid("url", "expected an http, https or data URL");
        }
        catch (Exception exception) when (exception is ArgumentException or UriFormatException)
        {
            throw image.Invalid("url", "the data URL is malformed");
        }
    }

    private static DataContent Audio(JsonField audio)
    {
        var mediaType = AudioFormats.ToMediaType(audio.RequiredText("format")) ?? throw audio.Invalid("format", "expected wav or mp3");
        _ = audio.RequiredText("data");
        return audio.Value.GetProperty("data").TryGetBytesFromBase64(out var bytes) ? new DataContent(bytes, mediaType)
            : throw audio.Invalid("data", "expected base64 data");
    }
}
