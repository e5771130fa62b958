using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Writes the <c>tool_calls</c> array of an answer.</summary>
internal static class ToolCallsJson
{
    public static string[] Arguments(ReadOnlySpan<FunctionCallContent> calls)
    {
        var arguments = new string[calls.Length];
        for (var position = 0; position < calls.Length; position++)
        {
            arguments[position] = ToolCallJson.Arguments(calls[position]);
        }

        return arguments;
    }

    /// <param name="json">Where to write.</param>
    /// <param name="calls">The calls, in order.</param>
    /// <param name="arguments">Their <see cref="Arguments"/>.</param>
    /// <param name="firstIndex">The index of the first call in the whole answer; null in a message, which has no indices.</param>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<FunctionCallContent> calls, string[] arguments, int? firstIndex)
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
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, arguments[position]);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
