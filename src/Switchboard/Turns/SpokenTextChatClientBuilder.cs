using Microsoft.Extensions.AI;

namespace Switchboard.Turns;

/// <summary>Adds <see cref="SpokenTextChatClient"/> to a pipeline.</summary>
internal static class SpokenTextChatClientBuilder
{
    /// <summary>Strips from the answers what must not be read aloud.</summary>
    public static ChatClientBuilder UseSpokenText(this ChatClientBuilder builder, SpokenTextOptions? options = null) =>
        builder.Use(inner => new SpokenTextChatClient(inner, options ?? new SpokenTextOptions()));
}
