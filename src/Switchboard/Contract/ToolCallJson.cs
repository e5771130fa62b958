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

    public static FunctionCallContent ToContent(string id, string name, string arguments)
    {
        var content = new FunctionCallContent(id, name) { AdditionalProperties = new() { [TextProperty] = arguments } };
        try
        {
            content.Arguments = Parse(arguments);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            content.Exception = fault;
        }

        return content;
    }

    /// <summary>The arguments as JSON text; <c>{}</c> when there are none.</summary>
    public static string Arguments(FunctionCallContent call)
    {
        if (call.AdditionalProperties?.TryGetValue(TextProperty, out var text) is true && text is string { Length: > 0 } received && call.Exception is null)
        {
            return received;
        }

        return call.Arguments is { Count: > 0 } arguments ? Serialize(arguments) : "{}";
    }

    private static string Serialize(IDictionary<string, object?> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.WriterOptions))
        {
            JsonSerializer.Serialize(json, arguments, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
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
