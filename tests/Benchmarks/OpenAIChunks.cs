using System.Buffers;
using System.Text;

namespace Benchmarks;

/// <summary>
/// The chunks of a stream as OpenAI writes them. Each ends in <c>obfuscation</c>, letters and digits by chance, so many that the whole JSON is one
/// byte more than a multiple of 16: so no chunk differs from the one before in nothing but its text. Who asks for it gets none.
/// </summary>
/// <remarks>
/// https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options; the length was seen in recorded streams of gpt-4o, gpt-4.1 and gpt-5.
/// </remarks>
internal sealed class OpenAIChunks(bool isObfuscated)
{
    private const int Block = 16;

    // Drawn once: to draw is no work of the gateway that is measured, but of the machine that it shares.
    private const int Drawn = 64 * 1024;

    private static readonly byte[] Noise = Draw();

    private static readonly byte[] Start = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-CfmyXmcrxfYmjtAtj7KUUoqPBFb0H","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4.1-2025-04-14","service_tier":"default","system_fingerprint":"fp_24710c7f06","choices":[{"index":0,"delta":""");

    private int _noise = Random.Shared.Next(Drawn - Block);

    /// <summary>Whether a request wants the field.</summary>
    public static bool IsWanted(string request) => !request.Contains("\"include_obfuscation\":false", StringComparison.Ordinal);

    public void WriteRole(IBufferWriter<byte> output) => Write(output, """{"role":"assistant","content":"","refusal":null}"""u8, "null"u8);

    /// <param name="output">Where to write.</param>
    /// <param name="text">The text, in which nothing needs an escape.</param>
    public void WriteToken(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        Span<byte> delta = stackalloc byte["{\"content\":\"\"}".Length + text.Length];
        "{\"content\":\""u8.CopyTo(delta);
        text.CopyTo(delta["{\"content\":\"".Length..]);
        "\"}"u8.CopyTo(delta[^2..]);
        Write(output, delta, "null"u8);
    }

    public void WriteEnd(IBufferWriter<byte> output)
    {
        Write(output, "{}"u8, "\"stop\""u8);
        output.Write("data: [DONE]\n\n"u8);
    }

    private void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> delta, ReadOnlySpan<byte> finishReason)
    {
        var middle = ""","logprobs":null,"finish_reason":"""u8;
        var end = """}],"usage":null"""u8;
        output.Write(Start);
        output.Write(delta);
        output.Write(middle);
        output.Write(finishReason);
        output.Write(end);
        if (isObfuscated)
        {
            var before = ""","obfuscation":" """u8[..^1];
            var after = "\"}"u8;
            var length = Start.Length - "data: ".Length + delta.Length + middle.Length + finishReason.Length + end.Length + before.Length + after.Length;
            output.Write(before);
            output.Write(Noise.AsSpan(_noise, (Block + 1 - (length % Block)) % Block));
            output.Write(after);
            _noise = (_noise + Block + 1) % (Drawn - Block);
        }
        else
        {
            output.Write("}"u8);
        }

        output.Write("\n\n"u8);
    }

    private static byte[] Draw()
    {
        var noise = new byte[Drawn];
        new Random(1).GetItems("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8, noise);
        return noise;
    }
}
