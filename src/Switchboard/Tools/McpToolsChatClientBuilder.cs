using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Models;

namespace Switchboard.Tools;

/// <summary>Adds <see cref="McpToolsChatClient"/> to a pipeline.</summary>
internal static class McpToolsChatClientBuilder
{
    /// <summary>Runs the tools of the model's MCP servers; does nothing without any.</summary>
    public static ChatClientBuilder UseMcpTools(this ChatClientBuilder builder, ModelOptions model) =>
        model.Tools.Mcp.Count == 0 ? builder
        : builder.Use((inner, services) => new McpToolsChatClient(
            inner,
            services.GetRequiredService<McpConnections>().Of(model),
            model.Id,
            model.Tools.MaxRounds,
            services.GetRequiredService<ILogger<McpToolsChatClient>>()));
}
