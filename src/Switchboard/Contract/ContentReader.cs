using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

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
