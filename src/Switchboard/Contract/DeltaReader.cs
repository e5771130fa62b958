using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// Reads the <c>delta</c> of a chunk, and the <c>message</c> of a whole answer, which some services send beside the deltas or after them. Refusal and
/// tool calls are held until the answer ends.
/// </summary>
/// <remarks>
/// https://platform.openai.com/docs/api-reference/chat/streaming; reasoning is <c>reasoning_content</c> at DeepSeek, DashScope and
/// llama.cpp, <c>reasoning</c> at Ollama, OpenRouter and newer vLLM.
/// </remarks>
/// <param name="keepsThoughts">Whether what the model thinks goes with its tool calls.</param>
/// <param name="isCumulative">Whether each delta is known to repeat all that came before.</param>
internal sealed class DeltaReader(bool keepsThoughts = false, bool isCumulative = false)
{
    private readonly ToolCallAssembler _calls = new();
    private readonly ThoughtsReader? _thoughts = keepsThoughts ? new() : null;
    private readonly SaidText _said = new(isCumulative);
    private SaidText? _thought;
    private SaidText? _refused;
    private StringBuilder? _refusal;
    private bool _hasHeldMore;
    private bool _hasCallFragment;
    private string? _text;
    private string? _reasoning;
    private Range? _textPlace;
    private bool _saysMore;

    /// <summary>Where the text of this chunk stands among its bytes, without the quotes; null where it says anything beside one string of text.</summary>
    public Range? TextPlace => _saysMore ? null : _textPlace;

    /// <summary>Whether this chunk says anything, or thinks it.</summary>
    public bool Says => _hasHeldMore || !string.IsNullOrEmpty(_text) || !string.IsNullOrEmpty(_reasoning);

    /// <summary>The text of this chunk.</summary>
    public string? Text => _text;

    /// <summary>Whether a refusal or a tool call is held.</summary>
    public bool HasHeld => _refusal is { Length: > 0 } || _calls.HasCalls;

    /// <summary>Whether a tool call has arguments that are no JSON.</summary>
    public bool HasBrokenCall => _calls.HasBrokenCall;

    /// <summary>The length of what is held until the answer ends.</summary>
    public long HeldCharacters => _calls.HeldCharacters + (_refusal?.Length ?? 0) + (_thoughts?.Length ?? 0);

    /// <summary>Whether there are more tool calls than are taken.</summary>
    public bool HasTooManyCalls => _calls.ExceedsLimits;

    /// <summary>What is new in a text that a chunk has said, which was read in another way.</summary>
    public string ReadText(string text) => _said.Add(text);

    /// <param name="json">Stands on the start of the object; afterwards on its end.</param>
    /// <param name="isWhole">Whether it is a message: all there is to say, whatever was said before.</param>
    public void Read(ref Utf8JsonReader json, bool isWhole)
    {
        string? text = null, reasoning = null;
        _saysMore |= isWhole;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("content"u8))
            {
                json.Read();
                _textPlace = PlaceOf(in json);
                text = Content(ref json);
            }
            else if (json.ValueTextEquals("role"u8))
            {
                json.Skip();
            }
            else if (json.ValueTextEquals("reasoning_content"u8))
            {
                reasoning = JsonText.ReadNext(ref json) ?? reasoning;
            }
            else if (json.ValueTextEquals("reasoning"u8))
            {
                // A gateway may send both names with the same text.
                var other = JsonText.ReadNext(ref json);
                reasoning ??= other;
            }
            else if (!TryReadHeld(ref json, isWhole))
            {
                json.Skip();
            }
        }

        _saysMore |= reasoning is not null;
        _text = New(_said, _text, text, isWhole);
        _reasoning = reasoning is null ? _reasoning : New(_thought ??= new(isCumulative), _reasoning, reasoning, isWhole);
    }

    /// <summary>Takes what this chunk says at once.</summary>
    public List<AIContent>? Take()
    {
        List<AIContent>? contents = null;
        if (!string.IsNullOrEmpty(_reasoning))
        {
            (contents ??= new(1)).Add(new TextReasoningContent(_reasoning));
            _thoughts?.Add(_reasoning);
        }

        if (!string.IsNullOrEmpty(_text))
        {
            (contents ??= new(1)).Add(new TextContent(_text));
        }

        _text = _reasoning = null;
        _textPlace = null;
        _saysMore = _hasHeldMore = false;
        return contents;
    }

    /// <summary>Takes what was held until the end of the answer.</summary>
    /// <param name="isCut">Whether the answer was cut off, and its last call may be.</param>
    public List<AIContent> TakeHeld(bool isCut)
    {
        var contents = TakeHeldText();
        if (_refusal is { Length: > 0 })
        {
            contents.Add(Refusals.Content(_refusal.ToString()));
        }

        contents.AddRange(_calls.Assemble(isCut));
        if (contents.Find(content => content is FunctionCallContent) is FunctionCallContent first)
        {
            _thoughts?.AddTo(first);
        }

        return contents;
    }

    /// <summary>Takes the text that was held because it may repeat what was said.</summary>
    public List<AIContent> TakeHeldText()
    {
        List<AIContent> contents = [];
        if (_thought?.Complete() is { Length: > 0 } thought)
        {
            contents.Add(new TextReasoningContent(thought));
            _thoughts?.Add(thought);
        }

        if (_said.Complete() is { Length: > 0 } text)
        {
            contents.Add(new TextContent(text));
        }

        return contents;
    }

    /// <summary>Whether a piece of a tool call has come since the last time this was asked.</summary>
    public bool TakeCallFragment()
    {
        var has = _hasCallFragment;
        _hasCallFragment = false;
        return has;
    }

    private bool TryReadHeld(ref Utf8JsonReader json, bool isWhole)
    {
        if (json.ValueTextEquals("refusal"u8))
        {
            if (JsonText.ReadNext(ref json) is { } refusal)
            {
                _saysMore = true;
                _hasHeldMore |= refusal.Length > 0;
                (_refusal ??= new()).Append(New(_refused ??= new(isCumulative), null, refusal, isWhole));
            }
        }
        else if (json.ValueTextEquals("tool_calls"u8))
        {
            if (JsonText.MoveTo(ref json, JsonTokenType.StartArray))
            {
                // An empty array stands in every chunk of some servers.
                var hasMore = _calls.ReadArray(ref json, isWhole);
                _saysMore |= hasMore;
                _hasHeldMore |= hasMore;
                _hasCallFragment |= hasMore;
            }
        }
        else if (json.ValueTextEquals("function_call"u8))
        {
            if (JsonText.MoveTo(ref json, JsonTokenType.StartObject))
            {
                _saysMore = _hasHeldMore = _hasCallFragment = true;
                _calls.ReadFunction(ref json, isWhole);
            }
        }
        else if (_thoughts is not null && json.ValueTextEquals(Thoughts.ExtraField))
        {
            _thoughts.ReadExtra(ref json);
            _saysMore = true;
        }
        else if (_thoughts is not null && json.ValueTextEquals(Thoughts.DetailsField))
        {
            _thoughts.ReadDetails(ref json);
            _saysMore = true;
        }
        else
        {
            return false;
        }

        return true;
    }

    private static string? New(SaidText said, string? before, string? text, bool isWhole) =>
        string.IsNullOrEmpty(text) ? before : before + (isWhole ? said.AddWhole(text) : said.Add(text));

    private static Range? PlaceOf(in Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex + 1;
        return json.TokenType is JsonTokenType.String ? start..(start + json.ValueSpan.Length) : null;
    }

    // A string; or an array of parts, of which only those of type text are the answer (Mistral has its reasoning in others).
    private static string? Content(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.String)
        {
            return JsonText.Read(ref json);
        }

        if (json.TokenType is not JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }

        var text = new StringBuilder();
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            if (json.TokenType is JsonTokenType.StartObject)
            {
                text.Append(PartText(ref json));
            }
            else
            {
                json.Skip();
            }
        }

        return text.ToString();
    }

    private static string? PartText(ref Utf8JsonReader json)
    {
        string? type = null, text = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                type = JsonText.ReadNext(ref json);
            }
            else if (json.ValueTextEquals("text"u8))
            {
                text = JsonText.ReadNext(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return type is null or "text" ? text : null;
    }
}
