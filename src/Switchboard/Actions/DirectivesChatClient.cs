using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>
/// The marks of the IMS workflow, in both directions: those in what the caller said are made harmless, those that the configuration
/// wants lead the answer, and those that the responder writes pass untouched. A platform that would read them aloud gets none: those that the
/// responder writes at the head of an answer are taken out.
/// </summary>
internal sealed class DirectivesChatClient(IChatClient innerClient, DirectivesOptions directives) : StreamingStep(innerClient)
{
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = InnerClient.GetStreamingResponseAsync(HeardMessages.Prepare(messages), options, cancellationToken);
        var isObeyed = Dialects.Of(CallContext.From(options)).Control.ReadsDirectives;
        return isObeyed && directives is { NoInterrupting: false, Emotion: null } ? answer : LeadAsync(answer, isObeyed, cancellationToken);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> LeadAsync(
        IAsyncEnumerable<ChatResponseUpdate> answer, bool isObeyed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var leading = new LeadingDirectives(directives, isObeyed);
        await foreach (var update in answer.WithCancellation(cancellationToken))
        {
            var contents = leading.Take(update.Contents);
            yield return ReferenceEquals(contents, update.Contents) ? update : With(update, contents);
        }

        if (leading.Complete() is { } rest)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [rest]);
        }
    }
}

/// <summary>Directives of the IMS workflow that lead every answer: <c>Models:n:Directives</c>. Platforms that are known to be others get none.</summary>
public sealed class DirectivesOptions
{
    /// <summary>Whether callers can't interrupt: <c>&lt;No Interrupting&gt;</c>. Default false.</summary>
    public bool NoInterrupting { get; set; }

    /// <summary>How the answer is spoken: <c>{{emotion=…}}</c>. Default none.</summary>
    public Emotion? Emotion { get; set; }
}

/// <summary>How an answer is spoken.</summary>
public enum Emotion
{
    Neutral,
    Happy,
    Sad,
}
