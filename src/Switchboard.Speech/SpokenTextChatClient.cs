using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Speech;

/// <summary>Makes the answers of <paramref name="innerClient"/> speakable; what is not text passes through in its place.</summary>
internal sealed class SpokenTextChatClient(IChatClient innerClient, SpokenTextOptions options) : DelegatingChatClient(innerClient)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, chatOptions, cancellationToken);
        return new ChatResponse([.. response.Messages.Select(message => message.Role == ChatRole.Assistant ? Spoken(message) : message)])
        {
            AdditionalProperties = response.AdditionalProperties,
            ConversationId = response.ConversationId,
            CreatedAt = response.CreatedAt,
            FinishReason = response.FinishReason,
            ModelId = response.ModelId,
            RawRepresentation = response.RawRepresentation,
            ResponseId = response.ResponseId,
            Usage = response.Usage,
        };
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var filter = new SpokenContents(options);
        ChatResponseUpdate? last = null;
        await foreach (var update in base.GetStreamingResponseAsync(messages, chatOptions, cancellationToken))
        {
            if (last is not null && StartsAnother(last, update) && filter.Complete() is { Count: > 0 } rest)
            {
                yield return Rest(last, rest);
            }

            last = update;
            if (filter.Take(update) is { } spoken)
            {
                yield return spoken;
            }
        }

        if (filter.Complete() is { Count: > 0 } end)
        {
            yield return Rest(last!, end);
        }
    }

    private ChatMessage Spoken(ChatMessage message)
    {
        var filter = new SpokenContents(options);
        var contents = filter.Filter(message.Contents);
        var copy = message.Clone();
        copy.Contents = [.. contents, .. filter.Complete()];
        return copy;
    }

    private static bool StartsAnother(ChatResponseUpdate last, ChatResponseUpdate next) =>
        (next.MessageId is not null && last.MessageId is not null && next.MessageId != last.MessageId)
        || (next.Role is { } role && last.Role is { } before && role != before);

    private static ChatResponseUpdate Rest(ChatResponseUpdate last, IList<AIContent> contents) => new(last.Role, contents)
    {
        AuthorName = last.AuthorName,
        ConversationId = last.ConversationId,
        CreatedAt = last.CreatedAt,
        MessageId = last.MessageId,
        ModelId = last.ModelId,
        ResponseId = last.ResponseId,
    };
}
