using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// Puts tool calls together from their fragments. By the format a fragment belongs to the call of its <c>index</c>; some servers leave it out, some
/// number every call 0, and some have no ids or the same for all, so another id or name begins a new call as well, and so does a name in the same
/// event. What stands one after the other in one call's arguments are several calls of one name.
/// </summary>
/// <remarks>https://platform.openai.com/docs/guides/function-calling#streaming</remarks>
internal sealed class ToolCallAssembler
{
    /// <summary>The most calls of an answer: no model asks for so many, and each is made, answered and sent again.</summary>
    public const int MaxCalls = 128;

    /// <summary>The longest name of a tool, in characters: four times what the format allows.</summary>
    public const int MaxNameLength = 256;

    /// <summary>The longest id of a call, in characters: some gateways put a signature of the model's thoughts there.</summary>
    public const int MaxIdLength = 16_384;

    private readonly List<ToolCallParts> _calls = [];

    // The last call of each index: one event may hold tens of thousands of fragments.
    private readonly Dictionary<long, ToolCallParts> _byIndex = [];

    // The event that is read, and how many calls there were before it.
    private int _event;
    private int _before;

    /// <summary>The length of the arguments, ids and names that are held.</summary>
    public long HeldCharacters { get; private set; }

    /// <summary>Whether there are more calls than are taken, or one has a longer name or id.</summary>
    public bool ExceedsLimits { get; private set; }

    /// <summary>Whether there is a call that has a name.</summary>
    public bool HasCalls => _calls.Exists(static call => call.Name is not null);

    /// <summary>Whether one has arguments that are no JSON.</summary>
    public bool HasBrokenCall => Assemble(isCut: false).Any(call => call.Exception is not null);

    /// <summary>Reads the array of fragments.</summary>
    /// <param name="json">Stands on the start of the array; afterwards on its end.</param>
    /// <param name="isWhole">Whether it has all calls of the answer whole, in order, those too that are known.</param>
    /// <returns>Whether there was one.</returns>
    public bool ReadArray(ref Utf8JsonReader json, bool isWhole = false)
    {
        StartEvent();
        var hasFragments = false;
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            if (json.TokenType is JsonTokenType.StartObject)
            {
                hasFragments = true;
                ReadFragment(ref json, isWhole);
            }
            else
            {
                json.Skip();
            }
        }

        return hasFragments;
    }

    /// <summary>Reads a function's fragment: the value of <c>function</c>, or of the older <c>function_call</c>, which has neither index nor id.</summary>
    public void ReadFunction(ref Utf8JsonReader json, bool isWhole = false)
    {
        StartEvent();
        var (name, arguments) = Function(ref json);
        Add(index: null, id: null, name, arguments, isWhole);
    }

    /// <summary>The calls that have a name, each whole, and each with an id of its own.</summary>
    /// <param name="isCut">Whether the answer was cut off: a last call without arguments has lost them.</param>
    public IEnumerable<FunctionCallContent> Assemble(bool isCut)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in _calls.Where(call => call.Name is not null))
        {
            foreach (var (position, arguments) in call.Texts().Index())
            {
                var id = call.Id is { } given && ids.Add(given) ? given : $"call_{Guid.NewGuid():N}";
                var content = call.IsCustom ? ToolCallJson.Custom(id, call.Name!, arguments) : ToolCallJson.ToContent(id, call.Name!, arguments);
                content.Exception ??= isCut && call == _calls[^1] && string.IsNullOrWhiteSpace(arguments) ? new JsonException("The arguments are cut off.") : null;
                new Thoughts { OfCall = position == 0 ? call.Extra : null }.AddTo(content);
                yield return content;
            }
        }
    }

    private void StartEvent()
    {
        _event++;
        _before = _calls.Count;
    }

    private void ReadFragment(ref Utf8JsonReader json, bool isWhole)
    {
        long? index = null;
        string? id = null, name = null, arguments = null, extra = null;
        var isCustom = false;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("index"u8))
            {
                index = JsonText.ReadNextInteger(ref json);
            }
            else if (json.ValueTextEquals("id"u8))
            {
                id = JsonText.ReadNext(ref json);
            }
            else if (json.ValueTextEquals("function"u8) || json.ValueTextEquals("custom"u8))
            {
                isCustom = json.ValueTextEquals("custom"u8);
                if (JsonText.MoveTo(ref json, JsonTokenType.StartObject))
                {
                    (name, arguments) = Function(ref json);
                }
            }
            else if (json.ValueTextEquals(Thoughts.ExtraField))
            {
                extra = ThoughtsReader.ReadObject(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        Add(index, id, name, arguments, isWhole, extra, isCustom);
    }

    private static (string? Name, string? Arguments) Function(ref Utf8JsonReader json)
    {
        string? name = null, arguments = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8))
            {
                name = JsonText.ReadNext(ref json);
            }
            else if (json.ValueTextEquals("arguments"u8) || json.ValueTextEquals("input"u8))
            {
                json.Read();
                arguments = Arguments(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return (name, arguments);
    }

    // The format has them as a string; Ollama's own and some gateways write the object itself, or a model's list or number.
    private static string? Arguments(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.String)
        {
            return JsonText.Read(ref json);
        }

        if (json.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        using var document = JsonDocument.ParseValue(ref json);
        return document.RootElement.GetRawText();
    }

    private void Add(long? index, string? id, string? name, string? arguments, bool isWhole, string? extra = null, bool isCustom = false)
    {
        id = string.IsNullOrEmpty(id) ? null : id;
        name = string.IsNullOrWhiteSpace(name) ? null : name;
        ExceedsLimits |= id?.Length > MaxIdLength || name?.Length > MaxNameLength;
        var call = isWhole ? FindWhole(id, name, arguments) : Find(index, id, name);
        if (call is null)
        {
            ExceedsLimits |= _calls.Count == MaxCalls;
            if (ExceedsLimits)
            {
                return;
            }

            call = new ToolCallParts();
            _calls.Add(call);
            if (index is { } number)
            {
                _byIndex[number] = call;
            }
        }
        else if (isWhole && !string.IsNullOrWhiteSpace(arguments))
        {
            HeldCharacters -= call.Arguments.Length;
            call.Clear();
        }

        HeldCharacters += (call.Id is null ? Length(id) : 0) + (call.Name is null ? Length(name) : 0) + Length(arguments) + Length(extra);
        call.Id ??= id;
        call.Name ??= name;
        call.Append(arguments);
        call.IsCustom |= isCustom;
        call.Event = _event;
        call.Extra = extra ?? call.Extra;
    }

    private static int Length(string? text) => text?.Length ?? 0;

    private ToolCallParts? Find(long? index, string? id, string? name)
    {
        var candidate = index is { } number ? _byIndex.GetValueOrDefault(number) : _calls.LastOrDefault();
        return candidate is null || (name is not null && candidate.Name is not null && IsAnother(candidate, id, name)) ? null : candidate;
    }

    private bool IsAnother(ToolCallParts call, string? id, string name) =>
        call.Name != name || (id is null || call.Id is null ? call.Event == _event : call.Id != id);

    // Known from an event before, and each once: who makes up ids makes up others for the same call.
    private ToolCallParts? FindWhole(string? id, string? name, string? arguments)
    {
        var known = _calls.Take(_before).Where(call => call.Name == name && call.Event != _event).ToList();
        return known.Find(call => call.Id is not null && call.Id == id)
            ?? known.Find(call => id is null || call.Id is null)
            ?? known.Find(call => ToolCallJson.AreSame(call.Arguments.ToString(), arguments ?? ""));
    }
}

/// <summary>What has arrived of one tool call.</summary>
internal sealed class ToolCallParts
{
    // The last fragment, where each begins with the one before: such a service sends all so far.
    private string? _whole;

    public string? Id { get; set; }

    public string? Name { get; set; }

    public StringBuilder Arguments { get; } = new();

    /// <summary>What its service wants back with it: see <see cref="Thoughts"/>.</summary>
    public string? Extra { get; set; }

    /// <summary>Whether a tool is called that takes text: a <see cref="CustomTool"/>.</summary>
    public bool IsCustom { get; set; }

    /// <summary>The last event that had something of it.</summary>
    public int Event { get; set; }

    public void Append(string? fragment)
    {
        if (string.IsNullOrEmpty(fragment))
        {
            return;
        }

        _whole = Arguments.Length == 0 || (_whole is not null && fragment.StartsWith(_whole, StringComparison.Ordinal))
            || (fragment.Length >= Arguments.Length && Arguments.Equals(fragment.AsSpan(0, Arguments.Length))) ? fragment : null;
        Arguments.Append(fragment);
    }

    public void Clear()
    {
        Arguments.Clear();
        _whole = null;
    }

    /// <summary>The arguments: of one call, nearly always.</summary>
    public IReadOnlyList<string> Texts()
    {
        var text = Arguments.ToString();
        return IsCustom || ToolCallJson.IsReadable(text) ? [text]
            : _whole is { } whole && ToolCallJson.IsReadable(whole) ? [whole]
            : ToolCallJson.Objects(text) is { Count: > 0 } several ? several
            : [text];
    }
}
