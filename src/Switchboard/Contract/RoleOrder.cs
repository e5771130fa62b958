using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>
/// Brings a conversation into the order of roles that an upstream takes which has one system message, the first of all. Those at the head
/// become one. One that stands later would lose its sense at the head, and there it would make the whole prompt anew for caches; it stays
/// where it is, as marked text of the caller's side: with the caller's next or last words, else behind the result of a tool, else as a message.
/// Nothing is lost, all stands in the order in which it came, and roles go on alternating.
/// </summary>
internal static class RoleOrder
{
    private const string Mark = "[System message]\n";

    public static IEnumerable<ChatMessage> SystemAtHead(IEnumerable<ChatMessage> messages)
    {
        var ordered = new List<ChatMessage>();
        var head = new List<ChatMessage>();
        ChatMessage? waiting = null;
        foreach (var message in messages)
        {
            if (!IsSystem(message))
            {
                ordered.Add(waiting is null ? message : Join(ordered, waiting, message));
                waiting = null;
            }
            else if (ordered.Count == 0)
            {
                head.Add(message);
            }
            else
            {
                waiting = waiting is null ? Marked(message) : With(waiting, [.. waiting.Contents, .. Marked(message).Contents]);
            }
        }

        if (waiting is not null)
        {
            AddLast(ordered, waiting);
        }

        if (head.Count > 0)
        {
            ordered.Insert(0, head.Count == 1 ? head[0] : new ChatMessage(ChatRole.System, Joined([.. head.SelectMany(message => message.Contents)])));
        }

        return ordered;
    }

    private static bool IsSystem(ChatMessage message) => message.Role == ChatRole.System || message.Role == WireRoles.Developer;

    private static ChatMessage Marked(ChatMessage message) => new(ChatRole.User, [new TextContent(Mark + message.Text)]);

    // What the caller says next takes it; before anything else it goes to what was there.
    private static ChatMessage Join(List<ChatMessage> ordered, ChatMessage waiting, ChatMessage next)
    {
        if (next.Role == ChatRole.User)
        {
            return With(next, [.. waiting.Contents, .. next.Contents]);
        }

        AddLast(ordered, waiting);
        return next;
    }

    private static void AddLast(List<ChatMessage> ordered, ChatMessage waiting)
    {
        var last = ordered[^1];
        if (last.Role == ChatRole.User)
        {
            ordered[^1] = With(last, [.. last.Contents, .. waiting.Contents]);
        }
        else if (last.Role == ChatRole.Tool && last.Contents.LastOrDefault() is FunctionResultContent { Result: string or null } result)
        {
            // Mistral refuses words of the caller behind a tool's result.
            ordered[^1] = new ChatMessage(ChatRole.Tool, [.. last.Contents.SkipLast(1), new FunctionResultContent(result.CallId, $"{result.Result}\n\n{waiting.Text}")]);
        }
        else
        {
            ordered.Add(With(waiting, waiting.Contents));
        }
    }

    /// <summary>The same message with other contents, in one text where they are all text.</summary>
    public static ChatMessage With(ChatMessage message, IList<AIContent> contents)
    {
        var copy = message.Clone();
        copy.Contents = Joined(contents);
        return copy;
    }

    // One text where it is all text: not every server takes parts.
    private static IList<AIContent> Joined(IList<AIContent> contents) => contents.All(content => content is TextContent)
        ? [new TextContent(string.Join("\n\n", contents.Select(content => ((TextContent)content).Text).Where(text => text.Length > 0)))]
        : contents;
}
