using Microsoft.Extensions.AI;
using Switchboard.Common;

namespace Switchboard.Testing;

/// <summary>Answers with the given updates.</summary>
internal sealed class ListChatClient(IEnumerable<ChatResponseUpdate> updates) : StreamingChatClient
{
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => updates.ToAsyncEnumerable();
}
