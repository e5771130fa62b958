using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Steps;

/// <summary>Cuts a conversation to what a model may see: the oldest messages go first, a tool call and its results only together.</summary>
internal sealed class HistoryWindow(HistoryOptions options)
{
    public List<ChatMessage> Fit(IReadOnlyList<ChatMessage> messages)
    {
        var kept = new bool[messages.Count];
        var count = 0;
        var tokens = 0;
        for (var index = 0; index < messages.Count; index++)
        {
            kept[index] = IsSystem(messages[index]);
            tokens += kept[index] ? Tokens(messages[index]) : 0;
        }

        var turnStart = TurnStart(messages);
        for (var end = messages.Count; end > 0;)
        {
            var start = GroupStart(messages, end - 1);
            var group = Enumerable.Range(start, end - start).Where(index => !kept[index]).ToList();
            count += group.Count;
            tokens += group.Sum(index => Tokens(messages[index]));
            if (start < turnStart && group.Count > 0 && (count > options.MaxMessages || tokens > options.MaxTokens))
            {
                break;
            }

            group.ForEach(index => kept[index] = true);
            end = start;
        }

        return [.. messages.Where((_, index) => kept[index])];
    }

    private int Tokens(ChatMessage message) => options.MaxTokens is null ? 0 : TokenCount.Of(message);

    private static bool IsSystem(ChatMessage message) => message.Role == ChatRole.System || message.Role == WireRoles.Developer;

    // What the caller said last is what is to be answered: it stays, with all that follows it.
    private static int TurnStart(IReadOnlyList<ChatMessage> messages)
    {
        for (var index = messages.Count - 1; index >= 0; index--)
        {
            if (messages[index].Role == ChatRole.User)
            {
                return index;
            }
        }

        return GroupStart(messages, messages.Count - 1);
    }

    private static int GroupStart(IReadOnlyList<ChatMessage> messages, int index)
    {
        while (index > 0 && messages[index].Role == ChatRole.Tool)
        {
            index--;
        }

        return index;
    }
}
