using System.Text;
using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>A place of a request where, as the settings say, something of the call stands.</summary>
internal sealed class CallSource
{
    private const string Query = "query";
    private const string Header = "header";
    private const string Body = "body";
    private const string Prompt = "prompt";
    private const string Expected = "expected query:NAME, header:NAME, body:NAME.NAME or prompt:NAME, several separated by commas";

    // What opens this server, or another one, must not become an id, which is logged.
    private static readonly HashSet<string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Cookie", "api-key", "api_key", "x-api-key", "x-functions-key", "code", "X-LiveKit-Worker-Token",
    };

    private readonly string _place;
    private readonly byte[][] _path;

    private CallSource((string Place, string Name) source)
    {
        (_place, Name) = source;
        _path = [.. (_place is Body ? Name.Split('.') : [Name]).Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>What an error calls it: the parameter, header or field.</summary>
    public string Name { get; }

    public static CallSource[] Parse(string? setting) => [.. Split(setting).Select(source => new CallSource(source))];

    /// <summary>What is wrong with a setting. What it says is not told: a key may have got into the wrong place.</summary>
    public static IEnumerable<string> Failures(string? setting, bool isData) => Split(setting)
        .Select((source, index) => Failure(source.Place, source.Name, isData) is { } failure ? $"source {index + 1}: {failure}." : "").Where(failure => failure.Length > 0);

    /// <summary>An id or a number; null where the request has none there.</summary>
    public string? Text(CallRequest request) => Find(request, CallValue.Text);

    /// <summary>User data; null where the request has none there.</summary>
    public string? Data(CallRequest request) => Find(request, CallValue.Data);

    private static IEnumerable<(string Place, string Name)> Split(string? setting) => string.IsNullOrWhiteSpace(setting) ? []
        : setting.Split(',').Select(source => source.Split(':', 2) is [var place, var name] ? (place.Trim().ToLowerInvariant(), name.Trim()) : ("", ""));

    private static string? Failure(string place, string name, bool isData) => place switch
    {
        not (Query or Header or Body or Prompt) => Expected,
        _ when name.Length == 0 || (place is Body && name.Split('.').Contains("")) => Expected,
        Query or Header when Keys.Contains(name) => "a key stands there, and ids are logged",
        Header when !name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal)) => "no header can have this name",
        // The assistant's keys, and the address that steers the call.
        Body when name.Split('.') is ["assistant", not "id", ..] or ["assistant"] or ["call", "monitor", ..] || (isData && name is "call") => "Vapi's secrets stand there",
        _ => null,
    };

    private string? Find(CallRequest request, Func<JsonElement, string?> read) => _place switch
    {
        Query => request.Query(Name),
        Header => request.Header(Name),
        Prompt => PromptValue.Find(request["messages"u8], _path[0]),
        _ => Walk(request[_path[0]], 1, read),
    };

    private string? Walk(JsonElement value, int step, Func<JsonElement, string?> read) =>
        step == _path.Length ? read(value)
        : value.ValueKind is JsonValueKind.String ? EmbeddedJson.Read(value.GetString(), inner => Walk(inner, step, read))
        : Walk(value.At(_path[step]), step + 1, read);
}

/// <summary>Reads JSON that stands as text in JSON, as Volcengine's <c>custom</c> does.</summary>
internal static class EmbeddedJson
{
    /// <returns>What <paramref name="read"/> finds; null where the text is no JSON, or is null.</returns>
    public static string? Read(string? text, Func<JsonElement, string?> read)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return read(json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Any text may stand there, also one with half of a character, which cannot be decoded.
            return null;
        }
    }
}
