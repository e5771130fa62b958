using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// Writes <c>content</c>: one text as a string, which every server understands, anything else as an array of parts.
/// What the format has no part for is left out.
/// </summary>
internal static class ContentWriter
{
    /// <param name="json">Where to write.</param>
    /// <param name="contents">The contents of a message.</param>
    /// <param name="mayBeAbsent">Whether the message says enough without content.</param>
    public static void Write(Utf8JsonWriter json, IList<AIContent> contents, bool mayBeAbsent)
    {
        var parts = contents.Count(IsPart);
        if (parts == 0 && mayBeAbsent)
        {
            return;
        }

        json.WritePropertyName("content"u8);
        if (parts == 0)
        {
            json.WriteStringValue(""u8);
        }
        else if (parts == 1 && contents.First(IsPart) is TextContent only)
        {
            json.WriteStringValue(only.Text);
        }
        else
        {
            WriteParts(json, contents);
        }
    }

    private static bool IsPart(AIContent content) =>
        content is TextContent || IsImage(content) || (content is DataContent data && AudioFormats.ToWire(data.MediaType) is not null);

    private static bool IsImage(AIContent content) =>
        (content is UriContent uri && uri.HasTopLevelMediaType("image")) || (content is DataContent data && data.HasTopLevelMediaType("image"));

    private static void WriteParts(Utf8JsonWriter json, IList<AIContent> contents)
    {
        json.WriteStartArray();
        foreach (var content in contents.Where(IsPart))
        {
            json.WriteStartObject();
            if (content is TextContent text)
            {
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
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
