using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Responders;

internal sealed class QueueChatClient : IChatClient
{
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var said = messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        if (said.Contains("bye", StringComparison.OrdinalIgnoreCase))
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "Goodbye.");
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("call_1", "hangup")]);
            yield break;
        }

        var call = CallContext.From(options);
        yield return new ChatResponseUpdate(ChatRole.Assistant, $"You call from {call.CallerNumber}. ");
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        yield return new ChatResponseUpdate(ChatRole.Assistant, "Somebody will be with you soon.");
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
