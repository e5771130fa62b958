using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Steps;

/// <summary>
/// Repairs what platforms do to a conversation and models then refuse or repeat: messages without content, the same message twice
/// in a row, tool calls that nobody answered, such as the hang-up of a call that went on, and results that nobody asked for. A result that came without
/// any id tells what no call here tells: it stays, as marked text of the caller's side, as <see cref="RoleOrder"/> has it.
/// </summary>
internal static class HistoryRepair
{
    private const string Mark = "[Result of a tool]\n";

    public static List<ChatMessage> Repair(IReadOnlyList<ChatMessage> messages)
    {
        var repaired = new List<ChatMessage>(messages.Count);
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            if (message.Role == ChatRole.Tool)
            {
                AddFound(repaired, message);
                continue;
            }

            if (message.Contents.Any(content => content is FunctionCallContent))
            {
                AddCalls(repaired, message, [.. messages.Skip(index + 1).TakeWhile(next => next.Role == ChatRole.Tool || IsRule(next)).Where(next => next.Role == ChatRole.Tool)]);
            }
            else if (HasSubstance(message) ? !IsRepeated(repaired, message) : IsLastWord(messages, index))
            {
                if (message.Role == ChatRole.User && repaired is [.., { RawRepresentation: Found } found])
                {
                    repaired.RemoveAt(repaired.Count - 1);
                    message = RoleOrder.With(message, [.. found.Contents, .. message.Contents]);
                }

                repaired.Add(message);
            }
        }

        return repaired;
    }

    // With the words before it, or with those that follow: roles go on alternating.
    private static void AddFound(List<ChatMessage> repaired, ChatMessage message)
    {
        List<AIContent> found = [.. message.Contents.OfType<FunctionResultContent>()
            .Where(result => result is { CallId: CallsWithoutResult.NoCall, Result: string text } && !string.IsNullOrWhiteSpace(text))
            .Select(result => new TextContent(Mark + result.Result))];
        if (found.Count == 0)
        {
            return;
        }

        if (repaired is [.., { } last] && last.Role == ChatRole.User)
        {
            repaired[^1] = RoleOrder.With(last, [.. last.Contents, .. found]);
        }
        else
        {
            repaired.Add(new ChatMessage(ChatRole.User, found) { RawRepresentation = new Found() });
        }
    }

    private static void AddCalls(List<ChatMessage> repaired, ChatMessage message, ChatMessage[] results)
    {
        var open = message.Contents.OfType<FunctionCallContent>().Select(call => call.CallId).ToHashSet(StringComparer.Ordinal);
        var answered = new HashSet<string>(StringComparer.Ordinal);
        var answers = new List<ChatMessage>(results.Length);
        foreach (var result in results)
        {
            var wanted = result.Contents.Where(content => content is FunctionResultContent { CallId: var id } && open.Contains(id) && answered.Add(id)).ToList();
            if (wanted.Count > 0)
            {
                answers.Add(With(result, wanted));
            }
        }

        var asked = With(message, [.. message.Contents.Where(content => content is not FunctionCallContent { CallId: var id } || answered.Contains(id))]);
        if (HasSubstance(asked))
        {
            repaired.Add(asked);
            repaired.AddRange(answers);
        }
    }

    private static ChatMessage With(ChatMessage message, List<AIContent> contents)
    {
        if (contents.Count == message.Contents.Count)
        {
            return message;
        }

        var copy = message.Clone();
        copy.Contents = contents;
        return copy;
    }

    private static bool HasSubstance(ChatMessage message) => message.Contents.Any(content => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        TextReasoningContent => false,
        _ => true,
    });

    // What a platform tells the model while tools run stands between a call and its result, where models take no other message: it goes behind.
    private static bool IsRule(ChatMessage message) => message.Role == ChatRole.System || message.Role == WireRoles.Developer;

    // A caller who said nothing is answered too: some platforms ask for the greeting in this way.
    private static bool IsLastWord(IReadOnlyList<ChatMessage> messages, int index) => index == messages.Count - 1 && messages[index].Role == ChatRole.User;

    private static bool IsRepeated(List<ChatMessage> repaired, ChatMessage message) =>
        repaired is [.., var last] && last.Role == message.Role && IsText(last) && IsText(message) && last.Text == message.Text;

    private static bool IsText(ChatMessage message) => message.Contents.All(content => content is TextContent);

    /// <summary>Marks a message that is nothing but what a tool found.</summary>
    private sealed class Found;
}
