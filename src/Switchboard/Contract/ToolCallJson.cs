using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// A tool call's arguments: on the wire a string that should hold a JSON object, in <see cref="FunctionCallContent"/> a dictionary.
/// The text as received is kept beside it, so that it is passed on to the letter. A model sometimes writes what is no JSON object;
/// that is never passed on, since a client or upstream that parses it would fail the whole turn.
/// </summary>
internal static class ToolCallJson
{
    private const string TextProperty = "arguments";
    private const string CustomProperty = "custom";

    public static FunctionCallContent ToContent(string id, string name, string arguments)
    {
        var content = new FunctionCallContent(id, name);
        try
        {
            var text = Unwrap(arguments);
            content.AdditionalProperties = new() { [TextProperty] = text };
            content.Arguments = Parse(text);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            content.Exception = exception;
        }

        return content;
    }

    /// <summary>A call of a <see cref="CustomTool"/>, which takes text.</summary>
    public static FunctionCallContent Custom(string id, string name, string input) =>
        new(id, name) { AdditionalProperties = new() { [TextProperty] = input, [CustomProperty] = true } };

    /// <summary>Whether the call is that of a <see cref="CustomTool"/>; its <see cref="Arguments"/> are then any text.</summary>
    public static bool IsCustom(FunctionCallContent call) => call.AdditionalProperties?.ContainsKey(CustomProperty) is true;

    /// <summary>The same call as its tool is declared: some services call one kind in the form of the other.</summary>
    public static FunctionCallContent Of(AITool tool, FunctionCallContent call) => (tool is CustomTool) == IsCustom(call) ? call
        : tool is CustomTool ? Custom(call.CallId, call.Name, Text(call) ?? Arguments(call))
        : ToContent(call.CallId, call.Name, Arguments(call));

    /// <summary>The same call by another name, with its arguments or without.</summary>
    public static FunctionCallContent With(FunctionCallContent call, string name, bool withArguments = true)
    {
        var renamed = new FunctionCallContent(call.CallId, name, withArguments ? call.Arguments : null)
        {
            AdditionalProperties = call.AdditionalProperties?.Clone(),
            Exception = withArguments ? call.Exception : null,
            RawRepresentation = call.RawRepresentation,
        };
        if (!withArguments)
        {
            renamed.AdditionalProperties?.Remove(TextProperty);
        }

        return renamed;
    }

    /// <summary>Whether <paramref name="arguments"/> can be handed to a tool.</summary>
    public static bool IsReadable(string arguments) => ToContent("", "", arguments).Exception is null;

    /// <summary>Whether two calls of one tool ask for the same, however it is written.</summary>
    public static bool AreSame(string one, string other) => Object(one) is { } first && Object(other) is { } second && JsonElement.DeepEquals(first, second);

    /// <summary>The JSON objects that stand one after the other in <paramref name="arguments"/>, each once, without a leading empty one; none where there is anything else, or only one.</summary>
    public static IReadOnlyList<string> Objects(string arguments)
    {
        var bytes = Encoding.UTF8.GetBytes(arguments);
        var json = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
        var objects = new List<string>();
        try
        {
            while (json.Read())
            {
                if (json.TokenType is not JsonTokenType.StartObject || objects.Count == ToolCallAssembler.MaxCalls)
                {
                    return [];
                }

                var start = (int)json.TokenStartIndex;
                json.Skip();
                objects.Add(Encoding.UTF8.GetString(bytes, start, (int)json.BytesConsumed - start));
            }
        }
        catch (JsonException)
        {
            return [];
        }

        // Some services write an empty object first, and then the real one.
        return objects.Count < 2 ? [] : [.. objects.SkipWhile((text, index) => text == "{}" && index < objects.Count - 1).Distinct()];
    }

    /// <summary>The arguments as JSON text; <c>{}</c> when there are none. Of a custom tool the text, whatever it is.</summary>
    public static string Arguments(FunctionCallContent call) =>
        IsCustom(call) ? Text(call) ?? ""
        : call.AdditionalProperties?.TryGetValue(TextProperty, out var text) is true && text is string { Length: > 0 } received && call.Exception is null ? received
        : call.Arguments is { Count: > 0 } arguments ? Serialize(arguments)
        : "{}";

    /// <summary>Writes the <c>tool_calls</c> array of a message, whose calls have no indices.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="calls">The calls, in order.</param>
    /// <param name="extras">The <c>extra_content</c> of each, as JSON; null for none.</param>
    /// <param name="knowsCustom">Whether calls of custom tools are understood; else they are written as those of functions.</param>
    public static void Write(Utf8JsonWriter json, FunctionCallContent[] calls, string?[] extras, bool knowsCustom = true) =>
        Write(json, calls, Array.ConvertAll(calls, call => IsCustom(call) && !knowsCustom ? Input(call) : Arguments(call)), extras, firstIndex: null, knowsCustom);

    /// <summary>Writes the <c>tool_calls</c> array of an answer.</summary>
    /// <param name="json">Where to write.</param>
    /// <param name="calls">The calls, in order.</param>
    /// <param name="arguments">Their <see cref="Arguments"/>.</param>
    /// <param name="extras">The <c>extra_content</c> of each, as JSON; null for none.</param>
    /// <param name="firstIndex">The index of the first call in the whole answer; null in a message, which has no indices.</param>
    /// <param name="knowsCustom">Whether calls of custom tools are understood.</param>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<FunctionCallContent> calls, ReadOnlySpan<string> arguments, ReadOnlySpan<string?> extras, int? firstIndex, bool knowsCustom = true)
    {
        json.WriteStartArray("tool_calls"u8);
        for (var position = 0; position < calls.Length; position++)
        {
            var call = calls[position];
            json.WriteStartObject();
            if (firstIndex is { } first)
            {
                json.WriteNumber("index"u8, first + position);
            }

            json.WriteString("id"u8, call.CallId);
            var isCustom = knowsCustom && IsCustom(call);
            json.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
            json.WriteStartObject(isCustom ? "custom"u8 : "function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString(isCustom ? "input"u8 : "arguments"u8, arguments[position]);
            json.WriteEndObject();
            if (extras[position] is { } extra)
            {
                json.WritePropertyName(Thoughts.ExtraField);
                json.WriteRawValue(extra);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the <c>function_call</c> of an answer, for clients from before there were tools. It has no id.</summary>
    public static void WriteFunctionCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        var arguments = Arguments(call);
        json.WriteStartObject("function_call"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
    }

    private static string? Text(FunctionCallContent call) => call.AdditionalProperties?.TryGetValue(TextProperty, out var text) is true ? text as string : null;

    private static string Input(FunctionCallContent call) => Serialize(new Dictionary<string, object?> { ["input"] = Arguments(call) });

    private static string Serialize(IDictionary<string, object?> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.WriterOptions))
        {
            JsonSerializer.Serialize(json, arguments, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonElement? Object(string arguments)
    {
        try
        {
            return Unwrap(arguments) is { Length: > 0 } text ? JsonElement.Parse(text) : JsonElement.Parse("{}");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Models and gateways write that there are none as null or as an empty list, and put the object into a string once more.
    private static string Unwrap(string arguments)
    {
        for (var depth = 0; depth < 2; depth++)
        {
            var start = arguments.AsSpan().TrimStart();
            if (start.IsEmpty)
            {
                return "";
            }

            if (start[0] is not ('"' or 'n' or '['))
            {
                break;
            }

            using var document = JsonDocument.Parse(arguments);
            var root = document.RootElement;
            if (root.ValueKind is JsonValueKind.Null || (root.ValueKind is JsonValueKind.Array && root.GetArrayLength() == 0))
            {
                return "";
            }

            if (root.ValueKind is not JsonValueKind.String)
            {
                break;
            }

            arguments = root.GetString()!;
        }

        return arguments;
    }

    private static Dictionary<string, object?>? Parse(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return null;
        }

        using var document = JsonDocument.Parse(arguments);
        // Whoever reads a value that has half of a surrogate pair in it would fail then, far from here.
        JsonBody.EnsureDecodable(Encoding.UTF8.GetBytes(arguments));
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            // A model may write a name twice: as in most readers, the last one counts.
            values[property.Name] = property.Value.Clone();
        }

        return values;
    }
}

/// <summary>
/// An update without contents that says that a piece of a tool call has come. The call itself comes whole, at the end of the answer:
/// who waits for it must not take an upstream that is writing long arguments for one that has fallen silent.
/// </summary>
internal static class ToolCallUnderWay
{
    private static readonly object Marker = new();

    public static ChatResponseUpdate Create() => new(ChatRole.Assistant, []) { RawRepresentation = Marker };

    public static bool Is(ChatResponseUpdate update) => ReferenceEquals(update.RawRepresentation, Marker);
}

/// <summary>
/// An update with which tools begin to run here: what was said before is no answer yet, and the caller waits. It has contents only where a phrase is
/// said meanwhile.
/// </summary>
internal static class ToolsAtWork
{
    private static readonly object Marker = new();

    public static void Mark(ChatResponseUpdate update) => update.RawRepresentation = Marker;

    public static bool Is(ChatResponseUpdate update) => ReferenceEquals(update.RawRepresentation, Marker);
}
