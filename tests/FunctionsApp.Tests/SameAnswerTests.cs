using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace FunctionsApp.Tests;

/// <summary>What LocalHost answers, the deployed program answers: status, headers and body.</summary>
public sealed partial class SameAnswerTests(BothShells shells) : IClassFixture<BothShells>
{
    private const string Turn = """{"model":"demo","stream":true,"messages":[{"role":"user","content":"Hello"}]}""";

    // Of the connection, and of each server's own making; all others are ours.
    private static readonly string[] NotOurs = ["Connection", "Content-Length", "Date", "Keep-Alive", "Server", "Transfer-Encoding"];

    private static readonly string[] Twice =
    [
        "chat/completions/", "v1/chat/completions/", "v1/chat/completions//", "chat/completions/chat/completions", "v1/chat/completions/chat/completions", "v1/chat/completions//chat/completions",
        "v1/chat/completions/v1/chat/completions", "v1/v1/chat/completions", "V1/Chat/Completions",
        "v1//chat/completions", "chat//completions", "v1//chat//completions//", "v1/chat//completions", "V1//Chat/Completions?call=c-1",
    ];

    public static IEnumerable<TheoryDataRow<Asked>> Requests() =>
        from asked in (Asked[])
        [
            .. Everyone("GET", "health/live"), .. Everyone("HEAD", "health/live"), .. Everyone("GET", "health/ready"), .. Everyone("HEAD", "health/ready"),
            .. Everyone("GET", "console"), .. Everyone("HEAD", "console"),
            new("GET", "", Key: null, Header: "Accept: text/html"), new("HEAD", "?code=a", Key: null, Header: "Accept: text/html,*/*;q=0.8"),
            .. Everyone("GET", "models"), .. Everyone("GET", "v1/models"),
            .. Everyone("GET", "models/reception"), .. Everyone("GET", "v1/models/a%2Fb"), .. Everyone("GET", "v1/models/a/b"), .. Everyone("GET", "v1/models/"), .. Everyone("GET", "chat/completions/models"),
            .. Everyone("GET", "v1//models"), .. Everyone("GET", "v1//models//reception"), new("GET", "v1//nothing", PublishedWorker.Key),
            new("GET", "v1/chat/completions", PublishedWorker.Key), new("OPTIONS", "v1/chat/completions", Key: null), new("OPTIONS", "models", Key: null, Header: "Origin: https://studio.example.com"),
            .. Twice.Select(path => new Asked("POST", path, PublishedWorker.Key, Turn)), new("POST", "v1/chat/completions/other", PublishedWorker.Key, Turn),
            new("POST", "v1/chat/completions", Key: null, Turn, Header: $"x-api-key: {PublishedWorker.Key}"),
            new("POST", "v1/chat/completions", Key: null, Turn, Header: $"x-api-key: wrong"),
            .. Everyone("GET", "calls"), .. Everyone("GET", "calls?day=2026-02-30"), .. Everyone("GET", "calls/overview?day=2026-11-24&model=demo"), .. Everyone("GET", "calls/overview?day=2026-02-30"), .. Everyone("GET", "calls/call-1"), .. Everyone("GET", "calls/a%2Fb"), .. Everyone("DELETE", "calls/call-1"),
            .. Everyone("POST", "chat/completions", Turn), .. Everyone("POST", "v1/chat/completions", Turn), .. Everyone("POST", "v1/chat/completions?task_id=t&room_id=r", Turn),
            new("POST", "v1/chat/completions", PublishedWorker.Key, Turn.Replace("Hello", "Goodbye", StringComparison.Ordinal).Replace("demo", "reception", StringComparison.Ordinal)),
            new("POST", "v1/chat/completions", PublishedWorker.Key, Turn.Replace("true", "false", StringComparison.Ordinal)),
            new("POST", "v1/chat/completions", PublishedWorker.Key, Turn.Replace("true", "true,\"stream_options\":{\"include_usage\":true}", StringComparison.Ordinal)),
            new("POST", "v1/chat/completions", PublishedWorker.Key, Turn, "text/plain"),
            new("POST", "v1/chat/completions", PublishedWorker.Key, Turn, "application/json; charset=utf-16"),
            new("POST", "v1/chat/completions", PublishedWorker.Key, Turn, Header: "Content-Encoding: gzip"),
            new("POST", "v1/chat/completions", Key: null, Turn, Header: $"api-key: {PublishedWorker.Key}"),
            new("POST", "v1/chat/completions", Key: null, Turn, Header: $"Authorization: Basic {PublishedWorker.Key}"),
            new("GET", "nothing/here", PublishedWorker.Key),
        ]
        select new TheoryDataRow<Asked>(asked) { TestDisplayName = $"{asked}" };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_OfEveryKind_IsAnsweredAsByLocalHost(Asked asked) =>
        Assert.Equal(await AnswerAsync(shells.LocalHost, asked), await AnswerAsync(shells.Worker, asked));

    public static IEnumerable<TheoryDataRow<string>> BadBodies() => BadInput.Bodies.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Body_Bad_IsRefusedAsByLocalHost(string name)
    {
        var asked = new Asked("POST", "v1/chat/completions", PublishedWorker.Key, BadInput.Bodies[name]);
        var answer = await AnswerAsync(shells.LocalHost, asked);

        Assert.StartsWith("4", answer, StringComparison.Ordinal);
        Assert.Equal(answer, await AnswerAsync(shells.Worker, asked));
    }

    [Theory]
    [InlineData(8_388_608, false, "400")]
    [InlineData(8_388_609, false, "413")]
    [InlineData(8_388_609, true, "413")]
    [InlineData(31_000_000, false, "413")]
    [InlineData(31_000_000, true, "413")]
    [InlineData(60_000_000, false, "413")]
    public async Task Body_OfSize_IsAnsweredAsByLocalHost(int size, bool isChunked, string status)
    {
        var body = new byte[size];
        body.AsSpan().Fill((byte)' ');
        var asked = new Asked("POST", "v1/chat/completions", PublishedWorker.Key, body, IsChunked: isChunked);
        var answer = await AnswerAsync(shells.LocalHost, asked);

        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.Equal(answer, await AnswerAsync(shells.Worker, asked));
    }

    [Theory]
    [InlineData("PUT", "v1/models")]
    [InlineData("POST", "calls")]
    [InlineData("OPTIONS", "console")]
    public async Task Method_Wrong_IsNotFoundUnderTheHostAndNotAllowedOnLocalHost(string method, string path)
    {
        var asked = new Asked(method, path, PublishedWorker.Key);

        Assert.StartsWith("405", await AnswerAsync(shells.LocalHost, asked), StringComparison.Ordinal);
        Assert.StartsWith("404", await AnswerAsync(shells.Worker, asked), StringComparison.Ordinal);
    }

    // The host adds headers of its own. Were it then more than the worker's Kestrel takes, the invocation would wait for a request that never comes.
    [Theory]
    [InlineData(99, 1)]
    [InlineData(1, 32_650)]
    public async Task Headers_AsManyAndAsLongAsTheHostTakes_AreTakenByTheWorkerToo(int count, int length)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = shells.Worker, Timeout = PublishedWorker.Limit };
        for (var index = 0; index < count; index++)
        {
            client.DefaultRequestHeaders.Add($"X-{index}", new string('a', length));
        }

        using var response = await client.GetAsync(new Uri("health/live", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Post_WhereAPartOfThePathStandsTwice_IsATurn() =>
        Assert.All(await Task.WhenAll(Twice.Select(path => AnswerAsync(shells.Worker, new Asked("POST", path, PublishedWorker.Key, Turn)))), answer => Assert.StartsWith("200", answer, StringComparison.Ordinal));

    [Theory]
    [InlineData("v1//chat/completions")]
    [InlineData("chat//completions")]
    [InlineData("v1/chat/completions//")]
    public async Task Post_TwoSlashesInARow_AreOne(string path)
    {
        var asked = new Asked("POST", path, PublishedWorker.Key, Turn);

        Assert.StartsWith("200", await AnswerAsync(shells.LocalHost, asked), StringComparison.Ordinal);
        Assert.StartsWith("200", await AnswerAsync(shells.Worker, asked), StringComparison.Ordinal);
    }

    private static IEnumerable<Asked> Everyone(string method, string path, string? body = null) =>
        from key in (string?[])[null, "wrong", PublishedWorker.Key, PublishedWorker.OperatorKey] select new Asked(method, path, key, body);

    private static async Task<string> AnswerAsync(Uri server, Asked asked)
    {
        using var client = new Client(server, asked.Key);
        using var content = asked.Content();
        using var response = await client.SendAsync(new HttpMethod(asked.Method), asked.Path, content, asked.Header, expectContinue: asked.Body is byte[] { Length: > 100_000 });
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => !NotOurs.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .Select(header => $"{header.Key.ToLowerInvariant()}: {string.Join(", ", header.Value)}")
            .Order(StringComparer.Ordinal);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return Chance().Replace($"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n\n{body}", "…");
    }

    // What differs from answer to answer.
    [GeneratedRegex("""(?<=req_|chatcmpl-|call_)[0-9a-f]{32}|(?<="created":)\d+""")]
    private static partial Regex Chance();

    /// <summary>A request.</summary>
    public sealed record Asked(string Method, string Path, string? Key, object? Body = null, string Type = "application/json", string? Header = null, bool IsChunked = false)
    {
        internal HttpContent? Content()
        {
            if (Body is null)
            {
                return null;
            }

            var bytes = Body as byte[] ?? Encoding.UTF8.GetBytes((string)Body);
            HttpContent content = IsChunked ? new StreamContent(new OneWayStream(bytes)) : new ByteArrayContent(bytes);
            content.Headers.TryAddWithoutValidation("Content-Type", Type);
            return content;
        }

        public override string ToString() => $"{Method} {Path} {Key ?? "no key"} {Type} {Header} {Body}";
    }

    // Its length cannot be known before, so it goes out in chunks.
    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
