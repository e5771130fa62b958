using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Common;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>The body of a 4xx or 5xx: it says at 3 a.m. what to do.</summary>
public sealed class UpstreamErrorBodyTests : IAsyncDisposable
{
    private const int Limit = 30_000;
    private const string Body = """{"error":{"code":"DeploymentNotFound","message":"The deployment of secret does not exist."}}""";

    private readonly WatchedTime _time = new();
    private readonly UpstreamFactory _clients;

    public UpstreamErrorBodyTests() => _clients = new(services => services.AddSingleton<TimeProvider>(_time));

    [Fact(Timeout = Limit)]
    public async Task Stream_StatusWithBody_IsNamedByItsCodeAndTheConnectionIsKept()
    {
        await using var upstream = FaultyUpstream.Start(exchange => exchange.AnswerAsync(404, "application/json", Body));
        var client = _clients.Create(upstream.BaseUrl);

        var failure = (await Heard.ListenAsync(client, TestContext.Current.CancellationToken)).Failure!;

        Assert.Equal($"The upstream {upstream.BaseUrl.Authority} answered with status 404 (DeploymentNotFound).", failure.Message);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);
        Assert.Equal([1, 1], upstream.Requests.Select(request => request.Connection));
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_BodyDrips_IsWaitedForAQuarterOfASecond()
    {
        await using var upstream = FaultyUpstream.Start(async exchange =>
        {
            await exchange.SendRawAsync("HTTP/1.1 503 Status\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n");
            await exchange.SendAsync("""{"error":{"code":"Overloaded","mess""");
            await exchange.SilenceAsync();
        });
        var listening = Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);
        await _time.WaitForTimerAsync(wait => wait == UpstreamErrorBody.MaxWait, TestContext.Current.CancellationToken);

        _time.Advance(UpstreamErrorBody.MaxWait - TimeSpan.FromMilliseconds(1));
        Assert.False(listening.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        var failure = (await listening).Failure!;
        Assert.Equal((503, TimeSpan.FromSeconds(7)), (failure.Status, failure.RetryAfter));
        // What had come by then may or may not be in it.
        Assert.Contains(failure.Report!.Describe(), (string?[])["Overloaded", null]);
        await upstream.Requests.Single().ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_CallerLeavesWhileTheBodyDrips_IsNoFailureOfTheUpstream()
    {
        await using var upstream = FaultyUpstream.Start(async exchange =>
        {
            await exchange.SendRawAsync("HTTP/1.1 503 Status\r\nTransfer-Encoding: chunked\r\n\r\n");
            await exchange.SilenceAsync();
        });
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var listening = Heard.ListenAsync(_clients.Create(upstream.BaseUrl), caller.Token);
        await _time.WaitForTimerAsync(wait => wait == UpstreamErrorBody.MaxWait, TestContext.Current.CancellationToken);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await upstream.Requests.Single().ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
    }

    // How the body is sent, what is told of it.
    public static TheoryData<string, string> Bodies => new()
    {
        { "none", "answered with status 404." },
        { "not modified", "answered with status 304." },
        { "html", "answered with status 404." },
        { "gzip", "answered with status 404 (DeploymentNotFound)." },
        { "no gzip", "answered with status 404." },
        { "no brotli", "answered with status 404." },
        { "cut", "answered with status 404 (DeploymentNotFound)." },
        { "reset", "answered with status 404." },
        { "endless", "answered with status 404 (DeploymentNotFound)." },
        { "endless gzip", "answered with status 404 (DeploymentNotFound)." },
        { "too late in it", "answered with status 404." },
        { "the key", "answered with status 404." },
    };

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Bodies))]
    public async Task Stream_AnyBody_IsReadWithinItsBounds(string body, string told)
    {
        await using var upstream = FaultyUpstream.Start(exchange => SendAsync(exchange, body));

        var failure = (await Heard.ListenAsync(_clients.Create(upstream.BaseUrl, options => options.ApiKey = "sk-proj-abcdef"), TestContext.Current.CancellationToken)).Failure!;

        Assert.Equal($"The upstream {upstream.BaseUrl.Authority} {told}", failure.Message);
    }

    [Fact(Timeout = Limit)]
    public async Task Post_UpstreamSaysWhy_TheLogHasItAndThePlatformNot()
    {
        await using var upstream = FaultyUpstream.Start(exchange => exchange.AnswerAsync(404, "application/json", Body));
        await using var rig = await TurnRig.StartAsync([upstream]);

        (await rig.AskAsync()).AssertFails("upstream_error");

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.All([rig.Logged(101).Single(), rig.Logged(110).Single()], line => Assert.Contains("answered with status 404 (DeploymentNotFound).", line, StringComparison.Ordinal));
        rig.AssertNothingSecretIsLogged();
        using var response = await rig.PostAsync(stream: false);
        Assert.DoesNotContain("Deployment", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task Post_UpstreamSaysWhy_TheTraceHasIt()
    {
        await using var upstream = FaultyUpstream.Start(exchange => exchange.AnswerAsync(404, "application/json", Body));
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is SwitchboardSource.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var rig = await TurnRig.StartAsync([upstream]);

        using var posted = await rig.PostAsync(stream: false, call: "call-of-this-test");
        await rig.Host.WaitForTurnEndAsync("voice").WaitAsync(TestContext.Current.CancellationToken);

        var turn = ended.Single(activity => (string?)activity.GetTagItem("switchboard.call") == "call-of-this-test");
        Assert.Equal(ActivityStatusCode.Error, turn.Status);
        Assert.Contains("answered with status 404 (DeploymentNotFound).", turn.StatusDescription, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private static async Task SendAsync(UpstreamExchange exchange, string body)
    {
        const string Head = "HTTP/1.1 404 Status\r\nContent-Type: application/json\r\n";
        switch (body)
        {
            case "none":
                await exchange.SendRawAsync(Head + "Content-Length: 0\r\n\r\n");
                break;
            case "not modified":
                await exchange.SendRawAsync("HTTP/1.1 304 Status\r\n\r\n");
                break;
            case "html":
                await exchange.AnswerAsync(404, "text/html", "<html><body>Not Found</body></html>");
                break;
            case "gzip":
                await exchange.SendRawAsync(Head + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
                await exchange.SendAsync(Packed(Body));
                await exchange.EndAsync();
                break;
            case "no gzip" or "no brotli":
                await exchange.AnswerAsync(404, "application/json", Body, body == "no gzip" ? "Content-Encoding: gzip" : "Content-Encoding: br");
                break;
            case "cut":
                await exchange.SendRawAsync(Head + "Content-Length: 1000\r\n\r\n" + Body[..50]);
                exchange.Close();
                break;
            case "reset":
                await exchange.SendRawAsync(Head + "Content-Length: 1000\r\n\r\n");
                exchange.Reset();
                break;
            case "endless" or "endless gzip":
                var isPacked = body == "endless gzip";
                await exchange.SendRawAsync(Head + (isPacked ? "Content-Encoding: gzip\r\n" : "") + "Transfer-Encoding: chunked\r\n\r\n");
                var piece = new string('a', 64 * 1024);
                await exchange.SendAsync(isPacked ? Packed(Body[..^3] + piece, isWhole: false) : Encoding.UTF8.GetBytes(Body[..^3] + piece));
                while (!isPacked && !exchange.Request.ClosedByClient.IsCompleted)
                {
                    await exchange.SendAsync(piece);
                }

                await exchange.SilenceAsync();
                break;
            case "too late in it":
                await exchange.AnswerAsync(404, "application/json", $$$"""{"error":{"message":"{{{new string('a', 5000)}}}","code":"TooLate"}}""");
                break;
            default:
                await exchange.AnswerAsync(404, "application/json", """{"error":{"code":"sk-proj-abcdef"}}""");
                break;
        }
    }

    private static byte[] Packed(string text, bool isWhole = true)
    {
        using var packed = new MemoryStream();
        using var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(Encoding.UTF8.GetBytes(text));
        if (isWhole)
        {
            gzip.Dispose();
        }
        else
        {
            gzip.Flush();
        }

        return packed.ToArray();
    }
}
