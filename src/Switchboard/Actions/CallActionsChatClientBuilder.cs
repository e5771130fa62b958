using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Models;
using Switchboard.Responders;

namespace Switchboard.Actions;

/// <summary>Adds <see cref="CallActionsChatClient"/> to a pipeline.</summary>
internal static class CallActionsChatClientBuilder
{
    /// <summary>Offers the model's call actions to the responder, and lets no other transfer out than those of the settings: also where there are no actions.</summary>
    public static ChatClientBuilder UseCallActions(this ChatClientBuilder builder, ModelOptions model)
    {
        CallAction[] ready = [.. model.Actions.Select(CallActions.Create)];
        var areToolsRunBelow = model.Tools.Mcp.Count > 0;
        string[]? replies = model.Responder == ScriptedChatClient.Name ? [.. model.Script.Select(rule => rule.Say ?? "")] : null;
        return builder.Use((inner, services) => new CallActionsChatClient(
            inner, ready, areToolsRunBelow, services.GetRequiredService<ILogger<CallActionsChatClient>>(), replies));
    }
}
