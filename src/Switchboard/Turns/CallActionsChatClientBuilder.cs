using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Calls;
using Switchboard.Models;

namespace Switchboard.Turns;

/// <summary>Adds <see cref="CallActionsChatClient"/> to a pipeline.</summary>
internal static class CallActionsChatClientBuilder
{
    /// <summary>Offers the model's call actions to the responder; does nothing without any.</summary>
    public static ChatClientBuilder UseCallActions(this ChatClientBuilder builder, ModelOptions model)
    {
        CallAction[] ready = [.. model.Actions.Select(CallActions.Create)];
        var areToolsRunBelow = model.Tools.Mcp.Count > 0;
        return ready.Length == 0 ? builder
            : builder.Use((inner, services) => new CallActionsChatClient(inner, ready, areToolsRunBelow, services.GetRequiredService<ILogger<CallActionsChatClient>>()));
    }
}
