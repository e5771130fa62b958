using System.Runtime.InteropServices;
using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>
/// The call of a request of an ElevenLabs agent. No field has the ids: an agent's owner puts <c>{{system__conversation_id}}</c> and the like into a header,
/// which <c>Calls:Id</c> names, or into the prompt, where they are found as <c>CALL_ID=</c>, <c>CALLER=</c> and <c>CALLED=</c> in its first message.
/// </summary>
/// <remarks>https://elevenlabs.io/docs/eleven-agents/customization/llm/custom-llm and https://elevenlabs.io/docs/eleven-agents/customization/personalization/dynamic-variables</remarks>
internal static class ElevenLabsCall
{
    private const string Name = "elevenlabs";

    // What holds the voice until more comes: the first page above.
    private const string BufferEnd = "... ";

    public static Dialect Dialect { get; } = new(Name)
    {
        Recognises = request => request["elevenlabs_extra_body"u8].IsObject() || HasSystemParameter(request["tools"u8]),
        Control = new() { LastWords = LastWords.InCall },
        Read = request =>
        {
            var messages = request["messages"u8];
            return new()
            {
                Platform = Name,
                // Only what has the form of the variable is taken: a prompt may hold anything.
                InstanceId = PromptValue.Find(messages, "CALL_ID"u8) is ['c', 'o', 'n', 'v', '_', ..] call ? call : null,
                CallerNumber = PromptValue.FindNumber(messages, "CALLER"u8),
                CalleeNumber = PromptValue.FindNumber(messages, "CALLED"u8),
                UserData = request["elevenlabs_extra_body"u8].Data(),
                UserId = request["user_id"u8].Text(),
            };
        },
        // An empty answer counts as a failed one, and is asked for again at once (https://elevenlabs.io/docs/eleven-agents/customization/llm/llm-cascading); buffer words are not heard.
        Answer = new() { WhenSuperseded = BufferEnd, FillerEnd = BufferEnd },
        Ids = [("CALL_ID", call => call.InstanceId), ("user_id", call => call.UserId)],
    };

    // The platform's tools have parameters of its own, which live beside those of their documentation.
    private static bool HasSystemParameter(JsonElement tools)
    {
        if (tools.ValueKind is not JsonValueKind.Array)
        {
            return false;
        }

        var json = JsonMarshal.GetRawUtf8Value(tools);
        for (var at = json.IndexOf("\"system__"u8); at >= 0; at = json.IndexOf("\"system__"u8))
        {
            // Within a text the quote has a backslash.
            if (json[at - 1] is not (byte)'\\')
            {
                return true;
            }

            json = json[(at + 1)..];
        }

        return false;
    }
}

/// <summary>Finds <c>NAME=value</c> in the prompt: the first message, where it is the system's. What callers say is never looked at.</summary>
internal static class PromptValue
{
    private const int MaxLength = 256;

    /// <summary>A number that can be called: digits, with a plus before them or without.</summary>
    public static string? FindNumber(JsonElement messages, ReadOnlySpan<byte> name) =>
        Find(messages, name) is { } text && text.AsSpan().TrimStart('+') is { IsEmpty: false } digits && !digits.ContainsAnyExceptInRange('0', '9') ? text : null;

    public static string? Find(JsonElement messages, ReadOnlySpan<byte> name)
    {
        if (messages.ValueKind is not JsonValueKind.Array || messages.GetArrayLength() == 0 || !IsPrompt(messages[0].At("role"u8))
            || messages[0].At("content"u8) is not { ValueKind: JsonValueKind.String } content)
        {
            return null;
        }

        // As it is written, with its escapes: prompts are long, and what is looked for has none.
        var text = JsonMarshal.GetRawUtf8Value(content)[1..^1];
        for (var at = text.IndexOf(name); at >= 0; at = text.IndexOf(name))
        {
            var value = text[(at + name.Length)..];
            if (Begins(text[..at]) && value is [(byte)'=', ..])
            {
                var length = Length(value[1..]);
                return length is > 0 and <= MaxLength ? System.Text.Encoding.ASCII.GetString(value.Slice(1, length)) : null;
            }

            text = value;
        }

        return null;
    }

    private static bool IsPrompt(JsonElement role) =>
        role.ValueKind is JsonValueKind.String && (role.ValueEquals("system"u8) || role.ValueEquals("developer"u8));

    // Not within a longer name; a line may end before it, which is written as an escape.
    private static bool Begins(ReadOnlySpan<byte> before) => before is [] or [.., (byte)'\\', (byte)'n' or (byte)'r' or (byte)'t'] || !(char.IsAsciiLetterOrDigit((char)before[^1]) || before[^1] is (byte)'_' or (byte)'-');

    private static int Length(ReadOnlySpan<byte> value)
    {
        var length = 0;
        while (length < value.Length && (char.IsAsciiLetterOrDigit((char)value[length]) || value[length] is (byte)'_' or (byte)'-' or (byte)'+' or (byte)':' or (byte)'.' or (byte)'@' or (byte)'/'))
        {
            length++;
        }

        // The dot that ends a sentence is not the value's.
        return value[..length].TrimEnd((byte)'.').Length;
    }
}
