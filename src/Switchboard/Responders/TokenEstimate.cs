using Microsoft.Extensions.AI;

namespace Switchboard.Responders;

/// <summary>Usage for responders that have no tokenizer: a token is a word, or a character of a script without spaces.</summary>
internal static class TokenEstimate
{
    public static UsageContent Of(IEnumerable<ChatMessage> messages, int outputTokens)
    {
        long inputTokens = messages.Sum(message => SpeechPieces.Count(message.Text));
        return new UsageContent(new UsageDetails
        {
            InputTokenCount = inputTokens,
            OutputTokenCount = outputTokens,
            TotalTokenCount = inputTokens + outputTokens,
        });
    }
}
