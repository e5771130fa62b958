using System.IO.Compression;
using System.Text;

namespace Switchboard.Testing;

/// <summary>What an upstream can do to a request.</summary>
internal static class Failures
{
    /// <summary>The pieces of text that the failures say where they say anything.</summary>
    public static readonly string[] Words = ["Hello ", "there."];

    /// <summary>No failure: an answer of <paramref name="texts"/>.</summary>
    public static Behaviour Answer(params string[] texts) => Stream(Sse.Answer(texts.Length > 0 ? texts : Words));

    /// <summary>Refuses requests that have a field, as OpenAI does, and answers all others.</summary>
    public static Behaviour Refusing(string field) => exchange => exchange.Request.Json.TryGetProperty(field, out _)
        ? exchange.AnswerAsync(400, "application/json", $$$"""{"error":{"message":"Unknown parameter: '{{{field}}}'. secret","type":"invalid_request_error","param":"{{{field}}}","code":"unknown_parameter"}}""")
        : Answer()(exchange);

    /// <summary>A stream of one piece.</summary>
    public static Behaviour Stream(string body, string contentType = "text/event-stream") => async exchange =>
    {
        await exchange.StartAsync(contentType);
        await exchange.SendAsync(body);
        await exchange.EndAsync();
    };

    /// <summary>A good answer whose last byte is its body's: the connection is free before the answer ends.</summary>
    public static Behaviour WholeAnswer(params string[] texts) => exchange =>
        exchange.AnswerAsync(200, "text/event-stream", Sse.Answer(texts.Length > 0 ? texts : Words));

    /// <summary>A stream cut into packets of the given sizes, the last one for the rest.</summary>
    public static Behaviour Cut(ReadOnlyMemory<byte> body, IReadOnlyList<int> sizes, string contentType = "text/event-stream") => async exchange =>
    {
        await exchange.StartAsync(contentType);
        var rest = body;
        foreach (var size in sizes.Append(body.Length))
        {
            var piece = rest[..Math.Min(size, rest.Length)];
            rest = rest[piece.Length..];
            if (!piece.IsEmpty)
            {
                await exchange.SendAsync(piece);
            }
        }

        await exchange.EndAsync();
    };

    /// <summary>Accepts and never answers.</summary>
    public static Behaviour NeverAnswer() => exchange => exchange.SilenceAsync();

    public static Behaviour HeadersThenSilence() => StreamThenSilence("");

    public static Behaviour OneTokenThenSilence() => StreamThenSilence(Sse.Role + Sse.Text(Words[0]));

    public static Behaviour ReasoningThenSilence() => StreamThenSilence(Sse.Role + Sse.Reasoning("Hmm."));

    /// <summary>Reasons, and ends without having said anything.</summary>
    public static Behaviour ReasoningOnly() => Stream(Sse.Role + Sse.Reasoning("Hmm.") + Sse.Finish() + Sse.Done);

    /// <summary>Begins like this and then says nothing more.</summary>
    public static Behaviour StreamThenSilence(string start) => async exchange =>
    {
        await exchange.StartAsync();
        if (start.Length > 0)
        {
            await exchange.SendAsync(start);
        }

        await exchange.SilenceAsync();
    };

    /// <summary>Waits for the test before it answers: slow headers.</summary>
    public static Behaviour After(Task gate, Behaviour then) => async exchange =>
    {
        await Task.WhenAny(gate, exchange.Request.ClosedByClient);
        await then(exchange);
    };

    /// <summary>Sends these pieces, waiting for the test before each but the first.</summary>
    public static Behaviour Gated(SemaphoreSlim gate, params string[] pieces) => async exchange =>
    {
        await exchange.StartAsync();
        await exchange.SendAsync(pieces[0]);
        foreach (var piece in pieces.Skip(1))
        {
            await gate.WaitAsync();
            await exchange.SendAsync(piece);
        }

        await exchange.EndAsync();
    };

    /// <summary>Sends this and closes the connection.</summary>
    public static Behaviour CloseAfter(string start) => async exchange =>
    {
        if (start.Length > 0)
        {
            await exchange.SendRawAsync(start);
        }

        exchange.Close();
    };

    public static Behaviour ResetBeforeHeaders() => exchange =>
    {
        exchange.Reset();
        return Task.CompletedTask;
    };

    /// <summary>Resets when headers are sent, and no event.</summary>
    public static Behaviour ResetBeforeEvent() => ResetAfter("");

    /// <summary>Resets in the middle of the second text's event.</summary>
    public static Behaviour ResetInEvent() => ResetAfter(Sse.Role + Sse.Text(Words[0]) + Sse.Text(Words[1])[..40]);

    private static Behaviour ResetAfter(string start) => async exchange =>
    {
        await exchange.StartAsync();
        if (start.Length > 0)
        {
            await exchange.SendAsync(start);
        }

        exchange.Reset();
    };

    /// <summary>Says a word, then what is no JSON.</summary>
    public static Behaviour InvalidJson() => Stream(Sse.Role + Sse.Text(Words[0]) + "data: {\"choices\":[{]}\n\n" + Sse.Finish() + Sse.Done);

    /// <summary>A byte sequence that is no UTF-8 (a character without its last byte), cut in two packets where it breaks.</summary>
    public static Behaviour InvalidUtf8()
    {
        var bytes = Encoding.Latin1.GetBytes(Sse.Role + Sse.Delta("{\"content\":\"Hello \u00e4\u00bd, you.\"}") + Sse.Finish() + Sse.Done);
        return Cut(bytes, [Array.IndexOf(bytes, (byte)0xe4) + 1]);
    }

    /// <summary>Good UTF-8 whose characters are cut between packets.</summary>
    public static Behaviour SplitUtf8(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(Sse.Role + Sse.Delta($$"""{"content":"{{text}}"}""") + Sse.Finish() + Sse.Done);
        return Cut(bytes, [Array.FindIndex(bytes, value => value > 0x7f) + 1]);
    }

    public static Behaviour Html(int status = 200) => exchange =>
        exchange.AnswerAsync(status, "text/html", "<!DOCTYPE html><html><body><h1>Service unavailable</h1></body></html>");

    /// <summary>An error as JSON, with a status of success.</summary>
    public static Behaviour JsonError(string error = """{"message":"The engine is overloaded: secret prompt","type":"server_error","param":null,"code":null}""") =>
        exchange => exchange.AnswerAsync(200, "application/json", $$"""{"error":{{error}}}""");

    /// <summary>An error as an event, after a word.</summary>
    public static Behaviour ErrorEvent(string error = """{"message":"CUDA out of memory: secret prompt","type":"InternalServerError","code":500}""") =>
        Stream(Sse.Role + Sse.Text(Words[0]) + $$"""data: {"error":{{error}}}""" + "\n\n" + Sse.Done);

    public static Behaviour Status(int status, string? retryAfter = null) => exchange => exchange.AnswerAsync(
        status, "application/json", exchange.Request.Method == "HEAD" ? "" : """{"error":{"message":"secret prompt","type":"x","param":null,"code":null}}""",
        retryAfter is null ? [] : [$"Retry-After: {retryAfter}"]);

    public static Behaviour Redirect(Uri location) => exchange => exchange.AnswerAsync(307, "text/plain", "", $"Location: {location}/chat/completions");

    /// <summary>Compressed, each event flushed by itself; the end waits for the test.</summary>
    public static Behaviour Gzip(SemaphoreSlim gate) => async exchange =>
    {
        await exchange.StartAsync(headers: "Content-Encoding: gzip");
        using var compressed = new MemoryStream();
        await using var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true);
        await SendAsync(Sse.Role + Sse.Text(Words[0]));
        await gate.WaitAsync();
        await SendAsync(Sse.Text(Words[1]) + Sse.Finish() + Sse.Done);
        await exchange.EndAsync();

        async Task SendAsync(string text)
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text));
            await gzip.FlushAsync();
            await exchange.SendAsync(compressed.ToArray());
            compressed.SetLength(0);
        }
    };

    /// <summary>After a word, one event of 10 MB.</summary>
    public static Behaviour HugeEvent() => async exchange =>
    {
        await exchange.StartAsync();
        await exchange.SendAsync(Sse.Role + Sse.Text(Words[0]) + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"");
        var piece = Encoding.UTF8.GetBytes(new string('a', 64 * 1024));
        for (var sent = 0; sent < 10_000_000; sent += piece.Length)
        {
            await exchange.SendAsync(piece);
        }

        await exchange.SendAsync("\"}}]}\n\n" + Sse.Finish() + Sse.Done);
        await exchange.EndAsync();
    };

    /// <summary>Never stops talking.</summary>
    public static Behaviour Endless() => async exchange =>
    {
        await exchange.StartAsync();
        await exchange.SendAsync(Sse.Role);
        while (!exchange.Request.ClosedByClient.IsCompleted)
        {
            await exchange.SendAsync(Sse.Text("on and "));
        }
    };

    /// <summary>A good answer, a byte a packet.</summary>
    public static Behaviour OneBytePackets()
    {
        var bytes = Encoding.UTF8.GetBytes(Sse.Answer(Words));
        return Cut(bytes, [.. Enumerable.Repeat(1, bytes.Length)]);
    }

    public static Behaviour DuplicateFinish() => Stream(Sse.Role + Sse.Text("Hello there.") + Sse.Finish() + Sse.Finish("length") + Sse.Usage + Sse.Done);

    public static Behaviour NoFinish() => Stream(Sse.Role + Sse.Text(Words[0]));

    /// <summary>Closes the connection where neither the answer nor its body has ended.</summary>
    public static Behaviour NoFinishNorEnd() => async exchange =>
    {
        await exchange.StartAsync();
        await exchange.SendAsync(Sse.Role + Sse.Text(Words[0]));
        exchange.Close();
    };

    /// <summary>One tool call whose arguments come in so many fragments.</summary>
    public static Behaviour ToolCallInFragments(string arguments, int fragments)
    {
        var body = new StringBuilder(Sse.Role);
        body.Append(Sse.Delta("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"note","arguments":""}}]}"""));
        for (var index = 0; index < fragments; index++)
        {
            var part = arguments[(index * arguments.Length / fragments)..((index + 1) * arguments.Length / fragments)];
            body.Append(Sse.Delta($$$"""{"tool_calls":[{"index":0,"function":{"arguments":{{{Sse.Quote(part)}}}}}]}"""));
        }

        return Stream(body + Sse.Finish("tool_calls") + Sse.Done);
    }

    public static Behaviour GarbageAfterDone() => Stream(Sse.Answer(Words) + "data: {]\n\nHTTP/1.1 500 nonsense\n\n" + Sse.Text("Never said."));
}
