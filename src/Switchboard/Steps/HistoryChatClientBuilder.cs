using Microsoft.Extensions.AI;

namespace Switchboard.Steps;

/// <summary>Adds <see cref="HistoryChatClient"/> to a pipeline.</summary>
internal static class HistoryChatClientBuilder
{
    /// <summary>Repairs the conversation and cuts it to length.</summary>
    public static ChatClientBuilder UseHistory(this ChatClientBuilder builder, HistoryOptions history)
    {
        if (history.MaxTokens is not null)
        {
            _ = TokenCount.WarmAsync();
        }

        return builder.Use(inner => new HistoryChatClient(inner, history));
    }
}
