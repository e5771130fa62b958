using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// Reads one answer of an upstream, event by event, straight from its bytes. Tool calls, a refusal and the usage come whole, with the finish
/// reason, when the answer ends: some services write a finish reason into every chunk. Only choice 0 is read, since an update is one answer's.
/// </summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat/streaming and https://platform.openai.com/docs/api-reference/chat/object</remarks>
/// <param name="keepsThoughts">Whether what the model thinks goes with its tool calls: see <see cref="Thoughts"/>.</param>
/// <param name="isCumulative">Whether each delta is known to repeat all that came before.</param>
internal sealed class ChunkReader(bool keepsThoughts = false, bool isCumulative = false)
{
    private readonly DeltaReader _delta = new(keepsThoughts, isCumulative);
    private readonly RepeatedChunk _repeated = new();
    private bool _hasReason;
    private bool _hasSaid;
    private string? _id;
    private string? _model;
    private DateTimeOffset? _created;
    private bool _hasMessage;

    /// <summary>Whether <c>[DONE]</c> was read: what follows is not part of the answer.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether the answer has said why it ends.</summary>
    public bool IsFinished => Finish.Reason is not null;

    /// <summary>What it has said of its end.</summary>
    public AnswerFinish Finish { get; } = new();

    /// <summary>Whether there was text, a refusal or a tool call.</summary>
    public bool HasAnswer => _hasSaid || _delta.HasHeld;

    /// <summary>Whether a tool call has arguments that are no JSON: without a finish reason, the answer is cut off in it.</summary>
    public bool HasBrokenCall => _delta.HasBrokenCall;

    /// <summary>The error that the upstream reported instead of going on; null when there was none.</summary>
    public ErrorReport? Error { get; private set; }

    /// <summary>The last usage read: some upstreams send a running sum with every chunk.</summary>
    public UsageDetails? Usage { get; private set; }

    /// <summary>The length of what is held until the answer ends.</summary>
    public long HeldCharacters => _delta.HeldCharacters;

    /// <summary>Whether there are more tool calls than are taken.</summary>
    public bool HasTooManyCalls => _delta.HasTooManyCalls;

    /// <summary>Reads one event.</summary>
    /// <returns>What it says; null when that is nothing yet.</returns>
    /// <exception cref="JsonException">The event is no JSON object.</exception>
    public ChatResponseUpdate? Read(string eventType, ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n"u8);
        if (data.IsEmpty)
        {
            return null;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            IsDone = true;
            return null;
        }

        if (eventType is "error")
        {
            ReadObject(data);
            Report(new ErrorReport());
            return Take();
        }

        // After a finish reason every chunk is looked at whole.
        if (!IsFinished && _repeated.TryRead(data, out var text))
        {
            text = _delta.ReadText(text);
            _hasSaid |= text.Length > 0;
            return text.Length > 0 ? Update([new TextContent(text)], finishReason: null) : null;
        }

        var isWhole = ReadObject(data);
        var place = _delta.TextPlace;
        var update = Take();
        if (isWhole && place is { } range && update is not null && !_hasReason && Error is null)
        {
            _repeated.Learn(data, range);
        }

        return update;
    }

    /// <summary>Reads an answer that is not streamed. Being whole, it needs no finish reason to be known as whole.</summary>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public ChatResponseUpdate? ReadWhole(ReadOnlySpan<byte> data)
    {
        ReadObject(data);
        Finish.Complete(isWhole: _hasMessage);
        return Take();
    }

    /// <summary>The end of an answer that is whole: what was held, why it ends, and the usage.</summary>
    public ChatResponseUpdate End()
    {
        var contents = _delta.TakeHeld(isCut: Finish.Reason == ChatFinishReason.Length);
        // Gemini's compatible API, and others, stop where they call a tool; who runs it goes by the reason.
        var reason = Finish.Reason is null || Finish.Reason == ChatFinishReason.Stop
            ? contents.Exists(static content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop
            : Finish.Reason;
        if (Usage is { } usage)
        {
            contents.Add(new UsageContent(usage));
        }

        return Update(contents, reason);
    }

    /// <summary>What was held because it may repeat what was said; null for nothing.</summary>
    public ChatResponseUpdate? TakeHeldText() => _delta.TakeHeldText() is { Count: > 0 } contents ? Update(contents, finishReason: null) : null;

    private ChatResponseUpdate? Take()
    {
        _hasSaid |= !string.IsNullOrEmpty(_delta.Text);
        return _delta.Take() is { } contents ? Update(contents, finishReason: null)
            : _delta.TakeCallFragment() ? ToolCallUnderWay.Create()
            : null;
    }

    private ChatResponseUpdate Update(List<AIContent> contents, ChatFinishReason? finishReason) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _id,
        MessageId = _id,
        ModelId = _model,
        CreatedAt = _created,
        FinishReason = finishReason,
    };

    // True where it is the data itself that was read.
    private bool ReadObject(ReadOnlySpan<byte> data)
    {
        _hasReason = false;
        // An event stream is decoded like a web page: bytes that are no UTF-8 become U+FFFD, and the rest is still heard.
        var isUtf8 = Utf8.IsValid(data);
        var json = new Utf8JsonReader(isUtf8 ? data : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data)));
        json.Read();
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException("An object is expected.");
        }

        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            ReadField(ref json);
        }

        // Throws if anything follows.
        json.Read();
        return isUtf8;
    }

    private void ReadField(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("choices"u8))
        {
            if (JsonText.MoveTo(ref json, JsonTokenType.StartArray))
            {
                ReadChoices(ref json);
            }
        }
        else if (json.ValueTextEquals("id"u8))
        {
            _id = JsonText.ReadNextId(ref json, _id);
        }
        else if (json.ValueTextEquals("model"u8))
        {
            _model = JsonText.ReadNextId(ref json, _model);
        }
        else if (json.ValueTextEquals("created"u8))
        {
            var seconds = JsonText.ReadNextInteger(ref json);
            _created = seconds is >= 0 and <= int.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : _created;
        }
        else if (json.ValueTextEquals("usage"u8))
        {
            ReadUsage(ref json);
        }
        else if (json.ValueTextEquals("error"u8))
        {
            Report(ReadError(ref json));
        }
        else
        {
            json.Skip();
        }
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        if (JsonText.MoveTo(ref json, JsonTokenType.StartObject))
        {
            Usage = UsageJson.Read(ref json);
        }
    }

    private static ErrorReport? ReadError(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType is JsonTokenType.Null ? null : ErrorReport.Read(ref json);
    }

    // An answer that is whole no longer fails.
    private void Report(ErrorReport? error) => Error ??= IsFinished && !Finish.MayGoOn ? null : error;

    private void ReadChoices(ref Utf8JsonReader json)
    {
        for (var position = 0; json.Read() && json.TokenType is not JsonTokenType.EndArray; position++)
        {
            if (json.TokenType is JsonTokenType.StartObject)
            {
                ReadChoice(ref json, position);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadChoice(ref Utf8JsonReader json, long index)
    {
        // The index may stand behind the delta, which is therefore read last, and what it says counts before a message's.
        Utf8JsonReader delta = default, message = default;
        var (hasDelta, hasMessage) = (false, false);
        string? finishReason = null;
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("index"u8))
            {
                index = JsonText.ReadNextInteger(ref json) ?? index;
            }
            else if (json.ValueTextEquals("delta"u8))
            {
                json.Read();
                delta = json;
                hasDelta = json.TokenType is JsonTokenType.StartObject;
                json.Skip();
            }
            else if (json.ValueTextEquals("message"u8))
            {
                json.Read();
                message = json;
                hasMessage = json.TokenType is JsonTokenType.StartObject;
                json.Skip();
            }
            else if (json.ValueTextEquals("finish_reason"u8))
            {
                finishReason = JsonText.ReadNext(ref json);
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                // Moonshot has it here.
                ReadUsage(ref json);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                // OpenRouter has it here: https://openrouter.ai/docs/api-reference/overview
                Report(ReadError(ref json));
            }
            else
            {
                json.Skip();
            }
        }

        if (index == 0)
        {
            _hasMessage |= hasDelta || hasMessage;
            if (hasDelta)
            {
                _delta.Read(ref delta, isWhole: false);
            }

            if (hasMessage)
            {
                _delta.Read(ref message, isWhole: true);
            }

            _hasReason |= Finish.Read(finishReason, _delta.Says ? _delta.Text ?? "" : null);
        }
    }
}
