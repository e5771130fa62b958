using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Calls;

namespace Switchboard.Turns;

/// <summary>Adds <see cref="CallActionsChatClient"/> to a pipeline.</summary>
internal static class CallActionsChatClientBuilder
{
    /// <summary>Offers the configured call actions to the responder; does nothing without any.</summary>
    public static ChatClientBuilder UseCallActions(this ChatClientBuilder builder, IEnumerable<ActionOptions> actions)
    {
        CallAction[] ready = [.. actions.Select(CallActions.Create)];
        return ready.Length == 0 ? builder
            : builder.Use((inner, services) => new CallActionsChatClient(inner, ready, services.GetRequiredService<ILogger<CallActionsChatClient>>()));
    }
}
