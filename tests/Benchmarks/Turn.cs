using System.Net.Sockets;
using System.Text;

namespace Benchmarks;

/// <summary>A turn on a raw connection, so that the client costs next to nothing.</summary>
internal static class Turn
{
    public const string Key = "benchmark-key-of-this-machine";

    public static byte[] Request(string model = "demo")
    {
        var body = $$$"""{"model":"{{{model}}}","stream":true,"messages":[{"role":"user","content":"Hello"}],"extendData":{"instanceId":"i","channelId":"c","sentenceId":1}}""";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>Reads until <paramref name="mark"/> has come.</summary>
    public static async Task ReadToAsync(NetworkStream stream, string mark)
    {
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        while (!seen.ToString().Contains(mark, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            seen.Append(read > 0 ? Encoding.UTF8.GetString(buffer, 0, read) : throw new InvalidOperationException($"The answer ended without {mark}: {seen}"));
        }
    }
}
