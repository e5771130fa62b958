using Microsoft.Extensions.AI;

namespace Switchboard.Testing;

/// <summary>A responder made of one function.</summary>
internal sealed class LambdaChatClient(Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> answer) : IChatClient
{
    public static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    public static ChatResponseUpdate Reasoning(string text) => new(ChatRole.Assistant, [new TextReasoningContent(text)]);

    public static ChatResponseUpdate Call(string name, IDictionary<string, object?>? arguments = null) =>
        new(ChatRole.Assistant, [new FunctionCallContent("call_1", name, arguments)]);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => answer(cancellationToken);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Only streaming is used.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
