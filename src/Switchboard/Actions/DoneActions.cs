using Microsoft.Extensions.AI;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>
/// The call actions that the platform has done since the caller spoke last: it runs its tool, and asks again with what came of it. To do them once more would help nobody.
/// </summary>
internal static class DoneActions
{
    /// <summary>What was done, by the names of the actions, and whether the caller has heard something with it; null for nothing.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="actionOf">The action that a tool of this name is; null for none.</param>
    public static (IReadOnlySet<CallAction> Actions, bool HasSpoken)? Find(IReadOnlyList<ChatMessage> messages, Func<string, CallAction?> actionOf)
    {
        if (messages.Count == 0 || messages[^1].Role == ChatRole.User)
        {
            return null;
        }

        var since = messages.Reverse().TakeWhile(message => message.Role != ChatRole.User).SelectMany(message => message.Contents, (message, content) => (message.Role, Content: content)).ToList();
        var results = since.Select(each => each.Content).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
        if (results.Count == 0)
        {
            return null;
        }

        var calls = since.Select(each => each.Content).OfType<FunctionCallContent>().Where(call => results.Contains(call.CallId) && actionOf(call.Name) is not null).ToList();
        var done = calls.Select(call => actionOf(call.Name)!).ToHashSet();
        return done.Count == 0 ? null
            : (done, since.Any(each => each.Role == ChatRole.Assistant && each.Content is TextContent text && ImsMarks.IsHeard(text.Text))
                || calls.Exists(call => call.Arguments?.Any(argument => NameWords.RoleOf(argument.Key) is PropertyRole.Line && ImsMarks.IsHeard(argument.Value?.ToString() ?? "")) is true));
    }
}
