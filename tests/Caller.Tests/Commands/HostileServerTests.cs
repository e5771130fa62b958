using System.Text.Json;
using Caller.Tests.Servers;

namespace Caller.Tests.Commands;

/// <summary>Whatever a server sends, the tool shows it harmlessly and goes on.</summary>
public sealed class HostileServerTests : IDisposable
{
    private const string Key = "sk-secret/key+12345";

    private readonly string _folder = Directory.CreateTempSubdirectory("caller-tests").FullName;

    public static TheoryData<string> Chunks =>
    [
        """{"id":"\uD83C","object":"\uD83C","created":"\uD83C","model":"\uD83C","choices":[{"index":"\uD83C","delta":{"role":"\uD83C","content":"x","tool_calls":[{"index":0,"id":"\uD83C","type":"\uD83C","function":{"name":"\uD83C","arguments":"\uD83C"}}]},"finish_reason":"\uD83C"}],"usage":{"prompt_tokens":"\uD83C"}}""",
        """{"\uD83C":1,"objec\uD83C":2,"choices":[{"\uD83C":1,"delta":{"\uD83C":1,"content":"hi"}}]}""",
        """{"choices":["\uD83C"]}""",
        """{"choices":[{"delta":{"tool_calls":["\uD83C"]}}]}""",
        """{"error":"\uD83C"}""",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Check_HalfCharactersAnywhere_AreAFaultOfTheServerAndNotOurs(string chunk)
    {
        await using var server = await FixtureServer.StartAsync(context => StreamAsync(context, chunk));
        using var host = new TestHost();

        Assert.Equal(1, await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--json"));

        using var json = JsonDocument.Parse(host.Output);
        Assert.Equal("failed", json.RootElement.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("id").GetString() == "streaming.whole-characters").GetProperty("outcome").GetString());
    }

    [Theory]
    [MemberData(nameof(Chunks))]
    public async Task Talk_HalfCharactersAnywhere_EndsTheTurn(string chunk)
    {
        await using var server = await FixtureServer.StartAsync(context => StreamAsync(context, chunk));
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        await host.RunAsync("talk", server.BaseUrl, "--model", "abc", "--record", Path.Combine(_folder, "r.jsonl"));

        Assert.Contains("The caller hangs up.", host.Console, StringComparison.Ordinal);
        Assert.All(await File.ReadAllLinesAsync(Path.Combine(_folder, "r.jsonl"), TestContext.Current.CancellationToken), line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public async Task Check_AnswerWithoutAnEnd_IsAskedForOnce()
    {
        var turns = 0;
        await using var server = await FixtureServer.StartAsync(async context =>
        {
            Interlocked.Increment(ref turns);
            context.Response.ContentType = "text/event-stream";
            var chunk = $$$"""data: {"choices":[{"index":0,"delta":{"content":"{{{new string('x', 10_000)}}}"}}]}""" + "\n\n";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(chunk, CancellationToken.None);
            }
        });
        using var host = new TestHost();

        Assert.Equal(1, await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--timeout", "5m"));

        Assert.Contains("FAIL     streaming.ends", host.Console, StringComparison.Ordinal);
        Assert.Contains("the answer to the first turn never ended", host.Console, StringComparison.Ordinal);
        Assert.Equal(1, turns);
    }

    [Fact]
    public async Task Check_KeyWhereTheTextIsCut_LeavesNothingOfIt()
    {
        await using var server = await FixtureServer.StartAsync(context => RefuseAsync(context, new string('z', 195) + Key));
        using var host = new TestHost();

        await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", Key);

        Assert.Contains("zzz", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-s", host.Console.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sk-secret\\/key+12345")]
    [InlineData("sk-secret/key\\u002B12345")]
    public async Task Check_KeyWithEscapesInTheRefusal_IsSeenToBeShown(string escaped)
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            Authorize = header => header == $"Bearer {Key}" ? null : new Refusal(401, "invalid_api_key", "No."),
            Refuse = (context, refusal) => RefuseAsync(context, $$$"""{"error":{"message":"It is {{{escaped}}}."}}""", refusal.Status),
        });
        using var host = new TestHost();

        Assert.Equal(1, await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", Key, "--brief"));

        Assert.Contains("FAIL     auth.key-not-shown", host.Console, StringComparison.Ordinal);
        Assert.DoesNotContain(escaped, host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Talk_KeySentBackLetterByLetter_IsNotShown()
    {
        await using var server = await FixtureServer.StartAsync(context => StreamAsync(context,
            [.. $"You sent {Key}, s".Select(letter => $$$"""{"choices":[{"index":0,"delta":{"content":"{{{letter}}}"}}]}""")]));
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.BaseUrl, "--model", "abc", "--key", Key));

        Assert.Contains("agent > You sent ***, s\n", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Talk_PageInsteadOfAnAnswer_IsOneShortLine()
    {
        await using var server = await FixtureServer.StartAsync(context => RefuseAsync(context, string.Concat(Enumerable.Repeat("<h1>\r\n\u001b[31m\u202E", 10_000))));
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        Assert.Equal(1, await host.RunAsync("talk", server.BaseUrl, "--model", "abc"));

        var line = Assert.Single(host.Console.Split('\n'), line => line.Contains("!!", StringComparison.Ordinal));
        Assert.StartsWith("        !! the caller hears nothing: status 500: <h1> ·[31m·<h1>", line, StringComparison.Ordinal);
        Assert.True(line.Length < 500, $"{line.Length} characters");
        Assert.True(host.Console.Length < 1000, host.Console);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    public async Task Check_NarrowTerminal_CanBeRead(int width)
    {
        await using var server = await FixtureServer.StartAsync(BrokenServer.All.Single(broken => broken.Name == "no [DONE]").Create());
        using var host = new TestHost { Width = width };

        await host.RunAsync("check", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--brief");

        Assert.Contains("FAIL framing.done (required)", host.Console, StringComparison.Ordinal);
        Assert.Contains("greeting: ended after", host.Console, StringComparison.Ordinal);
        Assert.All(host.Console.Split('\n'), line => Assert.True(line.Length <= width, line));
    }

    [Fact]
    public async Task Talk_UserDataThatIsNotJson_IsSentWithAWarning()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());
        using var host = new TestHost { Input = new StringReader("Hello\n") };

        Assert.Equal(0, await host.RunAsync("talk", server.BaseUrl, "--model", "abc", "--key", ServerBehaviour.Key, "--user-data", "{shop"));

        Assert.Contains("Warning: --user-data is not JSON.", host.Error, StringComparison.Ordinal);
    }

    private static async Task StreamAsync(HttpContext context, params string[] chunks)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var chunk in chunks)
        {
            await context.Response.WriteAsync($"data: {chunk}\n\n", context.RequestAborted);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, string body, int status = 500)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }
}
