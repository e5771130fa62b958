using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Steps;

/// <summary>
/// Says the apology in the place of any failure, before or after the first word; that nothing at all was said or done is one too.
/// Without an apology a failure goes on to the client, but for an answer that fell silent, or that the stop of the app ended: then what was said is the answer.
/// </summary>
internal sealed class ApologyChatClient(IChatClient inner, string? apology) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var notes = TurnNotes.Of(options);
        var callerGone = (options as TurnOptions)?.CallerGone ?? cancellationToken;
        var stopped = (options as TurnOptions)?.Stopped ?? CancellationToken.None;
        var endsOpen = false;
        var isAnswered = false;
        await using var updates = InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    if (isAnswered || notes.MayBeSilent)
                    {
                        yield break;
                    }

                    throw new ResponderException(ResponderFailure.Empty, notes.Route);
                }

                EnsureWritable(updates.Current);
            }
            catch (Exception failure) when (!callerGone.IsCancellationRequested && (MayEndHere(failure) || (isAnswered && stopped.IsCancellationRequested)))
            {
                notes.Failure = failure;
                break;
            }

            endsOpen = Speakable.EndsOpen(updates.Current) ?? endsOpen;
            // That it was filtered is an answer, though there is nothing in it.
            isAnswered = isAnswered || Speakable.IsDecisive(updates.Current) || updates.Current.FinishReason == ChatFinishReason.ContentFilter;
            yield return updates.Current;
        }

        if (apology is { Length: > 0 })
        {
            notes.HasApologised = true;
            yield return Speakable.StandIn(endsOpen ? $" {apology}" : apology);
        }

        yield return Speakable.Stop();
    }

    // A responder of one's own may put anything into a call. That it cannot be written is found out here, while something can be said instead.
    private static void EnsureWritable(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var position = 0; position < contents.Count; position++)
        {
            if (contents[position] is FunctionCallContent call)
            {
                _ = ToolCallJson.Arguments(call);
            }
        }
    }

    private bool MayEndHere(Exception failure) => apology is { Length: > 0 } || failure is ResponderException { FellSilent: true };
}
