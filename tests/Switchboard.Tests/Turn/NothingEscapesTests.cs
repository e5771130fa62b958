using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Contract;
using Switchboard.Hosting;

namespace Switchboard.Tests.Turn;

/// <summary>Whatever the connection does, no endpoint and no result throws: under the Functions host that would be a failed invocation, with a stack trace in the log.</summary>
public sealed class NothingEscapesTests
{
    public static TheoryData<string, bool> Requests
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in new[] { "turn", "stream", "bad turn", "models", "calls", "call", "console", "live", "ready" })
            {
                data.Add(name, true);
                data.Add(name, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Handle_CallerHasLeft_ThrowsNothing(string name, bool hasKey)
    {
        await using var host = await StartAsync();
        var context = Context(host, name, hasKey);
        context.RequestAborted = new CancellationToken(canceled: true);

        await HandleAsync(host, name, context);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Handle_CallerLeavesWhileTheAnswerIsWritten_ThrowsNothing(string name, bool hasKey)
    {
        await using var host = await StartAsync();
        var context = Context(host, name, hasKey);
        var left = new CancellationTokenSource();
        context.RequestAborted = left.Token;
        context.Features.Set<IHttpResponseBodyFeature>(new BrokenBody(left));

        await HandleAsync(host, name, context);

        Assert.True(left.IsCancellationRequested);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(settings: new Dictionary<string, string?>
    {
        ["Access:OperatorKeys:0"] = "operator-test-key-9a4c-9a4c",
        ["Transcripts:ConnectionString"] = "UseDevelopmentStorage=true",
        // Nothing listens there, so that the storage fails.
        ["Transcripts:TablePrefix"] = "None",
    });

    private static DefaultHttpContext Context(TestHost host, string name, bool hasKey)
    {
        var context = new DefaultHttpContext { RequestServices = host.Services };
        if (hasKey)
        {
            context.Request.Headers.Authorization = $"Bearer {(name is "calls" or "call" ? "operator-test-key-9a4c-9a4c" : TestHost.Key)}";
        }

        context.Request.RouteValues = new RouteValueDictionary { [Routes.CallId] = "call-1" };
        // So that the storage is not asked.
        context.Request.QueryString = new QueryString("?day=nonsense");
        if (name.EndsWith("turn", StringComparison.Ordinal) || name == "stream")
        {
            context.Request.Method = HttpMethods.Post;
            context.Request.ContentType = "application/json";
            var body = System.Text.Encoding.UTF8.GetBytes(name == "bad turn" ? "{" : Json.Request(stream: name == "stream"));
            context.Request.Body = new MemoryStream(body);
        }

        return context;
    }

    private static async Task HandleAsync(TestHost host, string name, HttpContext context)
    {
        var path = name switch
        {
            "models" => Routes.Models,
            "call" when context.RequestAborted.IsCancellationRequested => Routes.Call,
            "calls" or "call" => Routes.Calls,
            "console" => Routes.Console,
            "live" => Routes.Live,
            "ready" => Routes.Ready,
            _ => Routes.ChatCompletions,
        };
        var result = await host.Services.GetRequiredService<HttpRoutes>().AnswerAsync(path, context.Request);
        await result.ExecuteAsync(context);
    }

    /// <summary>A connection that breaks at the first byte.</summary>
    private sealed class BrokenBody(CancellationTokenSource left) : Stream, IHttpResponseBodyFeature
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        Stream IHttpResponseBodyFeature.Stream => this;

        PipeWriter IHttpResponseBodyFeature.Writer => field ??= PipeWriter.Create(this);

        public override void Write(byte[] buffer, int offset, int count) => throw Break();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw Break();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw Break();

        public override void Flush() => throw Break();

        public override Task FlushAsync(CancellationToken cancellationToken) => throw Break();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        void IHttpResponseBodyFeature.DisableBuffering()
        {
        }

        Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) => throw Break();

        Task IHttpResponseBodyFeature.CompleteAsync() => Task.CompletedTask;

        private IOException Break()
        {
            left.Cancel();
            return new IOException("The connection is broken.");
        }
    }
}
