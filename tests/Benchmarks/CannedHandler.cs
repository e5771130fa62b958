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

    public CannedHandler(int tokens, bool eventByEvent)
    {
        _eventByEvent = eventByEvent;
        _events = [.. Enumerable.Repeat(Event($$"""{"content":"{{Token}}"}""", "null"), tokens), Event("{}", "\"stop\""), "data: [DONE]\n\n"u8.ToArray()];
        _whole = [.. _events.SelectMany(bytes => bytes)];
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Stream body = _eventByEvent ? new EventByEventStream(_events) : new MemoryStream(_whole, writable: false);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
        response.Content.Headers.ContentType = new("text/event-stream");
        return Task.FromResult(response);
    }

    private static byte[] Event(string delta, string finishReason) => Encoding.UTF8.GetBytes(
        $$$"""data: {"id":"chatcmpl-CCF0p7Yc1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_b8","choices":[{"index":0,"delta":{{{delta}}},"logprobs":null,"finish_reason":{{{finishReason}}}}],"usage":null,"obfuscation":"q8X"}""" + "\n\n");
}
