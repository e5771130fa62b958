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
