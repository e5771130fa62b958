using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace Switchboard.Tests.Turn;

/// <summary>When the bytes leave.</summary>
public sealed class StreamingBehaviourTests
{
    [Fact]
    public async Task Post_ResponderPauses_FirstPieceArrivesBeforeTheSecondExists()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        responder.Say("One. ");
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        await stream.NextAsync();

        Assert.Equal("One. ", await stream.NextTextAsync());

        responder.Say("Two.");
        Assert.Equal("Two.", await stream.NextTextAsync());
        responder.End();
        Assert.Equal("[DONE]", (await stream.RestAsync())[^1]);
    }

    [Fact]
    public async Task Post_ClientLeaves_CancelsTheResponder()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        responder.Say("One. ");
        var response = await host.PostAsync(Json.Request("fake"));

        response.Dispose();

        await responder.Cancelled.WaitAsync(TestContext.Current.CancellationToken);
        var line = await host.WaitForTurnEndAsync();
        Assert.Equal("caller_left", line.GetStructuredStateValue("Outcome"));
    }

    [Fact]
    public async Task Post_ClientLeavesBeforeTheFirstPiece_CancelsTheResponder()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder);
        using var leave = new CancellationTokenSource();
        var request = new HttpRequestMessage(HttpMethod.Post, "/chat/completions") { Content = Json.Content(Json.Request("fake")) };
        var answer = host.Client.SendAsync(request, leave.Token);
        await responder.Asked;

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await responder.Cancelled.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("caller_left", (await host.WaitForTurnEndAsync()).GetStructuredStateValue("Outcome"));
    }

    [Fact]
    public async Task Post_Burst_IsWrittenInFewFlushes()
    {
        var flushes = new FlushCount();
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, middleware: flushes.Watch);
        for (var piece = 0; piece < 200; piece++)
        {
            responder.Say("word ");
        }

        responder.End();
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));

        Assert.Equal(203, (await stream.RestAsync()).Count);

        // About 30 kB in all: one flush for each 16 kB, and the last one.
        Assert.InRange(flushes.Count, 1, 4);
    }

    [Fact]
    public async Task Post_SlowResponder_FlushesEachPiece()
    {
        var flushes = new FlushCount();
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, middleware: flushes.Watch);
        responder.Say("0");
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake")));
        await stream.NextAsync();
        for (var piece = 1; piece <= 10; piece++)
        {
            // Each piece is asked for only when the one before has arrived here.
            Assert.Equal($"{piece - 1}", await stream.NextTextAsync());
            responder.Say($"{piece}");
        }

        responder.End();
        await stream.RestAsync();
        Assert.InRange(flushes.Count, 11, 13);
    }

    /// <summary>Counts how often the response body is flushed.</summary>
    private sealed class FlushCount
    {
        private int _count;

        public int Count => _count;

        public void Watch(WebApplication app) => app.Use((context, next) =>
        {
            var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
            context.Features.Set<IHttpResponseBodyFeature>(new CountingBody(body, () => Interlocked.Increment(ref _count)));
            return next(context);
        });
    }
}
