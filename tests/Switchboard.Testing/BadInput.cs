using System.Text;

namespace Switchboard.Testing;

/// <summary>Bodies that no request should have.</summary>
internal static class BadInput
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";

    public static IReadOnlyDictionary<string, byte[]> Bodies { get; } = All().ToDictionary(body => body.Name, body => body.Bytes);

    private static IEnumerable<(string Name, byte[] Bytes)> All()
    {
        foreach (var (name, text) in Texts())
        {
            yield return (name, Encoding.UTF8.GetBytes(text));
        }

        yield return ("empty body", []);
        yield return ("BOM before the object", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good())]);
        yield return ("UTF-16 body", Encoding.Unicode.GetBytes(Good()));
        yield return ("UTF-16 body with BOM", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good())]);
        yield return ("UTF-32 body", Encoding.UTF32.GetBytes(Good()));
        yield return ("invalid UTF-8 in content", Bytes("""{"model":"demo","messages":[{"role":"user","content":"~"}]}""", 0xC3, 0x28));
        yield return ("overlong UTF-8 in content", Bytes("""{"model":"demo","messages":[{"role":"user","content":"~"}]}""", 0xC0, 0xAF));
        yield return ("UTF-8 surrogate in content", Bytes("""{"model":"demo","messages":[{"role":"user","content":"~"}]}""", 0xED, 0xA0, 0x80));
        yield return ("invalid UTF-8 in an unknown field", Bytes($$"""{"model":"demo",{{Messages}},"other":"~"}""", 0xFF));
        yield return ("invalid UTF-8 in a name", Bytes($$"""{"model":"demo",{{Messages}},"~":1}""", 0xFE));
        yield return ("NUL bytes", new byte[64]);
        yield return ("gzip bytes", [0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 3]);
    }

    private static IEnumerable<(string Name, string Text)> Texts()
    {
        yield return ("white space", "  \n ");
        yield return ("truncated object", """{"model":"demo","messages":[{"role":"us""");
        yield return ("truncated after the messages", $$"""{"model":"demo",{{Messages}}""");
        yield return ("two objects", Good() + Good());
        yield return ("trailing text", Good() + "x");
        yield return ("array at the root", "[]");
        yield return ("string at the root", "\"demo\"");
        yield return ("number at the root", "1");
        yield return ("null at the root", "null");
        yield return ("single quotes", "{'model':'demo'}");
        yield return ("trailing comma", $$"""{"model":"demo",{{Messages}},}""");
        yield return ("comment", $$"""{/* hi */"model":"demo",{{Messages}}}""");
        yield return ("NaN", With("\"temperature\":NaN"));
        yield return ("leading zero", With("\"temperature\":01"));
        yield return ("control character in a string", With("\"user\":\"a\nb\""));
        yield return ("deep nesting of arrays", With($"\"other\":{new string('[', 5000)}{new string(']', 5000)}"));
        yield return ("deep nesting of objects", With($"\"other\":{string.Concat(Enumerable.Repeat("{\"a\":", 5000))}1{new string('}', 5000)}"));
        yield return ("deep nesting never closed", With($"\"other\":{new string('[', 100_000)}"));
        yield return ("doubled model", $$"""{"model":"demo","model":"other",{{Messages}}}""");
        yield return ("doubled name by escape", $$"""{"model":"demo","\u006dodel":"other",{{Messages}}}""");
        yield return ("doubled role", """{"model":"demo","messages":[{"role":"user","role":"system","content":"a"}]}""");
        yield return ("doubled name in extendData", With("""
            "extendData":{"instanceId":"1","instanceId":"2"}
            """));
        yield return ("lone surrogate, then no JSON", """{"model":"demo","messages":[{"role":"user","content":"\ud83d"}],}""");
        yield return ("lone surrogate, then the end", """{"model":"\ud83d",""");
        yield return ("lone surrogate, then trailing text", Message("""{"role":"user","content":"\ud83d"}""") + "x");
        yield return ("lone surrogate, then deep nesting", With($"\"user\":\"\\ud83d\",\"other\":{new string('[', 100)}{new string(']', 100)}"));
        yield return ("bad escape", Message("""{"role":"user","content":"\x"}"""));

        yield return ("model as number", $$"""{"model":5,{{Messages}}}""");
        yield return ("model as object", $$"""{"model":{},{{Messages}}}""");
        yield return ("no messages", """{"model":"demo"}""");
        yield return ("null messages", """{"model":"demo","messages":null}""");
        yield return ("empty messages", """{"model":"demo","messages":[]}""");
        yield return ("messages as text", """{"model":"demo","messages":"hi"}""");
        yield return ("messages as object", """{"model":"demo","messages":{}}""");
        yield return ("201 messages", $$"""{"model":"demo","messages":[{{string.Join(',', Enumerable.Repeat("""{"role":"user","content":"a"}""", 201))}}]}""");
        yield return ("message as text", Message("\"hi\""));
        yield return ("null message", Message("null"));
        yield return ("no role", Message("""{"content":"a"}"""));
        yield return ("role as number", Message("""{"role":1,"content":"a"}"""));
        yield return ("unknown role", Message("""{"role":"caller","content":"a"}"""));
        yield return ("no content", Message("""{"role":"user"}"""));
        yield return ("null content of a user", Message("""{"role":"user","content":null}"""));
        yield return ("content as object", Message("""{"role":"user","content":{}}"""));
        yield return ("content as boolean", Message("""{"role":"user","content":true}"""));
        yield return ("no parts", Message("""{"role":"user","content":[]}"""));
        yield return ("part as text", Message("""{"role":"user","content":["a"]}"""));
        yield return ("part without type", Message("""{"role":"user","content":[{"text":"a"}]}"""));
        yield return ("file that is none", Message("""{"role":"user","content":[{"type":"file","file":{"filename":"a.pdf"}}]}"""));
        yield return ("file as text", Message("""{"role":"user","content":[{"type":"file","file":"a.pdf"}]}"""));
        yield return ("text part without text", Message("""{"role":"user","content":[{"type":"text"}]}"""));
        yield return ("image without url", Message("""{"role":"user","content":[{"type":"image_url","image_url":{}}]}"""));
        yield return ("image as text", Message("""{"role":"user","content":[{"type":"image_url","image_url":"http://a/b"}]}"""));
        yield return ("image from a file", Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}"""));
        yield return ("malformed data URI", Message("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,~~"}}]}"""));
        yield return ("audio in an unknown format", Message("""{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"ogg","data":"AA=="}}]}"""));
        yield return ("audio that is not base64", Message("""{"role":"user","content":[{"type":"input_audio","input_audio":{"format":"wav","data":"*"}}]}"""));
        yield return ("tool message with a number for an id", Message("""{"role":"tool","content":"a","tool_call_id":1}"""));
        yield return ("function call as text", Message("""{"role":"assistant","function_call":"f"}"""));
        yield return ("tool calls as object", Message("""{"role":"assistant","tool_calls":{}}"""));
        yield return ("tool call without function", Message("""{"role":"assistant","tool_calls":[{"id":"1","type":"function"}]}"""));
        yield return ("tool call arguments as object", Message("""{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{}}}]}"""));

        yield return ("stream as text", With("\"stream\":\"true\""));
        yield return ("stream as number", With("\"stream\":1"));
        yield return ("stream_options as text", With("\"stream_options\":\"x\""));
        yield return ("include_usage as text", With("\"stream_options\":{\"include_usage\":\"yes\"}"));
        yield return ("temperature as text", With("\"temperature\":\"hot\""));
        yield return ("temperature too high", With("\"temperature\":2.1"));
        yield return ("temperature beyond a double", With("\"temperature\":1e999"));
        yield return ("top_p below 0", With("\"top_p\":-0.1"));
        yield return ("max_tokens huge", With("\"max_tokens\":99999999999999999999"));
        yield return ("max_tokens zero", With("\"max_tokens\":0"));
        yield return ("max_tokens as fraction", With("\"max_tokens\":1.5"));
        yield return ("max_completion_tokens negative", With("\"max_completion_tokens\":-1"));
        yield return ("seed as text", With("\"seed\":\"1\""));
        yield return ("n zero", With("\"n\":0"));
        yield return ("n huge", With("\"n\":1e400"));
        yield return ("stop as number", With("\"stop\":1"));
        yield return ("stop with a number in it", With("\"stop\":[\"a\",1]"));
        yield return ("tools as object", With("\"tools\":{}"));
        yield return ("tool without type", With("\"tools\":[{\"name\":\"browser\"}]"));
        yield return ("custom tool without name", With("\"tools\":[{\"type\":\"custom\",\"custom\":{}}]"));
        yield return ("functions as object", With("\"functions\":{}"));
        yield return ("function without name", With("\"functions\":[{}]"));
        yield return ("function_call of a function that is not there", With("\"functions\":[{\"name\":\"f\"}],\"function_call\":{\"name\":\"g\"}"));
        yield return ("allowed tool that is not there", With("\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}"));
        yield return ("tool without name", With("\"tools\":[{\"type\":\"function\",\"function\":{}}]"));
        yield return ("tool with a blank name", With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\" \"}}]"));
        yield return ("blank name of a tool chosen", With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\" \"}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\" \"}}"));
        yield return ("tool parameters as text", With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":\"x\"}}]"));
        yield return ("unknown tool_choice", With("\"tool_choice\":\"maybe\""));
        yield return ("tool_choice of a tool that is not there", With("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}"));
        yield return ("response_format as text", With("\"response_format\":\"json\""));
        yield return ("unknown response_format", With("\"response_format\":{\"type\":\"xml\"}"));
        yield return ("json_schema without schema", With("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}}"));
        yield return ("extendData as text", With("\"extendData\":\"x\""));
        yield return ("extendData as array", With("\"extendData\":[]"));
        yield return ("instanceId as object", With("\"extendData\":{\"instanceId\":{}}"));
        yield return ("sentenceId as array", With("\"extendData\":{\"sentenceId\":[3]}"));
    }

    private static string Good() => $$"""{"model":"demo",{{Messages}}}""";

    private static string With(string field) => $$"""{"model":"demo",{{Messages}},{{field}}}""";

    private static string Message(string message) => $$"""{"model":"demo","messages":[{{message}}]}""";

    private static byte[] Bytes(string text, params byte[] inPlaceOfTilde)
    {
        var parts = text.Split('~');
        return [.. Encoding.UTF8.GetBytes(parts[0]), .. inPlaceOfTilde, .. Encoding.UTF8.GetBytes(parts[1])];
    }
}
