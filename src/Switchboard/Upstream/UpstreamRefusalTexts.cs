using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>The fields that a request has and that it could do without.</summary>
internal sealed class SentFields
{
    public const string Messages = "messages";
    public const string Role = "messages.role";
    public const string Reasoning = $"messages.{Thoughts.ReasoningField}";
    public const string Details = $"messages.{Thoughts.DetailsField}";
    public const string Extra = $"messages.{Thoughts.ExtraField}";

    // What a request is made of is never left out, whatever is said of it.
    private static readonly string[] Needed = ["model", Messages, "stream", "tools"];

    private static readonly string[] Penalties = ["presence_penalty", "frequency_penalty"];

    private static readonly string[] Limits = [RequestShape.MaxTokensField, RequestShape.MaxCompletionTokensField];

    private const int MaxDepth = 4;

    // By names without marks and letter case: xAI says reasoningEffort.
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ofMessages = new(StringComparer.Ordinal);

    public SentFields(JsonElement request)
    {
        foreach (var field in request.EnumerateObject())
        {
            if (!Needed.Contains(field.Name))
            {
                Add(field, field.Name, 1);
            }
        }

        // The limit goes by two names, and services answer by either.
        if (Limits.FirstOrDefault(_fields.ContainsValue) is { } limit)
        {
            Array.ForEach(Limits, name => _fields.TryAdd(Key(name), limit));
        }

        // Gemini calls both of them so: https://github.com/Vali-98/ChatterUI/issues/227
        if (Penalties.FirstOrDefault(_fields.ContainsValue) is { } penalty)
        {
            _fields.TryAdd("penalty", penalty);
        }

        HasTools = request.TryGetProperty("tools", out _);
        Effort = request.TryGetProperty("reasoning_effort", out var effort) && effort.ValueKind is JsonValueKind.String ? effort.GetString() : null;
        foreach (var message in request.GetProperty(Messages).EnumerateArray())
        {
            HasDeveloper |= message.TryGetProperty("role", out var role) && role.ValueEquals("developer");
            HasCalls |= message.TryGetProperty("tool_calls", out var calls);
            _ofMessages.UnionWith(message.EnumerateObject().Select(field => field.Name));
            _ofMessages.UnionWith(calls.ValueKind is JsonValueKind.Array ? calls.EnumerateArray().SelectMany(call => call.EnumerateObject()).Select(field => field.Name) : []);
        }
    }

    public bool HasTools { get; }

    public bool HasDeveloper { get; }

    /// <summary>Whether there is an assistant's message with tool calls.</summary>
    public bool HasCalls { get; }

    public string? Effort { get; }

    /// <summary>Whether a path leads to what a request is made of.</summary>
    public static bool IsNeeded(string path) => Needed.Contains(Segments(path).FirstOrDefault());

    /// <summary>Finds what a refusal calls by a name or path.</summary>
    /// <returns>Its path; null where no such field was sent, or it is needed.</returns>
    public string? Find(string name)
    {
        var segments = Segments(name);
        if (segments is [Messages, _, ..])
        {
            return segments[^1] switch
            {
                "role" => HasDeveloper ? Role : null,
                "name" => _ofMessages.Contains("name") ? RequestShape.NameOfMessages : null,
                Thoughts.ReasoningField => _ofMessages.Contains(Thoughts.ReasoningField) ? Reasoning : null,
                Thoughts.DetailsField => _ofMessages.Contains(Thoughts.DetailsField) ? Details : null,
                _ => segments.Contains(Thoughts.ExtraField) && _ofMessages.Contains(Thoughts.ExtraField) ? Extra : null,
            };
        }

        for (var length = segments.Length; length > 0; length--)
        {
            if (_fields.TryGetValue(Key(string.Join('.', segments.Take(length))), out var path))
            {
                return path;
            }
        }

        return name is Thoughts.ReasoningField or Thoughts.DetailsField or Thoughts.ExtraField ? Find($"{Messages}.0.{name}") : null;
    }

    /// <summary>What was sent in a field, as JSON; null for one inside of another, or for none.</summary>
    public string? Value(string field) => _values.GetValueOrDefault(field);

    /// <summary>Whether a request has this in a field.</summary>
    public static bool HasValue(JsonElement request, string field, string value) => request.TryGetProperty(field, out var sent) && sent.GetRawText() == value;

    private void Add(JsonProperty field, string path, int depth)
    {
        if (depth == 1)
        {
            _values[path] = field.Value.GetRawText();
        }

        _fields.TryAdd(Key(path), path);
        // Its own name alone, too: not every message tells where it stands.
        _fields.TryAdd(Key(field.Name), path);
        if (field.Value.ValueKind is JsonValueKind.Object && depth < MaxDepth)
        {
            foreach (var inner in field.Value.EnumerateObject())
            {
                Add(inner, $"{path}.{inner.Name}", depth + 1);
            }
        }
    }

    private static string[] Segments(string path)
    {
        var segments = path.Split(['.', '[', ']', '/', '\'', '"', '`', '$', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return segments is ["body" or "request" or "parameter" or "parameters", _, ..] ? segments[1..] : segments;
    }

    private static string Key(string path) => path.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}

/// <summary>What the body of a refusal says, apart: the fields that it names as such, and its texts.</summary>
internal sealed partial class RefusalTexts
{
    private const int MaxTextLength = 4096;
    private const int MaxNesting = 3;

    private static readonly string[] NameOfField = ["param", "field", "parameter"];

    private static readonly string[] CodeOf = ["code", "type", "reason"];

    // What quotes the request, or says nothing.
    private static readonly string[] NoText = ["@type", "id", "request_id", "requestId", "url", "input", "status", "object", "ctx", "model"];

    /// <param name="body">The body, or the beginning of one: JSON, or a mere text.</param>
    public RefusalTexts(ReadOnlySpan<byte> body)
    {
        if (!TryReadJson(body, 0))
        {
            AddText(Encoding.UTF8.GetString(body));
        }
    }

    public List<string> Fields { get; } = [];

    public List<string> Texts { get; } = [];

    /// <summary>Whether it is about what was said, how much of it, or who asks: then what it says quotes or explains, and blames no field.</summary>
    public bool IsOfContent { get; private set; }

    private bool TryReadJson(ReadOnlySpan<byte> body, int nesting)
    {
        var trimmed = body.TrimStart("\uFEFF \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed[0] is not ((byte)'{' or (byte)'['))
        {
            return false;
        }

        // A body may be cut anywhere: what was read before counts.
        var json = new Utf8JsonReader(trimmed, isFinalBlock: false, default);
        string? name = null;
        var isJson = false;
        try
        {
            while (json.Read())
            {
                if (json.TokenType is JsonTokenType.PropertyName)
                {
                    isJson = true;
                    name = JsonText.Read(ref json);
                }
                else if (json.TokenType is JsonTokenType.StartArray && name is "loc")
                {
                    Fields.Add(Location(ref json));
                }
                else if (json.TokenType is JsonTokenType.String && name is not null && JsonText.Read(ref json) is { Length: > 0 } text)
                {
                    Take(name, text, nesting);
                }
            }
        }
        catch (JsonException)
        {
            return isJson;
        }

        return isJson;
    }

    private void Take(string name, string text, int nesting)
    {
        if (NameOfField.Contains(name))
        {
            Fields.Add(text);
        }
        else if (CodeOf.Contains(name))
        {
            IsOfContent |= Content().IsMatch(text);
        }
        else if (!NoText.Contains(name) && !(nesting < MaxNesting && TryReadJson(Encoding.UTF8.GetBytes(text), nesting + 1)))
        {
            AddText(text);
        }
    }

    private void AddText(string text)
    {
        text = text[..Math.Min(text.Length, MaxTextLength)].Replace("\\\"", "\"", StringComparison.Ordinal);
        // As Python prints FastAPI's errors: their locations say all, and the rest quotes the request.
        var locations = Tuple().Matches(text);
        Fields.AddRange(locations.Select(tuple => tuple.Groups["path"].Value.Replace("'", "", StringComparison.Ordinal).Replace(", ", ".", StringComparison.Ordinal)));
        Texts.Add(locations.Count > 0 ? string.Join("; ", Message().Matches(text).Select(message => message.Groups["text"].Value)) : text);
    }

    private static string Location(ref Utf8JsonReader json)
    {
        var path = new List<string>();
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            path.Add(json.TokenType is JsonTokenType.String ? JsonText.Read(ref json) : "0");
        }

        return string.Join('.', path);
    }

    [GeneratedRegex("content_?(?:filter|policy)|ResponsibleAI|moderation|safety|invalid_prompt|context_length|string_above_max_length|quota|billing|api_?key|authentication|permission|model_not_found|DeploymentNotFound", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Content();

    [GeneratedRegex(@"'loc': \((?<path>[^)]*?),?\)", RegexOptions.CultureInvariant)]
    private static partial Regex Tuple();

    [GeneratedRegex(@"'msg': (?:'(?<text>[^']*)'|""(?<text>[^""]*)"")", RegexOptions.CultureInvariant)]
    private static partial Regex Message();
}
