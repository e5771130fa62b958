using System.Text;
using System.Text.Json;
using Switchboard.Turn;

namespace Switchboard.Testing;

/// <summary>Reads an answer as it comes, streamed or not, and asserts that it is well-formed.</summary>
internal sealed class AnswerReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _raw = new();
    private readonly List<(string Name, string Arguments)> _calls = [];
    private bool _hasRole;
    private bool _isDone;
    private string? _finishReason;
    private string? _errorCode;

    private AnswerReader(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _reader = new StreamReader(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
    }

    public string Text => _text.ToString();

    /// <summary>All lines read, comments too.</summary>
    public string Raw => _raw.ToString();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<AnswerReader> OpenAsync(Task<HttpResponseMessage> posting)
    {
        var response = await posting;
        return new AnswerReader(response, await response.Content.ReadAsStreamAsync(Cancelled));
    }

    /// <summary>Reads on until the caller has heard so many characters.</summary>
    public async Task ReadTextAsync(int characters)
    {
        while (_text.Length < characters)
        {
            Assert.True(await ReadLineAsync(), $"The answer ended after '{Text}': {Raw}");
        }
    }

    /// <summary>Reads on until the caller has heard <paramref name="text"/>, and nothing else.</summary>
    public async Task ReadTextAsync(string text)
    {
        await ReadTextAsync(text.Length);
        Assert.Equal(text, Text);
    }

    /// <summary>Reads on until the next comment.</summary>
    public async Task ReadCommentAsync()
    {
        do
        {
            Assert.True(await ReadLineAsync(), $"The answer ended without a comment: {Raw}");
        }
        while (!Raw.EndsWith(": keep-alive\n", StringComparison.Ordinal));
    }

    public async Task<Answer> ReadToEndAsync()
    {
        if (_response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            while (await ReadLineAsync())
            {
            }
        }
        else
        {
            ReadObject(JsonElement.Parse(await _reader.ReadToEndAsync(Cancelled)));
        }

        return new Answer((int)_response.StatusCode, Text, _finishReason, _isDone, _errorCode, _calls);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private async Task<bool> ReadLineAsync()
    {
        if (await _reader.ReadLineAsync(Cancelled) is not { } line)
        {
            return false;
        }

        _raw.Append(line).Append('\n');
        // What was asked for by a header stands behind the end.
        if (_isDone && _response.RequestMessage?.Headers.Contains(OutcomeComment.Header) is true && line.StartsWith(": outcome ", StringComparison.Ordinal))
        {
            return true;
        }

        Assert.False(_isDone && line.Length > 0, $"After the end came: {line}");
        if (line == "data: [DONE]")
        {
            _isDone = true;
        }
        else if (line.StartsWith("data: ", StringComparison.Ordinal))
        {
            ReadChunk(JsonElement.Parse(line["data: ".Length..]));
        }
        else
        {
            Assert.True(line is "" or ": keep-alive", line);
        }

        return true;
    }

    private void ReadChunk(JsonElement chunk)
    {
        Assert.Null(_errorCode);
        if (chunk.TryGetProperty("error", out var error))
        {
            _errorCode = error.GetProperty("code").GetString();
            return;
        }

        var choice = chunk.GetProperty("choices")[0];
        var delta = choice.GetProperty("delta");
        Assert.Equal(!_hasRole, delta.TryGetProperty("role", out _));
        _hasRole = true;
        Assert.Null(_finishReason);
        ReadMessage(delta);
        // ZEGO takes it in the last chunk alone.
        _finishReason = choice.TryGetProperty("finish_reason", out var reason) ? reason.GetString() : null;
    }

    private void ReadObject(JsonElement answer)
    {
        if (answer.TryGetProperty("error", out var error))
        {
            Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(field => field.Name));
            _errorCode = error.GetProperty("code").GetString();
            return;
        }

        ReadMessage(answer.GetProperty("choices")[0].GetProperty("message"));
        _finishReason = answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString();
        _isDone = true;
    }

    private void ReadMessage(JsonElement message)
    {
        if (message.TryGetProperty("content", out var content))
        {
            _text.Append(content.GetString());
        }

        if (message.TryGetProperty("tool_calls", out var calls))
        {
            _calls.AddRange(calls.EnumerateArray().Select(call => call.GetProperty("function")).Select(
                function => (function.GetProperty("name").GetString()!, function.GetProperty("arguments").GetString()!)));
        }
    }
}

/// <summary>What the client got.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">What the caller hears.</param>
/// <param name="FinishReason">Why it ends; null when that was not said.</param>
/// <param name="IsDone">Whether the answer says that it is whole: <c>[DONE]</c>, or an object.</param>
/// <param name="ErrorCode">The code of the error; null when there was none.</param>
/// <param name="Calls">The tool calls: name and arguments.</param>
internal sealed record Answer(int Status, string Text, string? FinishReason, bool IsDone, string? ErrorCode, IReadOnlyList<(string Name, string Arguments)> Calls)
{
    /// <summary>Asserts that it is a whole, good answer of <paramref name="text"/>.</summary>
    public void AssertSays(string text, string finishReason = "stop") => Assert.Equal((200, text, finishReason, true, null), Outcome);

    /// <summary>Asserts that it is an error: an HTTP status before the first byte, and after it (<paramref name="text"/>) an event.</summary>
    public void AssertFails(string code, string text = "") =>
        Assert.Equal((text.Length > 0 ? 200 : code == "upstream_timeout" ? 504 : 502, text, null, false, code), Outcome);

    private (int Status, string Text, string? FinishReason, bool IsDone, string? ErrorCode) Outcome => (Status, Text, FinishReason, IsDone, ErrorCode);
}
