using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Responders;

namespace Switchboard.Tests.Responders;

public sealed class SimulatedChatClientTests
{
    [Fact]
    public async Task GetStreamingResponse_WithDelay_SpeaksAPieceEachDelay()
    {
        var time = new FakeTimeProvider();
        var client = new SimulatedChatClient(new SimulatedOptions { Text = "One two", Delay = TimeSpan.FromMilliseconds(100) }, time);
        await using var updates = client.GetStreamingResponseAsync([], cancellationToken: TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("One ", updates.Current.Text);
        var second = updates.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await second);
        Assert.Equal("two", updates.Current.Text);
    }

    [Fact]
    public async Task GetStreamingResponse_Cancelled_Stops()
    {
        using var leave = new CancellationTokenSource();
        var client = new SimulatedChatClient(new SimulatedOptions { Text = "One two", Delay = TimeSpan.FromSeconds(1) }, new FakeTimeProvider());
        await using var updates = client.GetStreamingResponseAsync([], cancellationToken: leave.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await updates.MoveNextAsync();
        var second = updates.MoveNextAsync().AsTask();

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("One", new[] { "One" })]
    [InlineData("One  two.\nThree ", new[] { "One  ", "two.\n", "Three " })]
    [InlineData("你好，world！再见", new[] { "你", "好", "，", "world！", "再", "见" })]
    [InlineData("é👨‍👩‍👧 x", new[] { "é👨‍👩‍👧 ", "x" })]
    public void Split_AnyText_CutsAtWordsAndKeepsEveryCharacter(string text, string[] pieces)
    {
        Assert.Equal(pieces, SpeechPieces.Split(text));
        Assert.Equal(text, string.Concat(SpeechPieces.Split(text)));
        Assert.Equal(pieces.Length, SpeechPieces.Count(text));
    }

    [Fact]
    public void TokenEstimate_LongConversation_IsCountedWithoutCopyingIt()
    {
        ChatMessage[] messages = [.. Enumerable.Repeat(new ChatMessage(ChatRole.User, string.Concat(Enumerable.Repeat("word ", 1_000))), 100)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var usage = TokenEstimate.Of(messages, 5);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(100_005, usage.Details.TotalTokenCount);
    }
}
