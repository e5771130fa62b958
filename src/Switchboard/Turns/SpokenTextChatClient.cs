using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Switchboard.Turns;

/// <summary>Makes the answers of <paramref name="innerClient"/> speakable; what is not text passes through in its place.</summary>
internal sealed class SpokenTextChatClient(IChatClient innerClient, SpokenTextOptions options) : DelegatingChatClient(innerClient)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, chatOptions, cancellationToken);
        foreach (var message in response.Messages.Where(message => message.Role == ChatRole.Assistant))
        {
            var filter = new SpokenContents(options);
            var contents = filter.Filter(message.Contents);
            message.Contents = [.. contents, .. filter.Complete()];
        }

        return response;
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
            if (filter.Take(update))
            {
                yield return update;
            }
        }

        if (filter.Complete() is { Count: > 0 } end)
        {
            yield return Rest(last!, end);
        }
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
