using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Switchboard.Common;

namespace Switchboard.Responders;

/// <summary>The responder <c>simulated</c>: says the configured text, piece by piece, whatever is asked.</summary>
internal sealed class SimulatedChatClient(SimulatedOptions options, TimeProvider time) : StreamingChatClient
{
    public const string Name = "simulated";

    private readonly IReadOnlyList<string> _pieces = SpeechPieces.Split(options.Text);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var index = 0; index < _pieces.Count; index++)
        {
            if (index > 0 && options.Delay > TimeSpan.Zero)
            {
                await Task.Delay(options.Delay, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, _pieces[index]);
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [TokenEstimate.Of(messages, _pieces.Count)]) { FinishReason = ChatFinishReason.Stop };
    }
}
