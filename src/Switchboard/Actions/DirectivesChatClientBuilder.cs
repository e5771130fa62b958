using Microsoft.Extensions.AI;

namespace Switchboard.Actions;

/// <summary>Adds <see cref="DirectivesChatClient"/> to a pipeline.</summary>
internal static class DirectivesChatClientBuilder
{
    /// <summary>Makes the platform's marks harmless in what was heard, and leads the answers with the configured ones.</summary>
    public static ChatClientBuilder UseDirectives(this ChatClientBuilder builder, DirectivesOptions directives) =>
        builder.Use(inner => new DirectivesChatClient(inner, directives));
}
