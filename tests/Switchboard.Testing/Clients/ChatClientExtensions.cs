using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Testing;

/// <summary>Runs one step of a turn.</summary>
internal static class ChatClientExtensions
{
    public static async Task<List<ChatResponseUpdate>> StreamAsync(
        this IChatClient step, IEnumerable<ChatMessage>? messages = null, ChatOptions? options = null, CallContext? call = null)
    {
        var updates = new List<ChatResponseUpdate>();
        var cancellationToken = TestContext.Current.CancellationToken;
        await foreach (var update in step.GetStreamingResponseAsync(
            messages ?? [new ChatMessage(ChatRole.User, "Hello")], options ?? new TurnOptions(call ?? new CallContext()), cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    public static string Text(this IEnumerable<ChatResponseUpdate> updates) => string.Concat(updates.Select(update => update.Text));

    public static List<FunctionCallContent> Calls(this IEnumerable<ChatResponseUpdate> updates) =>
        [.. updates.SelectMany(update => update.Contents).OfType<FunctionCallContent>()];

    public static ChatFinishReason? FinishReason(this IEnumerable<ChatResponseUpdate> updates) => updates.Last(update => update.FinishReason is not null).FinishReason;
}
