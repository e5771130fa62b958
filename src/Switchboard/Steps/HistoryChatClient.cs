using System.ComponentModel.DataAnnotations;
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

/// <summary>How much of the conversation a model gets to see: <c>Models:n:History</c>. System messages always stay, and so does what the caller said last.</summary>
public sealed class HistoryOptions
{
    /// <summary>The most messages, without system messages. Default 20, which is what IMS sends at most.</summary>
    [Range(1, 10_000)]
    public int MaxMessages { get; set; } = 20;

    /// <summary>
    /// The most tokens, with system messages, counted as OpenAI's <c>o200k_base</c> counts text; an image or a recording counts as 765.
    /// Default none.
    /// </summary>
    [Range(1, 10_000_000)]
    public int? MaxTokens { get; set; }
}
