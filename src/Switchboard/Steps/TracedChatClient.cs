using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Switchboard.Common;

namespace Switchboard.Steps;

/// <summary>
/// Traces and measures a responder while somebody listens to the source <see cref="SwitchboardSource.GenAI"/>. Nobody does where nothing is
/// exported, and then a stream must not pay for it: the tracing step keeps every update to sum the answer up at its end.
/// </summary>
internal sealed class TracedChatClient(IChatClient responder, bool withContent) : DelegatingChatClient(Traced(responder, withContent))
{
    // Sources of one name have the same listeners.
    private static readonly ActivitySource Source = new(SwitchboardSource.GenAI);

    private readonly IChatClient _responder = responder;

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        (Source.HasListeners() ? InnerClient : _responder).GetStreamingResponseAsync(messages, options, cancellationToken);

    // Without a logger: it would log the messages of exceptions, which may quote what was said.
    private static IChatClient Traced(IChatClient responder, bool withContent) => responder.AsBuilder()
        .UseOpenTelemetry(NullLoggerFactory.Instance, SwitchboardSource.GenAI, traced => traced.EnableSensitiveData = withContent)
        .Use(answering => new ShortNames(answering))
        .Build();

    /// <summary>Ids and names that the answering side chose, fit for a tag: they become <c>gen_ai.response.*</c>.</summary>
    private sealed class ShortNames(IChatClient responder) : DelegatingChatClient(responder)
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return Cleaned(update);
            }
        }

        private static ChatResponseUpdate Cleaned(ChatResponseUpdate update)
        {
            var model = LogText.Clean(update.ModelId);
            var id = LogText.Clean(update.ResponseId);
            var reason = LogText.Clean(update.FinishReason?.Value);
            if (model == update.ModelId && id == update.ResponseId && reason == update.FinishReason?.Value)
            {
                return update;
            }

            var cleaned = update.Clone();
            (cleaned.ModelId, cleaned.ResponseId) = (model, id);
            cleaned.FinishReason = string.IsNullOrEmpty(reason) ? null : new ChatFinishReason(reason);
            return cleaned;
        }
    }
}
