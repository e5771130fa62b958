using System.IO.Compression;
using System.Net;
using System.Text;

namespace Switchboard.Tests.Turn;

/// <summary>Bodies that come compressed, as D-ID's do.</summary>
public sealed class PackedBodyTests
{
    private static readonly byte[] Request = Encoding.UTF8.GetBytes(Json.Request());

    // https://www.rfc-editor.org/rfc/rfc1952#page-5; the stream of .NET writes nothing where nothing was written to it.
    private static readonly byte[] EmptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static TheoryData<string, byte[]> Readable => new()
    {
        { "gzip", Pack("gzip", Request) },
        { "GZip", Pack("gzip", Request) },
        { "x-gzip", Pack("gzip", Request) },
        { "br", Pack("br", Request) },
        { "deflate", Pack("deflate", Request) },
        { "deflate", Pack("raw", Request) },
        { "gzip, br", Pack("br", Pack("gzip", Request)) },
        { "deflate,identity , gzip,br", Pack("br", Pack("gzip", Pack("deflate", Request))) },
        { "identity", Request },
        { "", Request },
        { "gzip", [.. Pack("gzip", Request[..7]), .. Pack("gzip", Request[7..20]), .. Pack("gzip", Request[20..])] },
        { "gzip", [.. Enumerable.Repeat(EmptyMember, 1000).SelectMany(member => member), .. Pack("gzip", Request)] },
        { "gzip", Pack("gzip", Encoding.UTF8.GetBytes(Json.Request(said: Noise(200_000)))) },
        { "br", Pack("br", Encoding.UTF8.GetBytes(Json.Request(said: Noise(200_000)))) },
    };

    public static TheoryData<string, byte[]> Broken
    {
        get
        {
            var rows = new TheoryData<string, byte[]>();
            foreach (var (coding, packing) in new[] { ("gzip", "gzip"), ("br", "br"), ("deflate", "deflate"), ("deflate", "raw") })
            {
                var packed = Pack(packing, Encoding.UTF8.GetBytes(Json.Request(said: Noise(1000))));
                foreach (var length in new[] { 0, 1, 2, packed.Length / 2, packed.Length - 80, packed.Length - 9, packed.Length - 4, packed.Length - 1 })
                {
                    rows.Add(coding, packed[..length]);
                }

                rows.Add(coding, [.. packed, 0]);
                rows.Add(coding, [.. packed, 0x1F, 0x8B]);
                rows.Add(coding, [.. packed, .. Enumerable.Repeat((byte)'x', 100_000)]);
                rows.Add(coding, Encoding.UTF8.GetBytes(Noise(500)));
                rows.Add(coding, Request);
            }

            var twice = Pack("gzip", Request);
            rows.Add("gzip", [.. twice, .. twice[..^1]]);
            rows.Add("gzip", [.. twice, .. twice[..5]]);
            // The sums at the end are those of something else.
            var gzip = Pack("gzip", Request);
            gzip[^8] ^= 1;
            rows.Add("gzip", gzip);
            var zlib = Pack("deflate", Request);
            zlib[^1] ^= 1;
            rows.Add("deflate", zlib);
            rows.Add("gzip, br", Pack("gzip", Request));
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Post_Packed_IsAnswered(string coding, byte[] body)
    {
        await using var host = await TestHost.StartAsync();
        foreach (var isChunked in new[] { false, true })
        {
            using var response = await PostAsync(host, coding, body, isChunked);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Post_PackedAndCutOffOrWrong_Is400ThatSaysSo(string coding, byte[] body)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await PostAsync(host, coding, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal("invalid_json", error.GetProperty("code").GetString());
        Assert.Contains("'Content-Encoding: ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, zstd")]
    [InlineData("gzip;q=1")]
    [InlineData("gzip, gzip, gzip, gzip")]
    public async Task Post_UnknownCodingOrTooMany_Is415ThatSaysWhatIsAccepted(string coding)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await PostAsync(host, coding, Request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("gzip, br, deflate", string.Join(", ", response.Headers.GetValues("Accept-Encoding")));
        Assert.Contains("gzip, br or deflate", (await Json.ReadErrorAsync(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("br, deflate, gzip")]
    public async Task Post_Bomb_Is413AndTakesNoMoreMemoryThanTheLimit(string codings)
    {
        const int Limit = 1024 * 1024;
        // Growing by doubling, and the bomb itself, client's and server's.
        const long Most = 12L * Limit;
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Limits:MaxRequestBytes"] = $"{Limit}" });
        // 200 times the limit.
        var bomb = codings.Split(", ").Aggregate(new byte[200 * Limit], (body, coding) => Pack(coding, body));
        Assert.InRange(bomb.Length, 1, Limit);
        // The least of several: the first warms up, and what other tests allocate meanwhile is counted too. Unpacked, every one would come to 200 times the limit.
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 20 && least > Most; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            using var response = await PostAsync(host, codings, bomb);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Equal("request_too_large", (await Json.ReadErrorAsync(response)).GetProperty("code").GetString());
        }

        Assert.InRange(least, 0, Most);
    }

    [Fact]
    public async Task Post_BombInsideABomb_IsStoppedAtTheFirstThatIsTooLarge()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?> { ["Limits:MaxRequestBytes"] = "100000" });
        // Within is nothing but the ends of members: whoever looks at the last step alone unpacks all of them.
        var members = Enumerable.Repeat(EmptyMember, 100_000).SelectMany(member => member).ToArray();
        using var response = await PostAsync(host, "gzip, gzip", Pack("gzip", members));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData(8 * 1024 * 1024, HttpStatusCode.OK)]
    [InlineData((8 * 1024 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Post_ByDefault_TakesEightMebibytesHoweverTheyCome(int length, HttpStatusCode status)
    {
        await using var host = await TestHost.StartAsync();
        var body = new byte[length];
        body.AsSpan().Fill((byte)' ');
        Request.CopyTo(body, 0);
        foreach (var coding in new[] { "", "gzip", "br" })
        {
            using var response = await PostAsync(host, coding, Pack(coding, body));

            Assert.Equal(status, response.StatusCode);
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(TestHost host, string coding, byte[] body, bool isChunked = false)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(body) };
        request.Headers.TransferEncodingChunked = isChunked;
        if (coding.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static byte[] Pack(string coding, byte[] body)
    {
        using var packed = new MemoryStream();
        using (Stream packing = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            "raw" => new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new BufferedStream(packed),
        })
        {
            packing.Write(body);
            packing.Flush();
            if (packing is BufferedStream)
            {
                return body;
            }
        }

        return packed.ToArray();
    }

    private static string Noise(int length)
    {
        var random = new Random(7);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
