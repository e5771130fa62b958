using System.Buffers;
using System.Net;
using System.Text;

namespace Benchmarks;

/// <summary>Answers every request with the same stream of so many tokens, as OpenAI writes them.</summary>
internal sealed class CannedHandler : HttpMessageHandler
{
    public const string Token = " word";

    private readonly bool _eventByEvent;
    private readonly byte[][] _events;
    private readonly byte[] _whole;

    public CannedHandler(int tokens, bool eventByEvent, bool isObfuscated)
    {
        _eventByEvent = eventByEvent;
        var chunks = new OpenAIChunks(isObfuscated);
        _events = [.. Enumerable.Range(0, tokens).Select(_ => Event(output => chunks.WriteToken(output, Encoding.UTF8.GetBytes(Token)))), Event(chunks.WriteEnd)];
        _whole = [.. _events.SelectMany(bytes => bytes)];
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Stream body = _eventByEvent ? new EventByEventStream(_events) : new MemoryStream(_whole, writable: false);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
        response.Content.Headers.ContentType = new("text/event-stream");
        return Task.FromResult(response);
    }

    private static byte[] Event(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
