using Microsoft.Extensions.AI;

namespace Switchboard.Testing;

/// <summary>A responder made of one function.</summary>
internal sealed class LambdaChatClient(Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> answer) : FakeChatClient
{
    /// <summary>Answers with the given updates.</summary>
    public LambdaChatClient(params ChatResponseUpdate[] updates)
        : this(_ => updates.ToAsyncEnumerable())
    {
    }

    public static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    public static ChatResponseUpdate Reasoning(string text) => new(ChatRole.Assistant, [new TextReasoningContent(text)]);

    public static ChatResponseUpdate Call(string name, IDictionary<string, object?>? arguments = null) =>
        new(ChatRole.Assistant, [new FunctionCallContent("call_1", name, arguments)]);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => answer(cancellationToken);
}
