using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>A validated chat-completions request.</summary>
/// <param name="Model">The model id, as sent.</param>
/// <param name="Messages">The conversation, oldest first; never empty.</param>
/// <param name="Stream">Whether the answer is streamed.</param>
/// <param name="IncludeUsage">Whether a streamed answer ends with a usage chunk.</param>
/// <param name="KnowsFunctionsAlone">Whether the client declared <c>functions</c>, and so reads no <c>tool_calls</c>.</param>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create</remarks>
internal sealed record CompletionRequest(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream, bool IncludeUsage, bool KnowsFunctionsAlone);

/// <summary>Reads and validates a chat-completions request. What it does not know it ignores.</summary>
internal static class CompletionRequestReader
{
    /// <summary>Reads <paramref name="json"/>; its parameters are set on <paramref name="options"/>.</summary>
    /// <param name="json">The body.</param>
    /// <param name="options">Where they are set.</param>
    /// <param name="maxMessages">The most messages.</param>
    /// <param name="defaultModel">What is asked for by a request that names no model, as D-ID's; null where there is nothing to choose.</param>
    /// <exception cref="ApiException">A field is missing or wrong; the exception names it.</exception>
    public static CompletionRequest Read(JsonElement json, ChatOptions options, int maxMessages, string? defaultModel)
    {
        var body = new JsonField(json);
        var model = body.Find("model")?.Name() is { Length: > 0 } named ? named : defaultModel ?? body.RequiredName("model");
        var messages = Messages(body.Required("messages").Array(), maxMessages);
        var stream = body.Find("stream")?.Boolean() ?? false;
        var includeUsage = body.Find("stream_options")?.Object().Find("include_usage")?.Boolean() ?? false;
        if (body.Find("n")?.Integer(1) > 1)
        {
            throw ApiException.UnsupportedValue("n", "only 1 answer is supported");
        }

        options.ModelId = model;
        OptionsReader.Read(body, options);
        var knowsFunctionsAlone = ToolReader.Read(body, options);
        return new CompletionRequest(model, messages, stream, includeUsage, knowsFunctionsAlone);
    }

    private static List<ChatMessage> Messages(JsonField messages, int most)
    {
        var count = messages.Value.GetArrayLength();
        var open = new CallsWithoutResult();
        return count >= 1 && count <= most ? [.. messages.Items().Select(message => MessageReader.Read(message, open))]
            : throw messages.Invalid($"expected 1 to {most} messages, found {count}");
    }
}

/// <summary>Reads one message of the conversation.</summary>
internal static class MessageReader
{
    public static ChatMessage Read(JsonField message, CallsWithoutResult open)
    {
        var role = message.Object().RequiredText("role") switch
        {
            "system" => ChatRole.System,
            "developer" => WireRoles.Developer,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            // The elder of tool, and what IMS calls the results of its plug-ins: https://help.aliyun.com/zh/ims/user-guide/llm-configuration
            "tool" or "function" or "plugin" => ChatRole.Tool,
            _ => throw message.Invalid("role", "expected system, developer, user, assistant, tool, function or plugin"),
        };

        if (role == ChatRole.User)
        {
            open.Clear();
        }

        return new ChatMessage(role, role == ChatRole.Tool ? ToolResult(message, open) : Contents(message, role, open))
        {
            AuthorName = message.Find("name")?.Name(),
        };
    }

    private static List<AIContent> Contents(JsonField message, ChatRole role, CallsWithoutResult open)
    {
        var contents = ContentReader.Read(message, isCaller: role == ChatRole.User);
        var isAssistant = role == ChatRole.Assistant;
        if (isAssistant && message.Find("refusal")?.Text() is { } refusal)
        {
            contents.Add(Refusals.Content(refusal));
        }

        if (isAssistant && message.Find("tool_calls") is { } calls)
        {
            FunctionCallContent[] called = [.. calls.Items(ToolReader.MaxTools).Select(ToolCall)];
            Thoughts.ReadClient(message, calls, called);
            contents.AddRange(called);
            open.Ask(called);
        }
        else if (isAssistant && message.Find("function_call") is { } function)
        {
            var called = Function(open.NewId(), function.Object());
            contents.Add(called);
            open.Ask(called);
        }

        // An assistant that was cut off before it said anything stands in some histories with nothing; one such must not end the call.
        return contents.Count > 0 || isAssistant ? contents : throw ApiException.MissingParameter($"{message.Path}.content");
    }

    private static FunctionCallContent ToolCall(JsonField call)
    {
        var id = call.Object().RequiredName("id");
        return call.Find("custom") is { } custom
            ? ToolCallJson.Custom(id, custom.Object().RequiredName("name"), custom.Find("input")?.Text() ?? "")
            : Function(id, call.Required("function").Object());
    }

    private static FunctionCallContent Function(string id, JsonField function) =>
        ToolCallJson.ToContent(id, function.RequiredName("name"), JsonBody.WithWholeCharacters(function.Find("arguments")?.Text() ?? ""));

    private static List<AIContent> ToolResult(JsonField message, CallsWithoutResult open)
    {
        var callId = open.Answer(message.Find("tool_call_id")?.Name(), message.Find("name")?.Name());
        var text = string.Concat(ContentReader.Read(message, isCaller: false).OfType<TextContent>().Select(part => part.Text));
        return [new FunctionResultContent(callId, text)];
    }
}

/// <summary>
/// The calls of tools in a conversation that have no result yet. A result without an id (role <c>function</c>, and what IMS has in its history) is
/// that of the call of its name, or of the first; where there is none nobody knows what was asked, and it has <see cref="NoCall"/>.
/// </summary>
internal sealed class CallsWithoutResult
{
    /// <summary>The id of a call that stands nowhere.</summary>
    public const string NoCall = "";

    private readonly List<FunctionCallContent> _open = [];
    private int _ids;

    /// <summary>An id for a call that came without.</summary>
    public string NewId() => string.Create(CultureInfo.InvariantCulture, $"call_{_ids++}");

    /// <summary>The assistant calls tools.</summary>
    public void Ask(params FunctionCallContent[] calls)
    {
        _open.Clear();
        _open.AddRange(calls);
    }

    /// <summary>The caller goes on: what has no result now gets none.</summary>
    public void Clear() => _open.Clear();

    /// <summary>The id of the call that a result belongs to.</summary>
    public string Answer(string? id, string? name)
    {
        var call = string.IsNullOrEmpty(id) ? _open.Find(call => call.Name == name) ?? _open.FirstOrDefault() : _open.Find(call => call.CallId == id);
        if (call is not null)
        {
            _open.Remove(call);
        }

        return string.IsNullOrEmpty(id) ? call?.CallId ?? NoCall : id;
    }
}

/// <summary>Reads <c>content</c>: a string, null, or an array of parts.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/create#chat_create-messages</remarks>
internal static class ContentReader
{
    /// <param name="message">The message.</param>
    /// <param name="isCaller">Whether it is the caller's.</param>
    public static List<AIContent> Read(JsonField message, bool isCaller) => message.Find("content") switch
    {
        null => [],
        { Value.ValueKind: JsonValueKind.String } text => [new TextContent(text.Text())],
        { Value.ValueKind: JsonValueKind.Array } parts => parts.Value.GetArrayLength() > 0 || !isCaller ? [.. parts.Items().Select(part => Part(part, isCaller))]
            : throw parts.Invalid("expected at least one part"),
        { } other => throw other.Invalid("expected a string or an array of parts"),
    };

    private static AIContent Part(JsonField part, bool isCaller) => part.Object().RequiredText("type") switch
    {
        // The second and third are those of OpenAI's Responses API.
        "text" or "input_text" or "output_text" => new TextContent(part.Required("text").Text()),
        "refusal" => Refusals.Content(part.RequiredText("refusal")),
        "image_url" => Image(part.Required("image_url").Object()),
        "input_audio" => Audio(part.Required("input_audio").Object()),
        "file" => File(part.Required("file").Object()),
        // One part that nobody here knows must not end a call. Of what the caller sent the model is told; thoughts of an assistant and the like it need not know.
        _ => isCaller ? new UnreadContent(default) : new TextContent(""),
    };

    private static UnreadContent File(JsonField file)
    {
        _ = file.Find("file_id")?.Name();
        _ = file.Find("filename")?.Name();
        return file.Find("file_data")?.Text() is null && file.Find("file_id") is null
            ? throw ApiException.MissingParameter($"{file.Path}.file_data")
            : new UnreadContent(file.Value.Clone());
    }

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
