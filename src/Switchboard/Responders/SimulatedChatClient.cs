using System.ComponentModel.DataAnnotations;
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

/// <summary>What the responder <c>simulated</c> says: <c>Models:n:Simulated</c>.</summary>
public sealed class SimulatedOptions
{
    /// <summary>The text of every answer.</summary>
    [Required]
    [Spoken]
    public string Text { get; set; } =
        "This is a simulated AI assistant streaming response. In actual applications, a real AI model should be called here.";

    /// <summary>The time between two pieces, such as <c>00:00:00.050</c>. Default 0.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Delay { get; set; }
}
