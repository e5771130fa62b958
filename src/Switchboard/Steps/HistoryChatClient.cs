using Microsoft.Extensions.AI;
using Switchboard.Common;

namespace Switchboard.Steps;

/// <summary>Gives the responder a conversation that is sound and not too long.</summary>
internal sealed class HistoryChatClient(IChatClient innerClient, HistoryOptions history) : StreamingStep(innerClient)
{
    private readonly HistoryWindow _window = new(history);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        InnerClient.GetStreamingResponseAsync(_window.Fit(HistoryRepair.Repair(messages as IReadOnlyList<ChatMessage> ?? [.. messages])), options, cancellationToken);
}
