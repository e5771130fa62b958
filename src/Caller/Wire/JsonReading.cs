using System.Text.Json;

namespace Caller.Wire;

/// <summary>Looks into JSON of unknown shape; a wrong type reads as absent instead of throwing.</summary>
internal static class JsonReading
{
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    public static string? FindText(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The text as one JSON document, of which every string can be read; null when it is not JSON.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(HalfCharacters.Replace(text));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same for a JSON object; what cannot be one is not even parsed, for there may be very much of it.</summary>
    public static JsonElement? ParseObject(string text) =>
        text.AsSpan().TrimStart() is ['{', ..] && Parse(text) is { ValueKind: JsonValueKind.Object } json ? json : null;
}
