using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// Puts tool calls together from their fragments. By the format a fragment belongs to the call of its <c>index</c>; some servers
/// leave it out, and some number every call 0, so a new id together with a name begins a new call as well.
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

    /// <summary>The length of the arguments, ids and names that are held.</summary>
    public long HeldCharacters { get; private set; }

    /// <summary>Whether there are more calls than are taken, or one has a longer name or id.</summary>
    public bool ExceedsLimits { get; private set; }

    /// <summary>Whether there is a call that has a name.</summary>
    public bool HasCalls => _calls.Exists(static call => call.Name is not null);

    /// <summary>Reads the array of fragments.</summary>
    /// <param name="json">Stands on the start of the array; afterwards on its end.</param>
    /// <returns>Whether there was one.</returns>
    public bool ReadArray(ref Utf8JsonReader json)
    {
        var hasFragments = false;
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            if (json.TokenType is JsonTokenType.StartObject)
            {
                hasFragments = true;
                ReadFragment(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return hasFragments;
    }

    /// <summary>Reads a function's fragment: the value of <c>function</c>, or of the older <c>function_call</c>, which has neither index nor id.</summary>
    public void ReadFunction(ref Utf8JsonReader json)
    {
        var (name, arguments) = Function(ref json);
        Add(index: null, id: null, name, arguments);
    }

    /// <summary>The calls that have a name, each whole.</summary>
    public IEnumerable<FunctionCallContent> Assemble() =>
        _calls.Where(call => call.Name is not null).Select(call => call.ToContent());

    private void ReadFragment(ref Utf8JsonReader json)
    {
        long? index = null;
        string? id = null, name = null, arguments = null, extra = null;
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
            else if (json.ValueTextEquals("function"u8))
            {
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

        Add(index, id, name, arguments, extra);
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
            else if (json.ValueTextEquals("arguments"u8))
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

    // The format has them as a string; Ollama's own and some gateways write the object itself.
    private static string? Arguments(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.String)
        {
            return JsonText.Read(ref json);
        }

        if (json.TokenType is JsonTokenType.StartObject)
        {
            using var document = JsonDocument.ParseValue(ref json);
            return document.RootElement.GetRawText();
        }

        json.Skip();
        return null;
    }

    private void Add(long? index, string? id, string? name, string? arguments, string? extra = null)
    {
        id = string.IsNullOrEmpty(id) ? null : id;
        name = string.IsNullOrWhiteSpace(name) ? null : name;
        ExceedsLimits |= id?.Length > MaxIdLength || name?.Length > MaxNameLength;
        var call = Find(index, id, name);
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

        HeldCharacters += (call.Id is null ? Length(id) : 0) + (call.Name is null ? Length(name) : 0) + Length(arguments) + Length(extra);
        call.Id ??= id;
        call.Name ??= name;
        call.Arguments.Append(arguments);
        call.Extra = extra ?? call.Extra;
    }

    private static int Length(string? text) => text?.Length ?? 0;

    private ToolCallParts? Find(long? index, string? id, string? name)
    {
        var candidate = index is { } number ? _byIndex.GetValueOrDefault(number) : _calls.LastOrDefault();
        var beginsAnother = name is not null && candidate is { Name: not null } && candidate.Id != id && (index is null || id is not null);
        return beginsAnother ? null : candidate;
    }
}

/// <summary>What has arrived of one tool call.</summary>
internal sealed class ToolCallParts
{
    public string? Id { get; set; }

    public string? Name { get; set; }

    public StringBuilder Arguments { get; } = new();

    /// <summary>What its service wants back with it: see <see cref="Thoughts"/>.</summary>
    public string? Extra { get; set; }

    public FunctionCallContent ToContent()
    {
        var content = ToolCallJson.ToContent(Id ?? $"call_{Guid.NewGuid():N}", Name!, Arguments.ToString());
        new Thoughts { OfCall = Extra }.AddTo(content);
        return content;
    }
}
