using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Tests.Platforms;

/// <summary>Turns of one call, on every platform: what each says, or the settings find, is enough to know that a newer turn ends an older one.</summary>
public sealed class PlatformTurnTests
{
    public static TheoryData<int> All => DialectTests.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Post_NewerTurn_EndsTheOlderOneOfItsCall(int index)
    {
        var request = PlatformRequests.All[index];
        if (DialectTests.Expected(request).InstanceId is null)
        {
            request = request with { Path = "/v1/chat/completions?call=c-9" };
        }

        var responder = new FirstIsSilent();
        await using var host = await PlatformCallTests.StartAsync(responder, ("Calls:Id", "query:call"));
        var older = request.SendAsync(host);
        await responder.Asked.WaitAsync(TestContext.Current.CancellationToken);

        // The same words of another call end nothing.
        await PlatformCallTests.AskAsync(host, PlatformRequests.Deepgram with { Path = "/v1/chat/completions?call=other" });
        Assert.False(older.IsCompleted);

        Assert.Contains(await PlatformCallTests.AskAsync(host, request.Next("Until ten.", "And dinner?")), data => data.Contains("From six.", StringComparison.Ordinal));
        using var ended = await older;
        Assert.DoesNotContain("From six.", await ended.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Says nothing to the first turn until that is over, and answers the others.</summary>
    private sealed class FirstIsSilent : FakeChatClient
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            if (_asked.TrySetResult())
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            yield return new ChatResponseUpdate(ChatRole.Assistant, "From six.");
        }
    }
}
