using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Steps;

/// <summary>Says a phrase when nothing was heard for a while; the answer follows with a space between. Once speech has begun it stays out of the way.</summary>
internal sealed class FillerChatClient(IChatClient inner, TimeSpan after, FillerPhrases phrases, TimeProvider time) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = new MovingUpdates(InnerClient, messages, options, cancellationToken);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = Task.Delay(after, time, waiting.Token);
        try
        {
            var isFilled = false;
            var isHeard = false;
            while (true)
            {
                if (!isFilled && !isHeard && await Task.WhenAny(updates.Next(), wait) == wait && !cancellationToken.IsCancellationRequested)
                {
                    isFilled = true;
                    yield return Speakable.Text(phrases.Next(CallContext.From(options)));
                }

                if (!await updates.MoveNextAsync())
                {
                    yield break;
                }

                if (!isHeard && Speakable.IsDecisive(updates.Current))
                {
                    isHeard = true;
                    await waiting.CancelAsync();
                    if (isFilled && Speakable.IsHeard(updates.Current))
                    {
                        yield return Speakable.Text(" ");
                    }
                }

                yield return updates.Current;
            }
        }
        finally
        {
            // Disposing of the source alone would leave the delay's timer running for a caller who has left.
            await waiting.CancelAsync();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            phrases.Dispose();
        }

        base.Dispose(disposing);
    }
}
