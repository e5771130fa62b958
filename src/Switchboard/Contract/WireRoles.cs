using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>The roles of the chat-completions format that <see cref="ChatRole"/> has no member for.</summary>
internal static class WireRoles
{
    public static ChatRole Developer { get; } = new("developer");
}
