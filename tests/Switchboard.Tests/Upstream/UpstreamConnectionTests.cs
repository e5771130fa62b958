using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Switchboard.Contract;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

public sealed class UpstreamConnectionTests : IAsyncDisposable
{
    private const int Limit = 30_000;

    private readonly UpstreamFactory _clients = new();

    [Fact(Timeout = Limit)]
    public async Task Cancel_BeforeHeaders_ClosesTheConnection()
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var listening = Heard.ListenAsync(_clients.Create(upstream.BaseUrl), caller.Token);
        var request = await upstream.NextRequestAsync(TestContext.Current.CancellationToken);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await request.ClosedByClient;
    }

    [Theory(Timeout = Limit)]
    [InlineData("headers")]
    [InlineData("reasoning")]
    [InlineData("token")]
    public async Task Cancel_WhileTheUpstreamIsSilent_ClosesTheConnection(string before)
    {
        var start = before switch { "headers" => "", "reasoning" => Sse.Reasoning("Hmm."), _ => Sse.Text("Hello") };
        await using var upstream = FaultyUpstream.Start(Failures.StreamThenSilence(start));
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var updates = _clients.Create(upstream.BaseUrl).GetStreamingResponseAsync([], null, caller.Token).GetAsyncEnumerator(caller.Token);
        if (start.Length > 0)
        {
            Assert.True(await updates.MoveNextAsync());
        }

        var waiting = updates.MoveNextAsync().AsTask();
        var request = await upstream.NextRequestAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await request.ClosedByClient;
    }

    [Fact(Timeout = Limit)]
    public async Task Dispose_WhileTheUpstreamGoesOn_ClosesTheConnection()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Endless());
        var updates = _clients.Create(upstream.BaseUrl).GetStreamingResponseAsync([], null, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (var index = 0; index < 1000; index++)
        {
            Assert.True(await updates.MoveNextAsync());
            Assert.Equal("on and ", updates.Current.Text);
        }

        await updates.DisposeAsync();

        await (await upstream.NextRequestAsync(TestContext.Current.CancellationToken)).ClosedByClient;
    }

    [Fact(Timeout = Limit)]
    public async Task Dispose_BetweenTokens_DoesNotReadOnToKeepTheConnection()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gated(gate, Sse.Text("a"), Sse.Finish() + Sse.Done));
        var updates = _clients.Create(upstream.BaseUrl).GetStreamingResponseAsync([], null, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await updates.MoveNextAsync());

        await updates.DisposeAsync();
        // Whoever read on would now come to the end of the body, and keep the connection.
        gate.Release();

        await (await upstream.NextRequestAsync(TestContext.Current.CancellationToken)).ClosedByClient;
    }

    [Theory(Timeout = Limit)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_KeptConnectionClosesAsTheRequestComes_IsSentOnceMoreOverANewOne(bool isReset)
    {
        await using var upstream = FaultyUpstream.Start(Failures.WholeAnswer(), isReset ? Failures.ResetBeforeHeaders() : Failures.CloseAfter(""), Failures.WholeAnswer("Again."));
        var client = _clients.Create(upstream.BaseUrl, options => options.ApiKey = "sk-1");
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal(("Again.", null), (heard.Text, heard.Failure));
        Assert.Equal([1, 1, 2], upstream.Requests.Select(request => request.Connection));
        var (closed, again) = (upstream.Requests.ElementAt(1), upstream.Requests.ElementAt(2));
        Assert.Equal((closed.Body, closed.Target, "Bearer sk-1"), (again.Body, again.Target, again.Headers["Authorization"]));
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_SeveralKeptConnectionsAreClosed_IsSentOverANewOne()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = FaultyUpstream.Start(
            Failures.After(go.Task, Failures.WholeAnswer()), Failures.After(go.Task, Failures.WholeAnswer()), Failures.CloseAfter(""), Failures.WholeAnswer("Again."));
        var client = _clients.Create(upstream.BaseUrl);
        var both = new[] { Heard.ListenAsync(client, TestContext.Current.CancellationToken), Heard.ListenAsync(client, TestContext.Current.CancellationToken) };
        await upstream.NextRequestAsync(TestContext.Current.CancellationToken);
        await upstream.NextRequestAsync(TestContext.Current.CancellationToken);
        go.SetResult();
        await Task.WhenAll(both);

        Assert.Equal("Again.", (await Heard.ListenAsync(client, TestContext.Current.CancellationToken)).Text);

        Assert.Equal(3, upstream.Requests.Last().Connection);
    }

    [Theory(Timeout = Limit)]
    [InlineData("HTT")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\n")]
    public async Task Stream_KeptConnectionClosesInsideAnAnswer_IsNotSentAgain(string start)
    {
        await using var upstream = FaultyUpstream.Start(Failures.WholeAnswer(), Failures.CloseAfter(start), Failures.WholeAnswer("Again."));
        var client = _clients.Create(upstream.BaseUrl);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.NotNull(heard.Failure);
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Theory(Timeout = Limit)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_NewConnectionCloses_IsNotSentAgain(bool isReset)
    {
        await using var upstream = FaultyUpstream.Start(isReset ? Failures.ResetBeforeHeaders() : Failures.CloseAfter(""));

        var heard = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(ResponderFailure.Connect, heard.Failure?.Failure);
        Assert.Single(upstream.Requests);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_EveryConnectionCloses_IsSentTwiceAtMost()
    {
        await using var upstream = FaultyUpstream.Start(Failures.WholeAnswer(), Failures.CloseAfter(""));
        var client = _clients.Create(upstream.BaseUrl);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal(ResponderFailure.Connect, heard.Failure?.Failure);
        Assert.Equal([1, 1, 2], upstream.Requests.Select(request => request.Connection));
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_CallerLeavesAsTheKeptConnectionCloses_IsNotSentAgain()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var upstream = FaultyUpstream.Start(
            Failures.WholeAnswer(),
            async exchange =>
            {
                await caller.CancelAsync();
                exchange.Close();
            });
        var client = _clients.Create(upstream.BaseUrl);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Heard.ListenAsync(client, caller.Token));

        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_BodyCannotBeOpened_ClosesTheResponse()
    {
        using var content = new UnreadableContent();
        using var http = new HttpClient(new LambdaHandler(_ => new HttpResponseMessage { Content = content }));
        using var client = new UpstreamChatClient(
            http, http, new UpstreamOptions { BaseUrl = new Uri("http://upstream.invalid/v1") }, "up", _ => new((string?)null), TimeProvider.System, NullLogger<UpstreamChatClient>.Instance);

        var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal(ResponderFailure.Truncated, heard.Failure?.Failure);
        Assert.True(content.IsDisposed);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_EndOfBodyComesLate_NeitherHoldsUpTheAnswerNorCostsTheConnection()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(
            async exchange =>
            {
                await exchange.StartAsync();
                await exchange.SendAsync(Sse.Answer("Hello."));
                await gate.WaitAsync();
                await exchange.EndAsync();
            },
            Failures.Answer());
        // On a clock that stands still the end is waited for however slow the machine is.
        await using var clients = new UpstreamFactory(services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));
        var client = clients.Create(upstream.BaseUrl);

        Assert.Equal("Hello.", (await Heard.ListenAsync(client, TestContext.Current.CancellationToken)).Text);
        gate.Release();
        Assert.Equal("Hello there.", (await Heard.ListenAsync(client, TestContext.Current.CancellationToken)).Text);

        Assert.False(upstream.Requests.First().ClosedByClient.IsCompleted);
    }

    [Fact]
    public async Task Stream_OneAfterTheOther_UsesOneConnection()
    {
        await using var upstream = FaultyUpstream.Start(Failures.WholeAnswer());

        for (var turn = 0; turn < 3; turn++)
        {
            // A client for each: connections belong to the app, not to a client.
            Assert.Null((await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken)).Failure);
        }

        Assert.Equal([1, 1, 1], upstream.Requests.Select(request => request.Connection));
    }

    [Fact]
    public async Task Warm_BeforeTheFirstTurn_LeavesAConnectionForIt()
    {
        await using var upstream = FaultyUpstream.Start();
        var client = _clients.Create(upstream.BaseUrl, options => options.ApiKey = "sk-1");

        await client.WarmAsync(TestContext.Current.CancellationToken);
        await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal(["HEAD /v1 on 1", "POST /v1/chat/completions on 1"], upstream.Requests.Select(request => $"{request.Method} {request.Target} on {request.Connection}"));
        Assert.DoesNotContain("Authorization", upstream.Requests.First().Headers.Keys);
    }

    [Fact]
    public async Task Warm_Refused_IsOnlyLogged()
    {
        await using var upstream = FaultyUpstream.Refusing();
        await using var clients = new UpstreamFactory(services => services.AddLogging(logging => logging.AddFakeLogging()));

        await clients.Create(upstream.BaseUrl).WarmAsync(TestContext.Current.CancellationToken);

        var line = Assert.Single(clients.Logs.GetSnapshot());
        Assert.Equal((211, LogLevel.Debug), (line.Id.Id, line.Level));
        Assert.Contains(upstream.BaseUrl.Authority, line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_InsideATrace_SendsOnlyItsOwnHeaders()
    {
        // The instrumentation writes trace headers by itself wherever the handler reports a request to it.
        using var tracing = Sdk.CreateTracerProviderBuilder().AddHttpClientInstrumentation().Build();
        await using var upstream = FaultyUpstream.Start();
        using var activity = new Activity("turn").AddBaggage("caller", "+41441234567").SetIdFormat(ActivityIdFormat.W3C);
        activity.TraceStateString = "platform=secret";
        activity.Start();

        await Heard.ListenAsync(_clients.Create(upstream.BaseUrl, options => options.ApiKey = "sk-1"), TestContext.Current.CancellationToken);

        var headers = upstream.Requests.Single().Headers;
        Assert.Equal(
            ["Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host", "User-Agent"],
            headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("Bearer sk-1", "application/json", "gzip, br"), (headers["Authorization"], headers["Content-Type"], headers["Accept-Encoding"]));
    }

    [Theory]
    [InlineData("", "/v1/chat/completions")]
    [InlineData("/", "/v1/chat/completions")]
    [InlineData("?api-version=preview", "/v1/chat/completions?api-version=preview")]
    public async Task Stream_BaseUrl_IsExtended(string suffix, string target)
    {
        await using var upstream = FaultyUpstream.Start();

        await Heard.ListenAsync(_clients.Create(new Uri(upstream.BaseUrl + suffix)), TestContext.Current.CancellationToken);

        Assert.Equal(target, upstream.Requests.Single().Target);
    }

    [Fact(Timeout = Limit)]
    public async Task Stream_UpstreamOffersHttp2_UsesIt()
    {
        var protocols = new List<string>();
        await using var upstream = await Http2Upstream.StartAsync(context =>
        {
            protocols.Add(context.Request.Protocol);
            return Http2Upstream.AnswerAsync(context);
        });

        var heard = await Heard.ListenAsync(upstream.Clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);

        Assert.Equal(("Hello there.", "HTTP/2"), (heard.Text, protocols.Single()));
    }

    [Theory(Timeout = Limit)]
    [InlineData(1, 3, null)]
    [InlineData(0, 1, nameof(ResponderFailure.Connect))]
    public async Task Stream_Http2ConnectionBreaksAsTheRequestComes_IsSentOnceMoreWhereItWasKept(int before, int requests, string? failure)
    {
        var asked = 0;
        await using var upstream = await Http2Upstream.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) == before + 1)
            {
                // The connection, not the request alone.
                context.Features.Get<IConnectionLifetimeFeature>()!.Abort();
                return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            return Http2Upstream.AnswerAsync(context);
        });
        var client = upstream.Clients.Create(upstream.BaseUrl);
        for (var turn = 0; turn < before; turn++)
        {
            Assert.Equal("Hello there.", (await Heard.ListenAsync(client, TestContext.Current.CancellationToken)).Text);
        }

        var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

        Assert.Equal((failure, requests), (heard.Failure?.Failure.ToString(), asked));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    /// <summary>A Kestrel that speaks HTTP/2 over TLS, and clients that trust it.</summary>
    private sealed class Http2Upstream(WebApplication app, UpstreamFactory clients, X509Certificate2 certificate) : IAsyncDisposable
    {
        public UpstreamFactory Clients => clients;

        public Uri BaseUrl => new(app.Urls.Single() + "/v1");

        public static async Task<Http2Upstream> StartAsync(RequestDelegate answer)
        {
            var certificate = StandInCertificate.For("localhost");
            var app = await Loopback.StartAsync(app => app.Run(answer), certificate);
            var clients = new UpstreamFactory(services =>
            {
                foreach (var name in new[] { UpstreamHttp.ClientName, UpstreamHttp.AnewName })
                {
                    services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler((handler, _) =>
                        ((SocketsHttpHandler)handler).SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Equals(shown));
                }
            });
            return new Http2Upstream(app, clients, certificate);
        }

        public static Task AnswerAsync(HttpContext context)
        {
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync(Sse.Answer(Failures.Words), context.RequestAborted);
        }

        public async ValueTask DisposeAsync()
        {
            await clients.DisposeAsync();
            await app.DisposeAsync();
            certificate.Dispose();
        }
    }

    private sealed class LambdaHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }

    private sealed class UnreadableContent : HttpContent
    {
        public bool IsDisposed { get; private set; }

        protected override Task<Stream> CreateContentReadStreamAsync() => throw new IOException("The connection is gone.");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
