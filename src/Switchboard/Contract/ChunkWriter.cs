using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// Writes one streamed answer as server-sent events. Everything before and after a chunk's text is encoded once a stream,
/// so that a content chunk costs two copies and one JSON string, and allocates nothing.
/// </summary>
/// <remarks>
/// https://platform.openai.com/docs/api-reference/chat/streaming and
/// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
/// </remarks>
internal sealed class ChunkWriter : IDisposable
{
    private static ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    private readonly IBufferWriter<byte> _output;
    private readonly CompletionHead _head;
    private readonly bool _withUsage;
    private readonly AnswerForm _form;
    private readonly BoundedOutput? _bound;
    private readonly Utf8JsonWriter _json;
    private readonly ContentFrame _content;
    private char? _heldSurrogate;

    /// <param name="output">The response body; the writer never flushes it.</param>
    /// <param name="head">What stands on every chunk.</param>
    /// <param name="withUsage">Whether a usage chunk will come: every chunk before it then says <c>"usage":null</c>.</param>
    /// <param name="form">What the platform wants of it.</param>
    public ChunkWriter(IBufferWriter<byte> output, CompletionHead head, bool withUsage, AnswerForm form)
    {
        _bound = form.MaxBytes is { } most ? new BoundedOutput(output, most) : null;
        _output = _bound ?? output;
        _head = head;
        _withUsage = withUsage;
        _form = form;
        _json = new Utf8JsonWriter(_output, WireJson.WriterOptions);
        _content = CreateContentFrame();
        _bound?.Reserve(_content.Length);
    }

    /// <summary>Whether the answer has to end, since the platform takes no more of it.</summary>
    public bool IsFull => _bound is { IsFull: true };

    /// <summary>The first chunk: the role, and no text yet. One that says how it is spoken stands in its place; the role is then in all that follow.</summary>
    public void WriteRole()
    {
        if (_form.Steering is { } steering)
        {
            WriteSteering(steering);
            return;
        }

        StartChunk();
        _json.WriteString("role"u8, "assistant"u8);
        _json.WriteString("content"u8, ""u8);
        EndChunk(finishReason: null);
    }

    /// <summary>One piece of text. Half a surrogate pair at its end waits for its other half: alone it is no character.</summary>
    /// <returns>How much of it there was room for: nearly always, all.</returns>
    public int WriteContent(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        if (_bound is not null)
        {
            text = text[..(length = _bound.Fit(text, _content.Length))];
        }

        if (_heldSurrogate is { } held)
        {
            _heldSurrogate = null;
            text = string.Concat([held], text);
        }

        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            _heldSurrogate = text[^1];
            text = text[..^1];
        }

        if (text.Length > 0)
        {
            _content.Write(_output, _json, text);
        }

        return length;
    }

    /// <summary>Tool calls, each in a chunk of its own and whole: clients that read the first of a chunk alone, as Pipecat does, miss none.</summary>
    /// <remarks>https://github.com/pipecat-ai/pipecat/blob/main/src/pipecat/services/openai/base_llm.py</remarks>
    /// <param name="calls">The calls.</param>
    /// <param name="firstIndex">How many calls the answer had before these.</param>
    /// <returns>How many of them there was room for: nearly always, all.</returns>
    public int WriteToolCalls(FunctionCallContent[] calls, int firstIndex)
    {
        // Serializing arguments may fail, so it is done before the first byte of the first chunk.
        var arguments = Array.ConvertAll(calls, ToolCallJson.Arguments);
        var extras = Array.ConvertAll(calls, Thoughts.ToClient);
        WriteHeldSurrogate();
        for (var position = 0; position < calls.Length; position++)
        {
            if (_bound?.HasRoomFor(_content.Length, calls[position].CallId, calls[position].Name, arguments[position], extras[position], position == 0 ? Thoughts.Of(calls[0])?.Reasoning : null) is false)
            {
                return position;
            }

            if (!_form.HasFunctionCall)
            {
                StartChunk();
                if (position == 0)
                {
                    Thoughts.WriteReasoning(_json, calls);
                }

                ToolCallJson.Write(_json, calls.AsSpan(position, 1), arguments.AsSpan(position, 1), extras.AsSpan(position, 1), firstIndex + position);
                EndChunk(finishReason: null);
            }
            else if (firstIndex + position == 0)
            {
                StartChunk();
                ToolCallJson.WriteFunctionCall(_json, calls[position]);
                EndChunk(finishReason: null);
            }
        }

        return calls.Length;
    }

    /// <summary>The end: the chunk that says why, the usage if it was asked for, and <c>[DONE]</c>.</summary>
    public void WriteEnd(string finishReason, UsageDetails usage)
    {
        WriteHeldSurrogate();
        StartChunk();
        EndChunk(_form.FinishReason(finishReason), _form.FinishesInLastChunkOnly ? usage : null);
        if (_withUsage && !_form.FinishesInLastChunkOnly)
        {
            WriteUsage(usage);
        }

        _output.Write("data: [DONE]\n\n"u8);
    }

    // It has no choices.
    private void WriteUsage(UsageDetails usage)
    {
        _output.Write("data: "u8);
        WriteHead(_json);
        _json.WriteStartArray("choices"u8);
        _json.WriteEndArray();
        UsageJson.Write(_json, usage);
        _json.WriteEndObject();
        EndEvent();
    }

    /// <summary>An error after the first byte: the stream then ends without <see cref="WriteEnd"/>.</summary>
    public void WriteError(ApiException error)
    {
        _output.Write("data: "u8);
        ErrorJson.Write(_json, error);
        EndEvent();
    }

    /// <summary>A comment, which clients pass over: it shows everybody on the way that the connection is alive.</summary>
    public void WriteKeepAlive()
    {
        if (_bound?.HasRoomFor(KeepAlive.Length) is not false)
        {
            _output.Write(KeepAlive);
        }
    }

    /// <summary>What was written goes out: that is framed once more, which counts where bytes are counted.</summary>
    public void Flushed() => _bound?.Flushed();

    public void Dispose() => _json.Dispose();

    private void WriteHeldSurrogate()
    {
        if (_heldSurrogate is { } held)
        {
            _heldSurrogate = null;
            _content.Write(_output, _json, [held]);
        }
    }

    private ContentFrame CreateContentFrame()
    {
        // A chunk without its text, cut in two where the text goes.
        var frame = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(frame, WireJson.WriterOptions);
        frame.Write("data: "u8);
        WriteHead(json);
        StartChoice(json);
        StartDelta(json);
        json.WritePropertyName("content"u8);
        json.Flush();
        var start = frame.WrittenCount;
        json.WriteStringValue(""u8);
        json.WriteEndObject();
        EndChoice(json, finishReason: null);
        json.Flush();
        frame.Write("\n\n"u8);
        return new ContentFrame(frame.WrittenSpan[..start].ToArray(), frame.WrittenSpan[(start + "\"\"".Length)..].ToArray());
    }

    private void StartChunk()
    {
        _output.Write("data: "u8);
        WriteHead(_json);
        StartChoice(_json);
        StartDelta(_json);
    }

    private void StartDelta(Utf8JsonWriter json)
    {
        json.WriteStartObject("delta"u8);
        if (_form.Steering is not null)
        {
            json.WriteString("role"u8, "assistant"u8);
        }
    }

    private void EndChunk(string? finishReason, UsageDetails? usage = null)
    {
        _json.WriteEndObject();
        EndChoice(_json, finishReason, usage);
        EndEvent();
    }

    private void WriteSteering(string steering)
    {
        _output.Write("data: "u8);
        WriteHead(_json, "chat.completion.custom_metadata"u8);
        _json.WriteStartArray("choices"u8);
        _json.WriteEndArray();
        _json.WritePropertyName("metadata"u8);
        _json.WriteRawValue(steering);
        _json.WriteEndObject();
        EndEvent();
    }

    private void EndEvent()
    {
        _json.Flush();
        _json.Reset();
        _output.Write("\n\n"u8);
    }

    private void WriteHead(Utf8JsonWriter json) => WriteHead(json, "chat.completion.chunk"u8);

    private void WriteHead(Utf8JsonWriter json, ReadOnlySpan<byte> kind)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, _head.Id);
        json.WriteString("object"u8, kind);
        json.WriteNumber("created"u8, _head.Created);
        json.WriteString("model"u8, _head.Model);
    }

    private static void StartChoice(Utf8JsonWriter json)
    {
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
    }

    private void EndChoice(Utf8JsonWriter json, string? finishReason, UsageDetails? usage = null)
    {
        if (finishReason is not null || !_form.FinishesInLastChunkOnly)
        {
            json.WriteString("finish_reason"u8, finishReason);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        if (_withUsage && usage is not null)
        {
            UsageJson.Write(json, usage);
        }
        else if (_withUsage)
        {
            json.WriteNull("usage"u8);
        }

        json.WriteEndObject();
    }
}
