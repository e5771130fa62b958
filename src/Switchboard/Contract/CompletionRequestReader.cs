using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Reads and validates a chat-completions request. What it does not know it ignores.</summary>
internal static class CompletionRequestReader
{
    /// <summary>Reads <paramref name="body"/>; its parameters are set on <paramref name="options"/>.</summary>
    /// <exception cref="ApiException">A field is missing or wrong; the exception names it.</exception>
    public static CompletionRequest Read(JsonElement body, ChatOptions options, int maxMessages)
    {
        var model = JsonFields.RequiredName(body, "model");
        var messages = ReadMessages(body, maxMessages);
        var stream = JsonFields.OptionalBoolean(body, "stream") ?? false;
        var includeUsage = JsonFields.TryGetObject(body, "stream_options", null, out var streamOptions)
            && (JsonFields.OptionalBoolean(streamOptions, "include_usage", "stream_options") ?? false);
        if (JsonFields.OptionalInteger(body, "n", 1, int.MaxValue) > 1)
        {
            throw ApiException.UnsupportedValue("n", "a call has one answer, so only 1 is supported");
        }

        options.ModelId = model;
        OptionsReader.Read(body, options);
        ToolReader.Read(body, options);
        return new CompletionRequest(model, messages, stream, includeUsage);
    }

    private static List<ChatMessage> ReadMessages(JsonElement body, int maxMessages)
    {
        if (!JsonFields.TryGetArray(body, "messages", null, out var array))
        {
            throw ApiException.MissingParameter("messages");
        }

        var count = array.GetArrayLength();
        if (count == 0 || count > maxMessages)
        {
            throw ApiException.InvalidValue("messages", $"expected 1 to {maxMessages} messages, found {count}");
        }

        var messages = new List<ChatMessage>(count);
        foreach (var item in array.EnumerateArray())
        {
            messages.Add(MessageReader.Read(item, $"messages[{messages.Count}]"));
        }

        return messages;
    }
}

/// <summary>A validated chat-completions request.</summary>
/// <param name="Model">The model id, as sent.</param>
/// <param name="Messages">The conversation, oldest first; never empty.</param>
/// <param name="Stream">Whether the answer is streamed.</param>
/// <param name="IncludeUsage">Whether a streamed answer ends with a usage chunk.</param>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create</remarks>
internal sealed record CompletionRequest(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream, bool IncludeUsage);

/// <summary>Reads one message of the conversation.</summary>
internal static class MessageReader
{
    public static ChatMessage Read(JsonElement message, string path)
    {
        JsonFields.EnsureObject(message, path);
        var role = JsonFields.RequiredString(message, "role", path) switch
        {
            "system" => ChatRole.System,
            "developer" => WireRoles.Developer,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => throw ApiException.InvalidValue($"{path}.role", "expected system, developer, user, assistant or tool"),
        };

        return new ChatMessage(role, role == ChatRole.Tool ? ToolResult(message, path) : Contents(message, role, path))
        {
            AuthorName = JsonFields.OptionalName(message, "name", path),
        };
    }

    private static List<AIContent> Contents(JsonElement message, ChatRole role, string path)
    {
        var contents = ContentReader.Read(message, path);
        var isAssistant = role == ChatRole.Assistant;
        if (isAssistant && JsonFields.OptionalString(message, "refusal", path) is { } refusal)
        {
            contents.Add(Refusals.Content(refusal));
        }

        if (isAssistant && JsonFields.TryGetArray(message, "tool_calls", path, out var calls))
        {
            JsonFields.EnsureCount(calls, $"{path}.tool_calls", ToolReader.MaxTools);
            var index = 0;
            foreach (var call in calls.EnumerateArray())
            {
                contents.Add(ToolCall(call, $"{path}.tool_calls[{index++}]"));
            }
        }

        return contents.Count > 0 ? contents : throw ApiException.MissingParameter($"{path}.content");
    }

    private static FunctionCallContent ToolCall(JsonElement call, string path)
    {
        JsonFields.EnsureObject(call, path);
        var function = JsonFields.RequiredObject(call, "function", path);
        return ToolCallJson.ToContent(
            JsonFields.RequiredName(call, "id", path),
            JsonFields.RequiredName(function, "name", $"{path}.function"),
            JsonFields.OptionalString(function, "arguments", $"{path}.function") ?? "");
    }

    private static List<AIContent> ToolResult(JsonElement message, string path)
    {
        var callId = JsonFields.RequiredName(message, "tool_call_id", path);
        var text = string.Concat(ContentReader.Read(message, path).OfType<TextContent>().Select(part => part.Text));
        return [new FunctionResultContent(callId, text)];
    }
}

/// <summary>Reads <c>content</c>: a string, null, or an array of parts.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create#chat_create-messages</remarks>
internal static class ContentReader
{
    public static List<AIContent> Read(JsonElement message, string path)
    {
        var at = $"{path}.content";
        if (!JsonFields.TryGet(message, "content", out var content))
        {
            return [];
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => [new TextContent(JsonFields.String(content, at))],
            JsonValueKind.Array => Parts(content, at),
            _ => throw ApiException.InvalidValue(at, "expected a string or an array of parts"),
        };
    }

    private static List<AIContent> Parts(JsonElement array, string path)
    {
        var contents = new List<AIContent>(array.GetArrayLength());
        foreach (var part in array.EnumerateArray())
        {
            contents.Add(Part(part, $"{path}[{contents.Count}]"));
        }

        return contents.Count > 0 ? contents : throw ApiException.InvalidValue(path, "expected at least one part");
    }

    private static AIContent Part(JsonElement part, string path)
    {
        JsonFields.EnsureObject(part, path);
        return JsonFields.RequiredString(part, "type", path) switch
        {
            "text" => new TextContent(JsonFields.OptionalString(part, "text", path) ?? throw ApiException.MissingParameter($"{path}.text")),
            "refusal" => Refusals.Content(JsonFields.RequiredString(part, "refusal", path)),
            "image_url" => Image(JsonFields.RequiredObject(part, "image_url", path), $"{path}.image_url"),
            "input_audio" => Audio(JsonFields.RequiredObject(part, "input_audio", path), $"{path}.input_audio"),
            _ => throw ApiException.InvalidValue($"{path}.type", "expected text, image_url or input_audio"),
        };
    }

    private static AIContent Image(JsonElement image, string path)
    {
        var url = JsonFields.RequiredString(image, "url", path);
        var content = ImageAt(url, $"{path}.url");
        if (JsonFields.OptionalName(image, "detail", path) is { } detail)
        {
            content.AdditionalProperties = new() { ["detail"] = detail };
        }

        return content;
    }

    private static AIContent ImageAt(string url, string path)
    {
        try
        {
            return url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(url)
                : Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new UriContent(address, "image/*")
                : throw ApiException.InvalidValue(path, "expected an http, https or data URI");
        }
        catch (Exception fault) when (fault is ArgumentException or UriFormatException)
        {
            throw ApiException.InvalidValue(path, "the data URI is malformed");
        }
    }

    private static DataContent Audio(JsonElement audio, string path)
    {
        var mediaType = AudioFormats.ToMediaType(JsonFields.RequiredString(audio, "format", path))
            ?? throw ApiException.InvalidValue($"{path}.format", "expected wav or mp3");
        _ = JsonFields.RequiredString(audio, "data", path);
        return audio.GetProperty("data").TryGetBytesFromBase64(out var bytes)
            ? new DataContent(bytes, mediaType)
            : throw ApiException.InvalidValue($"{path}.data", "expected base64");
    }
}
