using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using static Switchboard.Speech.CallContent;

namespace Switchboard.Speech;

/// <summary>
/// Reads the calls of declared tools out of what a model wrote in the syntax of its family. What names no declared tool is none.
/// </summary>
/// <remarks>
/// The forms, as servers read them (https://docs.vllm.ai/en/latest/features/tool_calling/,
/// https://docs.sglang.io/advanced_features/tool_parser.html): JSON with the name and the arguments; the name before JSON arguments; tags for each
/// argument; pairs of keys and values; a call in Python; Gemma's <c>call:name{…}</c>.
/// </remarks>
internal static partial class CallText
{
    /// <summary>The most calls that one answer may make in its text.</summary>
    public const int MostCalls = 16;

    private static readonly string[] NameKeys = ["name", "tool_name", "function_name", "tool", "function", "action", "recipient_name"];
    private static readonly string[] ArgumentKeys = ["arguments", "parameters", "args", "input", "tool_input", "action_input"];
    private static readonly string[] WrapperKeys = ["function", "tool_call", "function_call"];
    private static readonly string[] ListKeys = ["tool_calls", "function_calls", "calls"];

    /// <summary>The calls in one block of text, in order.</summary>
    public static List<FunctionCallContent> Read(string text, DeclaredTools tools)
    {
        text = text.Replace('｜', '|').Replace("]<]minimax[>[", "", StringComparison.Ordinal);
        text = MistralMark().Replace(text, " ");
        var calls = text.Contains("<arg_key>", StringComparison.OrdinalIgnoreCase) ? Pairs(text, tools)
            : Tagged(text, tools) is { Count: > 0 } tagged ? tagged
            : GemmaCalls(text, tools) is { Count: > 0 } gemma ? gemma
            : Json(text, tools) is { Count: > 0 } json ? json
            : PythonCalls(text, tools) is { Count: > 0 } python ? python
            : Bare(text, tools);
        if (calls.Count == 0 && text.StartsWith("Action:", StringComparison.OrdinalIgnoreCase) && tools.Resolve(text.AsSpan(7, Math.Max(0, text.IndexOf('\n') - 7))) is { } name)
        {
            calls.Add(Broken(name, text[text.IndexOf('\n')..]));
        }

        return calls.Count > MostCalls ? calls[..MostCalls] : calls;
    }

    // <invoke name="f"><parameter name="p">v</parameter></invoke>, <function=f><parameter=p>v</parameter></function>, <function=f>{…}</function>.
    private static List<FunctionCallContent> Tagged(string text, DeclaredTools tools)
    {
        var calls = new List<FunctionCallContent>();
        var starts = CallStart().Matches(text);
        for (var index = 0; index < starts.Count; index++)
        {
            var start = starts[index];
            if (tools.Resolve(start.Groups["name"].ValueSpan) is not { } name)
            {
                continue;
            }

            var end = index + 1 < starts.Count ? starts[index + 1].Index : text.Length;
            var body = text[(start.Index + start.Length)..end];
            body = CallEnd().Match(body) is { Success: true } close ? body[..close.Index] : body;
            calls.Add(Call(name, tools, body));
        }

        return calls;
    }

    private static FunctionCallContent Call(string name, DeclaredTools tools, string body)
    {
        if (string.IsNullOrWhiteSpace(body) || body.AsSpan().TrimStart()[0] == '{')
        {
            return string.IsNullOrWhiteSpace(body) ? Content(name, "{}") : Content(name, body.Trim());
        }

        var parameters = Parameter().Matches(body);
        if (parameters.Count == 0)
        {
            parameters = Element().Matches(body);
        }

        if (parameters.Count == 0)
        {
            return Broken(name, body);
        }

        var arguments = new JsonObject();
        foreach (Match parameter in parameters)
        {
            var key = parameter.Groups["name"].Value;
            bool? isString = parameter.Groups["rest"].Value is var rest && rest.Contains("string=\"true\"", StringComparison.Ordinal) ? true
                : rest.Contains("string=\"false\"", StringComparison.Ordinal) ? false : null;
            arguments[key] = tools.Value(name, key, Line(parameter.Groups["value"].Value), isString);
        }

        return parameters[^1].Groups["end"].Value.Length > 0 ? Content(name, arguments) : Broken(name, body);
    }

    // GLM: <tool_call>f<arg_key>p</arg_key><arg_value>v</arg_value>.
    private static List<FunctionCallContent> Pairs(string text, DeclaredTools tools)
    {
        var calls = new List<FunctionCallContent>();
        foreach (var part in text.Split("<tool_call>", StringSplitOptions.RemoveEmptyEntries))
        {
            var first = part.IndexOf("<arg_key>", StringComparison.OrdinalIgnoreCase);
            if (tools.Resolve(first < 0 ? part : part.AsSpan(0, first)) is not { } name)
            {
                continue;
            }

            var arguments = new JsonObject();
            foreach (Match pair in Pair().Matches(part))
            {
                var key = pair.Groups["key"].Value.Trim();
                arguments[key] = tools.Value(name, key, Line(pair.Groups["value"].Value), isString: null);
            }

            calls.Add(arguments.Count == Pair().Count(part) && part.Split("<arg_key>").Length - 1 == arguments.Count ? Content(name, arguments) : Broken(name, part));
        }

        return calls;
    }

    private static List<FunctionCallContent> Json(string text, DeclaredTools tools)
    {
        var calls = new List<FunctionCallContent>();
        var done = 0;
        for (var tries = 0; tries < 4 * MostCalls; tries++)
        {
            var start = text.AsSpan(done).IndexOfAny('{', '[');
            if (start < 0)
            {
                break;
            }

            start += done;
            var head = text.AsSpan(done, start - done);
            if (LooseValue.End(text, start) is not { } end)
            {
                if ((NameBefore(head, tools) ?? NameIn(text.AsSpan(start), tools)) is { } broken)
                {
                    calls.Add(Broken(broken, text[start..]));
                }

                break;
            }

            var json = text[start..end];
            var found = Parse(json) is { } element ? Calls(element, tools).ToList() : [];
            if (found.Count == 0 && json[0] == '{' && NameBefore(head, tools) is { } name)
            {
                found.Add(Content(name, json));
            }
            else if (found.Count == 0 && NameIn(json, tools) is { } named && Parse(json) is null)
            {
                found.Add(Broken(named, json));
            }

            calls.AddRange(found);
            done = end;
        }

        return calls;
    }

    private static IEnumerable<FunctionCallContent> Calls(JsonElement json, DeclaredTools tools)
    {
        if (json.ValueKind is JsonValueKind.Array)
        {
            return json.EnumerateArray().SelectMany(each => Calls(each, tools));
        }

        if (json.ValueKind is not JsonValueKind.Object)
        {
            return [];
        }

        if (Find(json, ListKeys, JsonValueKind.Array) is { } list)
        {
            return Calls(list, tools);
        }

        if (Find(json, WrapperKeys, JsonValueKind.Object) is { } wrapped)
        {
            return Calls(wrapped, tools);
        }

        if (Find(json, NameKeys, JsonValueKind.String) is { } written)
        {
            return tools.Resolve(Text(written)) is { } name ? [Content(name, Find(json, ArgumentKeys, kind: null))] : [];
        }

        // Apertus: {"f": {…}}.
        return json.EnumerateObject().ToList() is [var only] && only.Value.ValueKind is JsonValueKind.Object && tools.Resolve(only.Name) is { } tool ? [Content(tool, only.Value)] : [];
    }

    private static JsonElement? Find(JsonElement json, string[] keys, JsonValueKind? kind)
    {
        foreach (var key in keys)
        {
            if (json.TryGetProperty(key, out var value) && (kind is null || value.ValueKind == kind))
            {
                return value;
            }
        }

        return null;
    }

    private static List<FunctionCallContent> GemmaCalls(string text, DeclaredTools tools) =>
        Written(text, tools, GemmaStart(), (open, _) => LooseValue.TryRead(text, open, out var end) is JsonObject arguments ? (arguments, end) : default);

    private static List<FunctionCallContent> PythonCalls(string text, DeclaredTools tools) =>
        Written(text, tools, PythonStart(), (open, name) => LooseValue.TryReadArguments(text, open, [.. tools.Parameters(name)], out var end) is { } arguments ? (arguments, end) : default);

    // A name with an opening bracket, and what is read from there on.
    private static List<FunctionCallContent> Written(string text, DeclaredTools tools, Regex starts, Func<int, string, (JsonObject? Arguments, int End)> read)
    {
        var calls = new List<FunctionCallContent>();
        var done = 0;
        foreach (Match start in starts.Matches(text))
        {
            var written = start.Groups["name"].ValueSpan;
            if (start.Index < done || tools.Resolve(written.EndsWith(".call") ? written[..^5] : written) is not { } name)
            {
                continue;
            }

            var open = start.Index + start.Length - 1;
            var (arguments, end) = read(open, name);
            calls.Add(arguments is null ? Broken(name, text[open..]) : Content(name, arguments));
            done = arguments is null ? text.Length : end;
        }

        return calls;
    }

    // A name and nothing else: a call without arguments.
    private static List<FunctionCallContent> Bare(string text, DeclaredTools tools) =>
        tools.Resolve(MarkText().Replace(text, " ")) is { } name ? [Content(name, "{}")] : [];

    private static string? NameBefore(ReadOnlySpan<char> head, DeclaredTools tools)
    {
        string? found = null;
        foreach (var word in Word().EnumerateMatches(head))
        {
            found = tools.Resolve(head.Slice(word.Index, word.Length)) ?? found;
        }

        return found;
    }

    private static string? NameIn(ReadOnlySpan<char> json, DeclaredTools tools)
    {
        foreach (var match in JsonName().EnumerateMatches(json))
        {
            var text = json.Slice(match.Index, match.Length);
            if (tools.Resolve(text[(text.IndexOf(':') + 1)..]) is { } name)
            {
                return name;
            }
        }

        return null;
    }

    private static string Line(string value) => value.StartsWith('\n') ? value[1..].TrimEnd('\n') : value;

    [GeneratedRegex("""<[^<>\s]*?\s?(?:invoke|function|function_call|tool_call)(?:=|\s+name=)["']?(?<name>[^"'<>\s]+)["']?[^<>]*>""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CallStart();

    [GeneratedRegex("""</[^<>]*(?:invoke|function|function_call|tool_call)>""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CallEnd();

    [GeneratedRegex("""<[^<>\s]*?\s?parameter(?:=|\s+name=)["']?(?<name>[^"'<>\s]+)["']?(?<rest>[^<>]*)>(?<value>.*?)(?<end></[^<>]*parameter>|$)""", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex("""<(?<name>[A-Za-z_][\w.-]*)(?<rest>)>(?<value>[^<>]*)(?<end></\k<name>>)""", RegexOptions.CultureInvariant)]
    private static partial Regex Element();

    [GeneratedRegex("""<arg_key>(?<key>[^<>]*)</arg_key>\s*<arg_value>(?<value>(?:(?!<arg_key>).)*?)</arg_value>""", RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pair();

    [GeneratedRegex("""\bcall:(?<name>[\w.-]+)\s*\{""", RegexOptions.CultureInvariant)]
    private static partial Regex GemmaStart();

    [GeneratedRegex("""(?<name>[A-Za-z_][\w.-]*)\(""", RegexOptions.CultureInvariant)]
    private static partial Regex PythonStart();

    [GeneratedRegex("""[A-Za-z_][\w.:-]*""", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("""\x22(?:name|tool_name|function_name|tool|function|action)\x22\s*:\s*\x22[^\x22]+\x22""", RegexOptions.CultureInvariant)]
    private static partial Regex JsonName();

    [GeneratedRegex("""\[(?:TOOL_CALLS|ARGS|CALL_ID)\]""", RegexOptions.CultureInvariant)]
    private static partial Regex MistralMark();

    [GeneratedRegex("""<[^<>]*>|\[[A-Z_/]+\]|✿[A-Z]+✿|```\w*""", RegexOptions.CultureInvariant)]
    private static partial Regex MarkText();
}
