using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Reads the <c>delta</c> of a chunk, or the <c>message</c> of a whole answer. Refusal and tool calls are held until the answer ends.</summary>
/// <remarks>
/// https://platform.openai.com/docs/api-reference/chat/streaming; reasoning is <c>reasoning_content</c> at DeepSeek, DashScope and
/// llama.cpp, <c>reasoning</c> at Ollama, OpenRouter and newer vLLM.
/// </remarks>
/// <param name="keepsThoughts">Whether what the model thinks goes with its tool calls.</param>
internal sealed class DeltaReader(bool keepsThoughts = false)
{
    private readonly ToolCallAssembler _calls = new();
    private readonly ThoughtsReader? _thoughts = keepsThoughts ? new() : null;
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

    /// <summary>The length of what is held until the answer ends.</summary>
    public long HeldCharacters => _calls.HeldCharacters + (_refusal?.Length ?? 0) + (_thoughts?.Length ?? 0);

    /// <summary>Whether there are more tool calls than are taken.</summary>
    public bool HasTooManyCalls => _calls.ExceedsLimits;

    /// <param name="json">Stands on the start of the object; afterwards on its end.</param>
    public void Read(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("content"u8))
            {
                json.Read();
                _textPlace = PlaceOf(in json);
                _text = Content(ref json);
            }
            else if (json.ValueTextEquals("role"u8))
            {
                json.Skip();
            }
            else if (json.ValueTextEquals("reasoning_content"u8))
            {
                _reasoning = JsonText.ReadNext(ref json) ?? _reasoning;
                _saysMore |= _reasoning is not null;
            }
            else if (json.ValueTextEquals("reasoning"u8))
            {
                // A gateway may send both names with the same text.
                var reasoning = JsonText.ReadNext(ref json);
                _reasoning ??= reasoning;
                _saysMore |= reasoning is not null;
            }
            else if (!TryReadHeld(ref json))
            {
                json.Skip();
            }
        }
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
    public List<AIContent> TakeHeld()
    {
        List<AIContent> contents = _refusal is { Length: > 0 } ? [Refusals.Content(_refusal.ToString())] : [];
        contents.AddRange(_calls.Assemble());
        if (contents.Find(content => content is FunctionCallContent) is FunctionCallContent first)
        {
            _thoughts?.AddTo(first);
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

    private bool TryReadHeld(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("refusal"u8))
        {
            if (JsonText.ReadNext(ref json) is { } refusal)
            {
                _saysMore = true;
                _hasHeldMore |= refusal.Length > 0;
                (_refusal ??= new()).Append(refusal);
            }
        }
        else if (json.ValueTextEquals("tool_calls"u8))
        {
            if (JsonText.MoveTo(ref json, JsonTokenType.StartArray))
            {
                // An empty array stands in every chunk of some servers.
                var hasMore = _calls.ReadArray(ref json);
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
                _calls.ReadFunction(ref json);
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
