using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchboard.Common;
using Switchboard.Platforms;

namespace Switchboard.Tools;

/// <summary>
/// Checks the whole JSON schema of a tool's arguments. With a malformed one a service would refuse the whole request, and so every turn;
/// with one that refers to itself without end whoever resolves it would never finish.
/// </summary>
/// <remarks>https://json-schema.org/draft/2020-12/json-schema-core, and its validation vocabulary; of older drafts <c>items</c> as a list.</remarks>
internal sealed class McpSchema
{
    /// <summary>What the value of a keyword must be.</summary>
    private enum Form
    {
        Text,
        TextList,
        TextLists,
        Flag,
        Number,
        Count,
        Values,
        Type,
        Schema,
        SchemaOrList,
        SchemaList,
        SchemaMap,
        Reference,
    }

    private static readonly FrozenDictionary<string, Form> Keywords = new Dictionary<Form, string[]>
    {
        [Form.Text] = ["$schema", "$id", "$anchor", "$comment", "title", "description", "pattern", "format", "contentEncoding", "contentMediaType"],
        [Form.TextList] = ["required"],
        [Form.TextLists] = ["dependentRequired"],
        [Form.Flag] = ["uniqueItems", "deprecated", "readOnly", "writeOnly"],
        [Form.Number] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
        [Form.Count] = ["minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains", "minProperties", "maxProperties"],
        [Form.Values] = ["enum", "examples"],
        [Form.Type] = ["type"],
        [Form.Schema] = ["additionalProperties", "unevaluatedProperties", "propertyNames", "additionalItems", "unevaluatedItems", "contains", "not", "if", "then", "else"],
        [Form.SchemaOrList] = ["items"],
        [Form.SchemaList] = ["allOf", "anyOf", "oneOf", "prefixItems"],
        [Form.SchemaMap] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"],
        [Form.Reference] = ["$ref"],
    }.SelectMany(form => form.Value.Select(name => KeyValuePair.Create(name, form.Key))).ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Types = FrozenSet.Create(StringComparer.Ordinal, "object", "array", "string", "number", "integer", "boolean", "null");

    // Those whose schemas apply to the same value as the schema that holds them: a circle of only these never ends.
    private static readonly FrozenSet<string> InPlace = FrozenSet.Create(StringComparer.Ordinal, "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

    private readonly JsonObject _root;

    // In the order in which they were found; each with the schemas that apply in its place.
    private readonly Dictionary<JsonObject, List<JsonObject>> _schemas = [];
    private readonly Queue<JsonNode> _referred = [];

    private McpSchema(JsonObject root) => _root = root;

    /// <summary>Why a tool with this schema is not to be offered, to follow "its inputSchema"; null when it may be.</summary>
    public static string? Failure(JsonObject root)
    {
        var schema = new McpSchema(root);
        if (root["type"] is not JsonValue type || !type.TryGetValue(out string? name) || name != "object")
        {
            return "is not of type object";
        }

        var failure = schema.Check(root, "", null, 0);
        while (failure is null && schema._referred.TryDequeue(out var referred))
        {
            failure = schema.Check(referred, "$ref", null, 0);
        }

        return failure ?? schema.Unfold();
    }

    private string? Check(JsonNode? node, string keyword, JsonObject? parent, int depth)
    {
        if (node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            return null;
        }

        if (node is not JsonObject schema)
        {
            return Invalid(keyword);
        }

        if (parent is not null && InPlace.Contains(keyword))
        {
            _schemas[parent].Add(schema);
        }

        if (!_schemas.TryAdd(schema, []))
        {
            return null;
        }

        return depth > McpLimits.SchemaDepth ? $"is nested more than {McpLimits.SchemaDepth} levels deep"
            : _schemas.Count > McpLimits.SchemaParts ? $"has more than {McpLimits.SchemaParts} parts"
            : schema.Select(field => Keywords.TryGetValue(field.Key, out var form) ? Check(schema, field.Key, field.Value, form, depth + 1) : null)
                .FirstOrDefault(failure => failure is not null);
    }

    private string? Check(JsonObject schema, string keyword, JsonNode? value, Form form, int depth)
    {
        IEnumerable<JsonNode?>? parts = (form, value) switch
        {
            (Form.SchemaOrList or Form.SchemaList, JsonArray { Count: > 0 } list) => list,
            (Form.SchemaMap, JsonObject map) => map.Select(field => field.Value),
            (Form.Schema or Form.SchemaOrList, _) => [value],
            _ => null,
        };
        return parts is not null ? parts.Select(part => Check(part, keyword, schema, depth)).FirstOrDefault(failure => failure is not null)
            : form is Form.Reference ? CheckReference(schema, value)
            : IsOf(form, value) ? null
            : Invalid(keyword);
    }

    private string? CheckReference(JsonObject schema, JsonNode? value)
    {
        if (Text(value) is not { } reference || Target(reference) is not { } target)
        {
            return "has a $ref to a part that it does not have";
        }

        _referred.Enqueue(target);
        if (target is JsonObject other)
        {
            _schemas[schema].Add(other);
        }

        return null;
    }

    // A JSON pointer in a fragment: https://datatracker.ietf.org/doc/html/rfc6901#section-6
    private JsonNode? Target(string reference)
    {
        if (reference is not "#" && !reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        JsonNode? node = _root;
        foreach (var step in Uri.UnescapeDataString(reference).Split('/').Skip(1))
        {
            node = node switch
            {
                JsonObject fields => fields[step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)],
                JsonArray items when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count => items[index],
                _ => null,
            };
        }

        return node;
    }

    // Takes away the schemas that need no other, until none or only circles are left. Few references can unfold to millions of parts.
    private string? Unfold()
    {
        var users = _schemas.Keys.ToDictionary(schema => schema, _ => new List<JsonObject>());
        var needs = new Dictionary<JsonObject, int>();
        var parts = _schemas.Keys.ToDictionary(schema => schema, _ => 1.0);
        foreach (var (schema, needed) in _schemas)
        {
            needs[schema] = needed.Count;
            needed.ForEach(other => users[other].Add(schema));
        }

        var free = new Queue<JsonObject>(needs.Where(entry => entry.Value == 0).Select(entry => entry.Key));
        var taken = 0;
        for (; free.TryDequeue(out var schema); taken++)
        {
            foreach (var user in users[schema])
            {
                parts[user] += parts[schema];
                if (--needs[user] == 0)
                {
                    free.Enqueue(user);
                }
            }
        }

        return taken < _schemas.Count ? "refers to itself without end"
            : parts.Values.Max() > McpLimits.SchemaParts ? $"unfolds to more than {McpLimits.SchemaParts} parts"
            : null;
    }

    private static bool IsOf(Form form, JsonNode? value) => form switch
    {
        Form.Text => Text(value) is not null,
        Form.TextList => value is JsonArray names && names.All(name => Text(name) is not null),
        Form.TextLists => value is JsonObject lists && lists.All(list => IsOf(Form.TextList, list.Value)),
        Form.Flag => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        Form.Number => value?.GetValueKind() is JsonValueKind.Number,
        Form.Count => value is JsonValue number && number.TryGetValue(out double count) && count >= 0 && double.IsInteger(count),
        Form.Values => value is JsonArray,
        Form.Type => value is JsonArray { Count: > 0 } types ? types.All(type => IsType(type)) : IsType(value),
        _ => false,
    };

    private static bool IsType(JsonNode? value) => Text(value) is { } name && Types.Contains(name);

    private static string? Text(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? read) ? read : null;

    private static string Invalid(string keyword) => $"has an invalid {keyword}";
}

/// <summary>Makes the text of a server harmless for the responder.</summary>
internal static class McpText
{
    /// <summary>A description that is no longer than services take, without marks of IMS, and without characters that nobody sees.</summary>
    public static string? Description(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var cut = TextCut.Cut(text, McpLimits.DescriptionLength);
        var seen = new StringBuilder(cut.Length);
        // By the character, not by its halves: the invisible letters that instructions hide in are beyond U+FFFF.
        foreach (var character in cut.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(character) is not UnicodeCategory.Format)
            {
                seen.Append(Rune.IsControl(character) && character.Value is not '\n' ? " " : character.ToString());
            }
        }

        return TextCut.Cut(ImsMarks.Neutralise(seen.ToString()), McpLimits.DescriptionLength);
    }

    /// <summary>A schema without marks of IMS in any of its texts: all are read by the responder, whatever they are called.</summary>
    public static JsonNode? Neutralise(JsonNode? node) => node switch
    {
        JsonObject fields => Neutralise(fields),
        JsonArray items => new JsonArray([.. items.Select(Neutralise)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(ImsMarks.Neutralise(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    /// <inheritdoc cref="Neutralise(JsonNode)"/>
    public static JsonObject Neutralise(JsonObject fields)
    {
        var neutral = new JsonObject();
        foreach (var (name, value) in fields)
        {
            var text = name is "description" && value is JsonValue said && said.GetValueKind() == JsonValueKind.String ? JsonValue.Create(Description(said.GetValue<string>())) : null;
            neutral.Add(ImsMarks.Neutralise(name), text ?? Neutralise(value));
        }

        return neutral;
    }
}
