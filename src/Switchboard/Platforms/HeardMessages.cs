using Microsoft.Extensions.AI;

namespace Switchboard.Platforms;

/// <summary>Prepares a conversation for prompts and logs: no mark of the platform in what others said, notes where answers were cut off.</summary>
internal static class HeardMessages
{
    public static IEnumerable<ChatMessage> Prepare(IEnumerable<ChatMessage> messages)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        List<ChatMessage>? prepared = null;
        for (var index = 0; index < all.Count; index++)
        {
            if (Contents(all[index]) is { } contents)
            {
                prepared ??= [.. all];
                prepared[index] = all[index].Clone();
                prepared[index].Contents = contents;
            }
        }

        return prepared ?? all;
    }

    // What a tool found may quote the caller, or somebody worse.
    private static List<AIContent>? Contents(ChatMessage message) =>
        message.Role == ChatRole.User || message.Role == ChatRole.Tool ? Rewrite(message.Contents, ImsMarks.Neutralise)
        : message.Role == ChatRole.Assistant ? Rewrite(message.Contents, ImsMarks.NoteInterruptions)
        : null;

    private static List<AIContent>? Rewrite(IList<AIContent> contents, Func<string, string> rewrite)
    {
        List<AIContent>? rewritten = null;
        for (var index = 0; index < contents.Count; index++)
        {
            var changed = contents[index] switch
            {
                TextContent text when rewrite(text.Text) is var clean && clean != text.Text => new TextContent(clean),
                FunctionResultContent { Result: string found } result when rewrite(found) is var clean && clean != found =>
                    new FunctionResultContent(result.CallId, clean),
                _ => (AIContent?)null,
            };
            if (changed is not null)
            {
                rewritten ??= [.. contents];
                rewritten[index] = changed;
            }
        }

        return Joined(rewritten ?? contents, rewrite) ?? rewritten;
    }

    // A mark may be cut in two by the parts of a message, which are put together again further on.
    private static List<AIContent>? Joined(IList<AIContent> contents, Func<string, string> rewrite)
    {
        if (contents.OfType<TextContent>().Skip(1).Any())
        {
            var whole = string.Concat(contents.OfType<TextContent>().Select(part => part.Text));
            if (rewrite(whole) is var clean && clean != whole)
            {
                return [new TextContent(clean), .. contents.Where(part => part is not TextContent)];
            }
        }

        return null;
    }
}
