using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>What a call action has to tell the tool of a platform.</summary>
/// <param name="Number">Where a transfer goes.</param>
/// <param name="ShownNumber">The number that the new party sees.</param>
/// <param name="Line">What the caller hears; null for nothing.</param>
/// <param name="Reason">Why, where a tool must have a reason.</param>
/// <param name="Note">What the new party is told, where a tool must have it.</param>
internal sealed record ToolAsk(string? Number, string? ShownNumber, string? Line, string Reason, string Note);

/// <summary>
/// The arguments of a platform's tool for a call action, by the schema in the request: what must be there, and what there is to tell. The number is
/// always that of the settings; nothing is made up that nobody asked for.
/// </summary>
/// <param name="ask">What there is to tell.</param>
/// <param name="given">What the responder gave as arguments.</param>
internal sealed class ToolArguments(ToolAsk ask, IDictionary<string, object?>? given)
{
    private bool _hasNumber;
    private bool _hasLine;

    /// <summary>The arguments of <paramref name="tool"/>; null when one that it must have is not known, or the number cannot be told to it.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="others">How many other numbers the action could have gone to: a tool that takes none cannot tell them apart.</param>
    public string? Fill(PlatformTool tool, int others)
    {
        if (ask.Number is not null && tool.NumberPaths.Count == 0 && others > 0)
        {
            return null;
        }

        _hasNumber = _hasLine = false;
        var from = given is null ? default : JsonElement.Parse(ToolCallJson.Arguments(new("", "", given)));
        // A number that is asked for twice is told twice; one that may be told is told once.
        return Object(tool.Schema, from, 0) is { } filled && (_hasNumber || ask.Number is null || tool.NumberPaths.Count == 0)
            && Write(filled) is var arguments && tool.Schema.Fits(JsonElement.Parse(arguments)) ? arguments : null;
    }

    private static string Write(JsonObject filled)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.WriterOptions))
        {
            filled.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private JsonObject? Object(ToolSchema schema, JsonElement from, int depth)
    {
        var filled = new JsonObject();
        var properties = schema.Properties.ToList();
        // What must be there first: a number that was told there need not be told again.
        foreach (var (name, property) in properties.OrderBy(property => schema.IsRequired(property.Name) ? 0 : 1))
        {
            var isRequired = schema.IsRequired(name);
            var value = Value(name, property, Field(from, name), isRequired, depth);
            if (value is not null)
            {
                filled[name] = value;
            }
            else if (isRequired)
            {
                if (!property.Takes("null"))
                {
                    return null;
                }

                filled[name] = null;
            }
        }

        return filled;
    }

    private JsonNode? Value(string name, ToolSchema schema, JsonElement? from, bool isRequired, int depth)
    {
        if (depth > ToolSchema.Deepest)
        {
            return null;
        }

        switch (PlatformTool.RoleOf(name, schema))
        {
            case PropertyRole.Number when ask.Number is not null:
                return isRequired || !_hasNumber ? Number(schema, from, depth) : null;
            case PropertyRole.ShownNumber:
                return ask.ShownNumber is { Length: > 0 } shown ? Exact(schema, shown) : Other(schema, default, isRequired, depth);
            case PropertyRole.Line:
                return Line(schema, isRequired);
            case PropertyRole.Note:
                return Given(schema, from) ?? (isRequired ? Text(schema, ask.Note) ?? Fixed(schema) : null);
            case PropertyRole.Reason:
                return Given(schema, from) ?? (isRequired ? Text(schema, ask.Reason) ?? Fixed(schema) : null);
            default:
                return (ask.Number is not null && from is { } value && (NameWords.IsDestination(name) || PlatformTool.CouldBeDialled(value)) ? null : Given(schema, from)) ?? Other(schema, from, isRequired, depth);
        }
    }

    // Where nothing is left to say, nothing is said twice.
    private JsonValue? Line(ToolSchema schema, bool isRequired)
    {
        var line = !_hasLine && ask.Line is { Length: > 0 } left ? Text(schema, left) : isRequired ? Text(schema, "") : null;
        _hasLine |= line is not null;
        return line;
    }

    private JsonNode? Number(ToolSchema schema, JsonElement? from, int depth)
    {
        var listed = schema.Listed.ToList();
        if (listed.Count > 0)
        {
            var match = listed.FirstOrDefault(each => Names(each.Value, each.Remark));
            _hasNumber |= match.Value.ValueKind is not JsonValueKind.Undefined;
            return match.Value.ValueKind is JsonValueKind.Undefined ? null : JsonNode.Parse(match.Value.GetRawText());
        }

        if (schema.IsObject)
        {
            return Object(schema, from ?? default, depth + 1);
        }

        if (schema.Takes("string") && !schema.Alternatives.Any(alternative => alternative.IsObject))
        {
            var number = Exact(schema, ask.Number!);
            _hasNumber |= number is not null;
            return number;
        }

        foreach (var alternative in schema.Alternatives.Where(alternative => !alternative.Takes("null")))
        {
            var had = _hasNumber;
            if (Number(alternative, from, depth + 1) is { } value && _hasNumber)
            {
                return value;
            }

            _hasNumber = had;
        }

        return schema.Items is { } items && Number(items, null, depth + 1) is { } item ? new JsonArray(item) : null;
    }

    // Also where the list has names, with the number in it or beside it.
    private bool Names(JsonElement value, string remark) => value.ValueKind switch
    {
        JsonValueKind.String => PhoneNumbers.AreSame(value.GetString()!, ask.Number!) || (!PlatformTool.LooksDialled(value.GetString()!) && PhoneNumbers.Speaks(remark, ask.Number!)),
        JsonValueKind.Object => value.EnumerateObject().Any(field => field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Object && Names(field.Value, "")),
        _ => false,
    };

    private JsonNode? Other(ToolSchema schema, JsonElement? from, bool isRequired, int depth)
    {
        if (schema.IsObject && (isRequired || (ask.Number is not null && !_hasNumber)))
        {
            var had = _hasNumber;
            return Object(schema, from ?? default, depth + 1) is { } filled && (isRequired || _hasNumber != had) ? filled : null;
        }

        return isRequired ? Fixed(schema) : null;
    }

    // What the schema itself says: one value, or the usual one. Of kinds of destinations that which the number is of.
    private JsonNode? Fixed(ToolSchema schema)
    {
        var listed = schema.Listed.Select(each => each.Value).ToList();
        var value = listed is [var only] ? only
            : schema.Default is { } usual && schema.Fits(usual) ? usual
            : ask.Number is { } number ? listed.FirstOrDefault(each => each.ValueKind is JsonValueKind.String && PhoneNumbers.IsKind(each.GetString()!, number))
            // A call that nobody hangs up is worse than one that ends for another reason of the list.
            : schema.Takes("null") ? default
            : listed.FirstOrDefault();
        return value.ValueKind is JsonValueKind.Undefined ? null : JsonNode.Parse(value.GetRawText());
    }

    private static JsonNode? Given(ToolSchema schema, JsonElement? from) =>
        from is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object) } value && schema.Fits(value) ? JsonNode.Parse(value.GetRawText()) : null;

    private static JsonValue? Text(ToolSchema schema, string text) => Exact(schema, TextCut.Cut(text, schema.MaxLength));

    // A number that is cut is another number.
    private static JsonValue? Exact(ToolSchema schema, string text)
    {
        var value = JsonValue.Create(text);
        return schema.Takes("string") && schema.Fits(JsonElement.Parse(value.ToJsonString())) ? value : null;
    }

    private static JsonElement? Field(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;
}

/// <summary>Numbers that a call can go to, however they are written.</summary>
internal static class PhoneNumbers
{
    /// <summary>Fewer digits are a short number, to which no country can be added.</summary>
    private const int Whole = 8;

    /// <summary>A number without what people put between its digits, and without the name of its kind.</summary>
    public static string Bare(string number)
    {
        var bare = string.Concat(number.Where(character => !char.IsWhiteSpace(character) && character is not ('(' or ')' or '.' or '-')));
        return bare.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? bare[4..] : bare;
    }

    /// <summary>Whether two texts are the same number or name. The plus of an international one may be missing, or be written 00.</summary>
    public static bool AreSame(string one, string other)
    {
        var (first, second) = (Bare(one), Bare(other));
        return string.Equals(first, second, StringComparison.OrdinalIgnoreCase) || (Digits(first) is { Length: >= Whole } digits && digits == Digits(second));
    }

    /// <summary>Whether a remark has the number in it.</summary>
    public static bool Speaks(string remark, string number) =>
        Digits(Bare(number)) is { Length: >= Whole } digits && remark.Split([',', ';', ':', '|', '\n']).Any(part => Digits(string.Concat(Bare(part).Where(character => !char.IsLetter(character)))) == digits);

    /// <summary>Whether a word such as "number" or "sip" is what kind of destination <paramref name="number"/> is.</summary>
    public static bool IsKind(string word, string number) => number.Contains('@', StringComparison.Ordinal) || number.StartsWith("sip", StringComparison.OrdinalIgnoreCase)
        ? word.Contains("sip", StringComparison.OrdinalIgnoreCase)
        : word.Contains("number", StringComparison.OrdinalIgnoreCase) || word.Contains("phone", StringComparison.OrdinalIgnoreCase) || word.Contains("pstn", StringComparison.OrdinalIgnoreCase);

    private static string? Digits(string number)
    {
        var digits = number.StartsWith('+') ? number[1..] : number.StartsWith("00", StringComparison.Ordinal) ? number[2..] : number;
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits : null;
    }
}
