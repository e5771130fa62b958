using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Contract;

/// <summary>A model that declines is heard: silence would be the failure.</summary>
public sealed class RefusalTests
{
    private const string Refusal = "I can't help with that.";

    private static readonly string[] Streamed = ["I can't help ", "with that."];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_UpstreamRefuses_TheRefusalIsHeard(bool stream)
    {
        var deltas = string.Concat(Streamed.Select(piece => Sse.Delta($$"""{"refusal":{{Sse.Quote(piece)}}}""")));
        await using var first = FaultyUpstream.Start(Failures.Stream(Sse.Role + deltas + Sse.Finish() + Sse.Done));
        await using var second = FaultyUpstream.Start();
        await using var rig = await TurnRig.StartAsync([first, second], ("Apology", TurnRig.Apology));

        (await rig.AskAsync(stream)).AssertSays(Refusal);

        Assert.Equal(0, TurnRig.Asked(second));
        Assert.Equal("completed", (await rig.Host.WaitForTurnEndAsync("voice")).GetStructuredStateValue("Outcome"));
    }

    [Fact]
    public void WithRefusalHeard_UpdateOfTheRespondersCache_StaysAsItIs()
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, [Refusals.Content(Refusal)]);

        Assert.Equal(Refusal, Speakable.WithRefusalHeard(update).Text);
        Assert.IsType<ErrorContent>(Assert.Single(update.Contents));
    }

    [Fact]
    public async Task Post_UpstreamRefusesInOnePiece_TheRefusalIsHeard()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(
            $$"""{"choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"{{Refusal}}"},"finish_reason":"stop"}]}""", "application/json"));
        await using var rig = await TurnRig.StartAsync([upstream]);

        (await rig.AskAsync()).AssertSays(Refusal);
    }

    [Fact]
    public async Task Post_UpstreamSpeaksAndRefuses_OnlyTheAnswerIsHeard()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(
            Sse.Role + Sse.Text("Well.") + Sse.Delta($$"""{"refusal":"{{Refusal}}"}""") + Sse.Finish() + Sse.Done));
        await using var rig = await TurnRig.StartAsync([upstream]);

        (await rig.AskAsync()).AssertSays("Well.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ResponderRefusesPieceByPiece_AllOfItIsHeard(bool stream)
    {
        await using var rig = await TurnRig.StartAsync(new LambdaChatClient(RefuseAsync));

        (await rig.AskAsync(stream)).AssertSays(Refusal);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> RefuseAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var piece in Streamed)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent(piece) { ErrorCode = "Refusal" }]);
        }
    }
}
