using Microsoft.Extensions.AI;

namespace Switchboard.Common;

/// <summary>A chat client that only knows how to stream: the whole answer is its stream put together.</summary>
internal abstract class StreamingChatClient : IChatClient
{
    public abstract IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public virtual object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public virtual void Dispose()
    {
    }
}

/// <summary>A step that only knows how to stream: the whole answer is its stream put together.</summary>
internal abstract class StreamingStep(IChatClient innerClient) : DelegatingChatClient(innerClient)
{
    public abstract override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default);

    public sealed override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <summary>The same update with other contents: whoever made it may still hold it.</summary>
    protected static ChatResponseUpdate With(ChatResponseUpdate update, IList<AIContent> contents)
    {
        var copy = update.Clone();
        copy.Contents = contents;
        return copy;
    }
}
