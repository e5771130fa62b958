using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Switchboard.Contract;

/// <summary>Reads typed fields of a JSON object; whatever has the wrong type is refused by the path of the field.</summary>
internal static class JsonFields
{
    /// <summary>Finds a field that is there and not null: OpenAI treats null as absent everywhere but in <c>content</c>.</summary>
    public static bool TryGet(JsonElement owner, string name, out JsonElement value) =>
        owner.TryGetProperty(name, out value) && value.ValueKind is not JsonValueKind.Null;

    public static string Join(string? path, string name) => path is null ? name : $"{path}.{name}";

    /// <summary>The longest id or name, in UTF-16 characters: some become keys of tables, stand in every chunk, or go into logs.</summary>
    public const int MaxNameLength = 256;

    /// <exception cref="ApiException">It is longer than an id or a name may be.</exception>
    public static string Name(string text, string path) =>
        text.Length <= MaxNameLength ? text : throw ApiException.InvalidValue(path, $"expected at most {MaxNameLength} characters");

    /// <exception cref="ApiException">There are more than <paramref name="most"/>.</exception>
    public static void EnsureCount(JsonElement array, string path, int most)
    {
        if (array.GetArrayLength() > most)
        {
            throw ApiException.InvalidValue(path, $"expected at most {most}");
        }
    }

    public static string? OptionalName(JsonElement owner, string name, string? path = null) =>
        OptionalString(owner, name, path) is { } text ? Name(text, Join(path, name)) : null;

    public static string RequiredName(JsonElement owner, string name, string? path = null) => Name(RequiredString(owner, name, path), Join(path, name));

    public static string? OptionalString(JsonElement owner, string name, string? path = null) =>
        TryGet(owner, name, out var value) ? String(value, Join(path, name)) : null;

    public static string RequiredString(JsonElement owner, string name, string? path = null)
    {
        var value = OptionalString(owner, name, path) ?? throw ApiException.MissingParameter(Join(path, name));
        return value.Length > 0 ? value : throw ApiException.InvalidValue(Join(path, name), "must not be empty");
    }

    public static string String(JsonElement value, string path)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            throw ApiException.InvalidValue(path, "expected a string");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud83d without its other half names no character.
            throw ApiException.InvalidValue(path, "the string has an unpaired surrogate escape");
        }
    }

    public static bool? OptionalBoolean(JsonElement owner, string name, string? path = null) =>
        !TryGet(owner, name, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw ApiException.InvalidValue(Join(path, name), "expected true or false");

    public static int? OptionalInteger(JsonElement owner, string name, int min, int max) =>
        !TryGet(owner, name, out var value) ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max ? number
        : throw ApiException.InvalidValue(name, max == int.MaxValue ? $"expected an integer from {min} up" : $"expected an integer from {min} to {max}");

    public static long? OptionalLong(JsonElement owner, string name) =>
        !TryGet(owner, name, out var value) ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number
        : throw ApiException.InvalidValue(name, "expected a 64-bit integer");

    public static float? OptionalNumber(JsonElement owner, string name, float min, float max) =>
        !TryGet(owner, name, out var value) ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetSingle(out var number) && number >= min && number <= max ? number
        : throw ApiException.InvalidValue(name, $"expected a number from {min} to {max}");

    public static bool TryGetObject(JsonElement owner, string name, string? path, out JsonElement value) =>
        TryGetKind(owner, name, path, JsonValueKind.Object, "expected an object", out value);

    public static bool TryGetArray(JsonElement owner, string name, string? path, out JsonElement value) =>
        TryGetKind(owner, name, path, JsonValueKind.Array, "expected an array", out value);

    public static JsonElement RequiredObject(JsonElement owner, string name, string? path) =>
        TryGetObject(owner, name, path, out var value) ? value : throw ApiException.MissingParameter(Join(path, name));

    public static void EnsureObject(JsonElement value, string path)
    {
        if (value.ValueKind is not JsonValueKind.Object)
        {
            throw ApiException.InvalidValue(path, "expected an object");
        }
    }

    [SuppressMessage("Design", "CA1021", Justification = "The TryGet pattern.")]
    private static bool TryGetKind(JsonElement owner, string name, string? path, JsonValueKind kind, string expected, out JsonElement value) =>
        TryGet(owner, name, out value) && (value.ValueKind == kind ? true : throw ApiException.InvalidValue(Join(path, name), expected));
}
