using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Templates;

namespace Switchboard.Steps;

/// <summary>Puts the system prompt before the conversation.</summary>
internal sealed class PromptChatClient(IChatClient innerClient, PromptTemplate prompt) : StreamingStep(innerClient)
{
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        InnerClient.GetStreamingResponseAsync(WithPrompt(messages, prompt.Render(CallContext.From(options))), options, cancellationToken);

    // One system message, since many models take no second one. What the platform wrote at the head of the conversation goes behind ours, but
    // before what changes: models remember the beginning that requests share.
    private static List<ChatMessage> WithPrompt(IEnumerable<ChatMessage> messages, (string Lasting, string Changing) prompt)
    {
        List<ChatMessage> conversation = [.. messages];
        var text = prompt.Lasting + prompt.Changing;
        if (string.IsNullOrWhiteSpace(text))
        {
            return conversation;
        }

        var head = conversation.TakeWhile(message => message.Role == ChatRole.System || message.Role == WireRoles.Developer).ToList();
        string[] theirs = [.. head.Select(message => message.Text).Where(other => !string.IsNullOrWhiteSpace(other))];
        string[] all = theirs.Length == 0 ? [text] : [prompt.Lasting.TrimEnd(), .. theirs, prompt.Changing.TrimEnd()];
        conversation.RemoveRange(0, head.Count);
        conversation.Insert(0, new ChatMessage(ChatRole.System, string.Join("\n\n", all.Where(part => !string.IsNullOrWhiteSpace(part)))));
        return conversation;
    }
}
