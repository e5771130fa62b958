using System.Text.Json;

namespace Switchboard.Contract;

/// <summary>A value of a request and where it stands; whatever is missing or wrong is refused by its path.</summary>
/// <param name="Value">The value, of a body that <see cref="JsonBody"/> has parsed.</param>
/// <param name="Path">Its path, such as <c>messages[2].role</c>; null for the body itself.</param>
internal readonly record struct JsonField(JsonElement Value, string? Path = null)
{
    /// <summary>The longest id or name, in UTF-16 characters: some become keys of tables, stand in every chunk, or go into logs.</summary>
    public const int MaxNameLength = 256;

    /// <exception cref="ApiException">It is longer than an id or a name may be.</exception>
    public static string EnsureName(string text, string? path) =>
        text.Length <= MaxNameLength ? text : throw ApiException.InvalidValue(path!, $"expected at most {MaxNameLength} characters");

    /// <summary>Finds a field of this object that is there and not null: OpenAI treats null as absent everywhere but in <c>content</c>.</summary>
    public JsonField? Find(string name) =>
        Value.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? new JsonField(value, Join(name)) : null;

    public JsonField Required(string name) => Find(name) ?? throw ApiException.MissingParameter(Join(name));

    /// <summary>A string that is there and not empty.</summary>
    public string RequiredText(string name) => Required(name).Text() is { Length: > 0 } text ? text : throw Invalid(name, "must not be empty");

    /// <summary>The same, no longer than <see cref="MaxNameLength"/>.</summary>
    public string RequiredName(string name) => EnsureName(RequiredText(name), Join(name));

    public string Name() => EnsureName(Text(), Path);

    public string Text() => Of(JsonValueKind.String, "expected a string").Value.GetString()!;

    public bool Boolean() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Invalid("expected true or false");

    public int Integer(int min) => Value.ValueKind is JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= min ? number
        : throw Invalid($"expected an integer of at least {min}");

    public long Long() => Value.ValueKind is JsonValueKind.Number && Value.TryGetInt64(out var number) ? number : throw Invalid("expected a 64-bit integer");

    public float Number(float min, float max) =>
        Value.ValueKind is JsonValueKind.Number && Value.TryGetSingle(out var number) && number >= min && number <= max ? number
        : throw Invalid($"expected a number from {min} to {max}");

    public JsonField Object() => Of(JsonValueKind.Object, "expected an object");

    public JsonField Array() => Of(JsonValueKind.Array, "expected an array");

    /// <summary>The items of an array that has at most <paramref name="most"/>; read one by one, so that a wrong one costs nothing for those behind it.</summary>
    public IEnumerable<JsonField> Items(int most = int.MaxValue) =>
        Array().Value.GetArrayLength() <= most ? Enumerate() : throw Invalid($"expected at most {most} items");

    public ApiException Invalid(string expected) => ApiException.InvalidValue(Path!, expected);

    /// <summary>Refuses a field of this object.</summary>
    public ApiException Invalid(string name, string expected) => ApiException.InvalidValue(Join(name), expected);

    private IEnumerable<JsonField> Enumerate()
    {
        var index = 0;
        foreach (var item in Value.EnumerateArray())
        {
            yield return new JsonField(item, $"{Path}[{index++}]");
        }
    }

    private string Join(string name) => Path is null ? name : $"{Path}.{name}";

    private JsonField Of(JsonValueKind kind, string expected) => Value.ValueKind == kind ? this : throw Invalid(expected);
}
