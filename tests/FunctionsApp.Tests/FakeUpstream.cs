using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FunctionsApp.Tests;

/// <summary>An upstream that says a piece when the test says so. Every turn that reaches it is one <see cref="Turn"/>.</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly Channel<Turn> _turns = Channel.CreateUnbounded<Turn>();
    private WebApplication _app = null!;

    /// <summary>A model that asks it, at once and with all the time that a test may need.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Access__ApiKeys__0", PublishedWorker.Key),
        new("Models__0__Id", "demo"),
        new("Models__0__Responder", "upstream"),
        new("Models__0__FirstSpeech__Deadline", "00:01:00"),
        new("Models__0__StallTimeout", "00:01:00"),
        new("Models__0__Upstreams__0__BaseUrl", $"{_app.Urls.Single()}/v1"),
        new("Models__0__Upstreams__0__Model", "fake"),
        new("Models__0__Upstreams__0__ApiKey", "upstream-key"),
    ];

    public static async Task<FakeUpstream> StartAsync()
    {
        var upstream = new FakeUpstream();
        upstream._app = await Loopback.StartAsync(app => app.MapPost("/v1/chat/completions", upstream.AnswerAsync));
        return upstream;
    }

    /// <summary>The next turn that it is asked for.</summary>
    public async Task<Turn> NextAsync() => await _turns.Reader.ReadAsync(PublishedWorker.Cancelled);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var turn = new Turn(context.RequestAborted);
        await _turns.Writer.WriteAsync(turn);
        context.Response.ContentType = "text/event-stream";
        try
        {
            await foreach (var line in turn.Lines.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {line}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The turn knows it too.
        }
    }

    /// <summary>One answer, as far as the test has let it come.</summary>
    internal sealed class Turn
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Turn(CancellationToken aborted) => aborted.Register(() => _left.TrySetResult());

        public ChannelReader<string> Lines => _lines.Reader;

        /// <summary>Ends when whoever asked has gone.</summary>
        public Task Left => _left.Task.WaitAsync(PublishedWorker.Cancelled);

        public void Say(string text) => _lines.Writer.TryWrite($$"""{"choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""");

        public void End()
        {
            _lines.Writer.TryWrite("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
            _lines.Writer.TryWrite("[DONE]");
            _lines.Writer.TryComplete();
        }
    }
}
