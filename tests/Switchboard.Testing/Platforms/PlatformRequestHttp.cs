using System.IO.Compression;
using System.Text;

namespace Switchboard.Testing;

/// <summary>Sends a <see cref="PlatformRequest"/>.</summary>
internal static class PlatformRequestHttp
{
    /// <summary>What goes over the wire, compressed where the platform does so.</summary>
    public static HttpRequestMessage ToHttp(this PlatformRequest platform, string key = TestHost.Key)
    {
        var encoding = platform.Headers.FirstOrDefault(header => IsEncoding(header.Name)).Value;
        var content = Json.Content(encoding is "br" ? Brotli(platform.Json) : Encoding.UTF8.GetBytes(platform.Json));
        var request = new HttpRequestMessage(HttpMethod.Post, platform.Path) { Content = content };
        request.Headers.TryAddWithoutValidation(platform.KeyHeader, platform.KeyHeader == "Authorization" ? $"Bearer {key}" : key);
        foreach (var (name, value) in platform.Headers)
        {
            if (IsEncoding(name))
            {
                content.Headers.ContentEncoding.Add(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    /// <summary>Sends it, with no key but its own; the answer is read by who asks.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this PlatformRequest platform, TestHost host, string key = TestHost.Key)
    {
        using var request = platform.ToHttp(key);
        return await host.Anybody.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private static bool IsEncoding(string header) => header.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase);

    private static byte[] Brotli(string text)
    {
        using var packed = new MemoryStream();
        using (var pack = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            pack.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
