using System.Text.Json;
using System.Text.RegularExpressions;
using Switchboard.Common;

namespace Switchboard.Actions;

/// <summary>A place in the schema of a platform's tool, and what it allows there. References are followed within the schema.</summary>
/// <param name="Root">The whole schema.</param>
/// <param name="Here">The place.</param>
/// <remarks>https://json-schema.org/draft/2020-12/json-schema-validation</remarks>
internal readonly record struct ToolSchema(JsonElement Root, JsonElement Here)
{
    /// <summary>How deep a schema is read: deeper than any call action needs.</summary>
    public const int Deepest = 8;

    // A pattern is somebody else's, and the texts are short. Each is looked at twice where the time is used up.
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(50);

    public static ToolSchema Of(JsonElement schema) => new(schema, schema);

    public string Description => Text("description") ?? "";

    public string? Format => Text("format");

    /// <summary>Whether it is described by properties.</summary>
    public bool IsObject => Takes("object") && Find("properties") is not null;

    /// <summary>The properties of an object, in their order.</summary>
    public IEnumerable<(string Name, ToolSchema Schema)> Properties
    {
        get
        {
            var root = Root;
            return Find("properties") is { ValueKind: JsonValueKind.Object } properties
                ? properties.EnumerateObject().Select(property => (property.Name, new ToolSchema(root, property.Value).Followed()))
                : [];
        }
    }

    /// <summary>The one schema of the items of a list; null where there is none.</summary>
    public ToolSchema? Items => Find("items") is { ValueKind: JsonValueKind.Object } items ? new ToolSchema(Root, items).Followed() : null;

    /// <summary>The schemas of which a value must fit one; none where it must fit this one alone.</summary>
    public IEnumerable<ToolSchema> Alternatives => Schemas("anyOf").Concat(Schemas("oneOf"));

    /// <summary>The values that are listed, each with what is written beside it; none where anything goes.</summary>
    public IEnumerable<(JsonElement Value, string Remark)> Listed
    {
        get
        {
            var remark = $"{Text("title")} {Description}";
            return Find("const") is { } only ? [(only, remark)]
                : Find("enum") is { ValueKind: JsonValueKind.Array } values ? values.EnumerateArray().Select(value => (value, ""))
                : Alternatives.SelectMany(alternative => alternative.Listed);
        }
    }

    /// <summary>The value that stands for a missing one; null where none is declared.</summary>
    public JsonElement? Default => Find("default");

    public bool IsRequired(string name) =>
        Find("required") is { ValueKind: JsonValueKind.Array } required && required.EnumerateArray().Any(each => each.ValueKind is JsonValueKind.String && each.ValueEquals(name));

    /// <summary>Whether a value of this type may stand here, by the types alone.</summary>
    public bool Takes(string type) => Find("type") switch
    {
        { ValueKind: JsonValueKind.String } one => one.ValueEquals(type),
        { ValueKind: JsonValueKind.Array } several => several.EnumerateArray().Any(each => each.ValueKind is JsonValueKind.String && each.ValueEquals(type)),
        _ when Find("const") is not null || Find("enum") is not null => Listed.Any(listed => IsOfType(listed.Value, type)),
        _ when Alternatives.Any() => Alternatives.Any(alternative => alternative.Takes(type)),
        _ => Find("properties") is null || type == "object",
    };

    /// <summary>The place itself, or where it refers to.</summary>
    public ToolSchema Followed()
    {
        var schema = this;
        for (var step = 0; step < Deepest; step++)
        {
            // What is written by Pydantic: a list of one.
            if (schema.Schemas("allOf").Take(2).ToList() is [var only])
            {
                schema = only;
            }
            else if (schema.Text("$ref") is { } reference && schema.At(reference) is { } referred)
            {
                schema = new ToolSchema(Root, referred);
            }
            else
            {
                break;
            }
        }

        return schema;
    }

    /// <summary>Whether <paramref name="value"/> may stand here. Keywords that are not known forbid nothing.</summary>
    public bool Fits(JsonElement value, int depth = 0)
    {
        if (depth > Deepest || Here.ValueKind is JsonValueKind.False)
        {
            return false;
        }

        var schema = Followed();
        var alternatives = schema.Alternatives.ToList();
        return (schema.Find("type") is null || AnyType(schema, value))
            && (schema.Find("const") is not { } only || JsonElement.DeepEquals(only, value))
            && (schema.Find("enum") is not { ValueKind: JsonValueKind.Array } values || values.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)))
            && (alternatives.Count == 0 || alternatives.Exists(alternative => alternative.Fits(value, depth + 1)))
            && schema.Schemas("allOf").All(each => each.Fits(value, depth + 1))
            && value.ValueKind switch
            {
                JsonValueKind.String => schema.FitsText(value.GetString()!),
                JsonValueKind.Object => schema.FitsObject(value, depth),
                JsonValueKind.Array => schema.Items is not { } items || value.EnumerateArray().All(item => items.Fits(item, depth + 1)),
                JsonValueKind.Number => !(schema.Limit("minimum") > value.GetDouble()) && !(schema.Limit("maximum") < value.GetDouble()),
                _ => true,
            };
    }

    /// <summary>The longest text that may stand here.</summary>
    public int MaxLength => Limit("maxLength") is { } most and >= 0 and < int.MaxValue ? (int)most : int.MaxValue;

    private bool FitsText(string text) => text.Length <= MaxLength && !(Limit("minLength") > text.Length) && (Text("pattern") is not { } pattern || Matches(text, pattern));

    private bool FitsObject(JsonElement value, int depth)
    {
        var known = Properties.ToDictionary(property => property.Name, property => property.Schema, StringComparer.Ordinal);
        var others = Find("additionalProperties");
        var root = Root;
        return value.EnumerateObject().All(field => known.TryGetValue(field.Name, out var schema) ? schema.Fits(field.Value, depth + 1)
                : others is not { } allowed || allowed.ValueKind is JsonValueKind.True || (allowed.ValueKind is JsonValueKind.Object && new ToolSchema(root, allowed).Fits(field.Value, depth + 1)))
            && (Find("required") is not { ValueKind: JsonValueKind.Array } required
                || required.EnumerateArray().All(name => name.ValueKind is not JsonValueKind.String || value.TryGetProperty(name.GetString()!, out _)));
    }

    // A pattern that cannot be read here says nothing; one that takes too long fits nothing.
    private static bool Matches(string text, string pattern)
    {
        try
        {
            return PatternTime.Twice(() => Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, MatchTimeout));
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static bool AnyType(ToolSchema schema, JsonElement value) =>
        Array.Exists(TypesOf(value), schema.Takes);

    private static bool IsOfType(JsonElement value, string type) => TypesOf(value).Contains(type);

    private static string[] TypesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => ["string"],
        JsonValueKind.Object => ["object"],
        JsonValueKind.Array => ["array"],
        JsonValueKind.True or JsonValueKind.False => ["boolean"],
        JsonValueKind.Number => value.TryGetInt64(out _) ? ["integer", "number"] : ["number"],
        _ => ["null"],
    };

    private IEnumerable<ToolSchema> Schemas(string name)
    {
        var root = Root;
        return Find(name) is { ValueKind: JsonValueKind.Array } schemas
            ? schemas.EnumerateArray().Where(schema => schema.ValueKind is JsonValueKind.Object).Select(schema => new ToolSchema(root, schema).Referred())
            : [];
    }

    private ToolSchema Referred() => Text("$ref") is { } reference && At(reference) is { } referred ? new ToolSchema(Root, referred) : this;

    private JsonElement? At(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        var at = Root;
        foreach (var step in reference[2..].Split('/'))
        {
            if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out at))
            {
                return null;
            }
        }

        return at;
    }

    private JsonElement? Find(string name) => Here.ValueKind is JsonValueKind.Object && Here.TryGetProperty(name, out var value) ? value : null;

    private string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private double? Limit(string name) => Find(name) is { ValueKind: JsonValueKind.Number } limit ? limit.GetDouble() : null;
}
