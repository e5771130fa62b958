using System.Text.Encodings.Web;
using System.Text.Json;
using Caller.Wire;

namespace Caller.Talk;

/// <summary>Keeps a conversation as JSON Lines, with the times of every event and without the key.</summary>
internal sealed class TalkRecorder(Stream output, Redactor redactor) : IDisposable
{
    // Relaxed: what is recorded is read by people, in any script.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Call(Uri address, DateTimeOffset at) => Line("call", json =>
    {
        json.WriteString("at", at);
        json.WriteString("url", redactor.Clean(address.AbsoluteUri));
    });

    public void Turn(int sentenceId, string body, Exchange exchange)
    {
        Line("request", json =>
        {
            json.WriteNumber("sentenceId", sentenceId);
            json.WritePropertyName("body");
            json.WriteRawValue(redactor.Clean(body));
        });
        Line("response", json =>
        {
            json.WriteNumber("sentenceId", sentenceId);
            json.WriteNumber("status", exchange.Status);
            Milliseconds(json, exchange.HeadersAfter);
            json.WriteStartObject("headers");
            foreach (var (name, value) in exchange.Headers)
            {
                json.WriteString(name, redactor.Clean(value));
            }

            json.WriteEndObject();
            if (!exchange.IsStream && exchange.Body.Length > 0)
            {
                json.WriteString("body", redactor.Clean(exchange.BodyText));
            }
        });
        foreach (var frame in exchange.IsStream ? exchange.Frames : [])
        {
            Line("event", json =>
            {
                json.WriteNumber("sentenceId", sentenceId);
                Milliseconds(json, frame.At);
                json.WriteString("data", redactor.Clean(frame.Payload));
            });
        }

        Line("end", json =>
        {
            json.WriteNumber("sentenceId", sentenceId);
            Milliseconds(json, exchange.EndedAfter);
            json.WriteString("how", exchange.End.ToString());
            if (exchange.FirstSpeech is { } first)
            {
                json.WriteNumber("firstSpeechMs", Math.Round(first.TotalMilliseconds, 3));
            }

            json.WriteString("text", redactor.Clean(exchange.Text));
        });
        output.Flush();
    }

    public void Dispose() => output.Dispose();

    private static void Milliseconds(Utf8JsonWriter json, TimeSpan time) => json.WriteNumber("ms", Math.Round(time.TotalMilliseconds, 3));

    private void Line(string kind, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            write(json);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
