using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Models;
using Switchboard.Vault;

namespace Switchboard.Tools;

/// <summary>The MCP servers of all models.</summary>
internal sealed class McpConnections
{
    private readonly Dictionary<ModelOptions, McpConnection[]> _byModel = [];

    public McpConnections(IOptions<SwitchboardOptions> options, IServiceProvider services)
    {
        foreach (var model in options.Value.Models)
        {
            _byModel[model] = [.. model.Tools.Mcp.Select(server => new McpConnection(
                server,
                model.Id,
                services.GetRequiredService<IHttpClientFactory>(),
                server.ApiKeySecret is { Length: > 0 } secret ? services.GetRequiredService<SecretSource>()(secret) : null,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<McpConnection>>()))];
        }
    }

    public IEnumerable<McpConnection> All => _byModel.Values.SelectMany(connections => connections);

    /// <summary>The servers of <paramref name="model"/>, in the order of the configuration.</summary>
    public IReadOnlyList<McpConnection> Of(ModelOptions model) => _byModel[model];
}
