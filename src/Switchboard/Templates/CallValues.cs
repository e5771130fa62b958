using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Json;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Templates;

/// <summary>
/// The call as plain values for templates: text, numbers, truth values, lists and dictionaries, nothing that has behaviour. The
/// platform's marks are taken out, and line breaks and controls are spaces: an app lets its users fill in userData, and what a script says
/// of it is spoken as it stands.
/// </summary>
internal static class CallValues
{
    // The controls, and the separators of Unicode.
    private static readonly SearchValues<char> LineBreaks =
        SearchValues.Create([.. Enumerable.Range(0, 0xa0).Select(code => (char)code).Where(char.IsControl), '\u2028', '\u2029']);

    public static Dictionary<string, object?> Of(CallContext call) => new()
    {
        ["instanceId"] = Text(call.InstanceId),
        ["channelId"] = Text(call.ChannelId),
        ["sentenceId"] = Text(call.SentenceId),
        ["userData"] = call.ParseUserData() is { } data ? Plain(data) : Text(call.UserData),
        ["callerNumber"] = Text(call.CallerNumber),
        ["calleeNumber"] = Text(call.CalleeNumber),
        ["taskId"] = Text(call.TaskId),
        ["roomId"] = Text(call.RoomId),
        ["platform"] = call.Platform,
        ["userId"] = Text(call.UserId),
        ["agentId"] = Text(call.AgentId),
        ["appId"] = Text(call.AppId),
        ["direction"] = call.Direction,
    };

    /// <summary>What a template can name of a call: all of it is text but what the app tells.</summary>
    public static TemplateValue Known { get; } = new(Of(new CallContext()).Keys.ToDictionary(name => name, name => name == "userData" ? TemplateValue.Open : TemplateValue.Text));

    /// <summary>Whether values of <paramref name="type"/> need <see cref="ToJson"/> to become text.</summary>
    public static bool IsStructured(Type type) => type == typeof(bool) || (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)));

    /// <summary>A value of <see cref="Of"/>, or a dictionary of such, as JSON text.</summary>
    public static string ToJson(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.WriterOptions))
        {
            Write(json, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case CallNumber number:
                json.WriteRawValue(number.Text);
                break;
            case IDictionary fields:
                json.WriteStartObject();
                foreach (DictionaryEntry field in fields)
                {
                    json.WritePropertyName(field.Key.ToString()!);
                    Write(json, field.Value);
                }

                json.WriteEndObject();
                break;
            case IEnumerable items and not string:
                json.WriteStartArray();
                foreach (var item in items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static string? Text(string? value) => value is null ? null : ImsMarks.Neutralise(OnOneLine(value));

    // A value is one thing in one place: with a line of its own it could pass for another part of the prompt.
    private static string OnOneLine(string value) => !value.AsSpan().ContainsAny(LineBreaks) ? value
        : string.Create(value.Length, value, static (line, value) =>
        {
            value.CopyTo(line);
            while (line.IndexOfAny(LineBreaks) is >= 0 and var at)
            {
                line[at] = ' ';
                line = line[(at + 1)..];
            }
        });

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Fields(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.String => Text(element.GetString()),
        JsonValueKind.Number => new CallNumber(element.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Dictionary<string, object?> Fields(JsonElement element)
    {
        // Unlike a request, userData is not ours to refuse: of a doubled name the last one counts.
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            fields[Text(property.Name)!] = Plain(property.Value);
        }

        return fields;
    }
}

/// <summary>A number of userData, as it was written: no .NET type holds every JSON number to the digit.</summary>
internal sealed record CallNumber(string Text)
{
    public override string ToString() => Text;
}
