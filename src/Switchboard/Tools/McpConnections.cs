using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Vault;

namespace Switchboard.Tools;

/// <summary>Makes the connections to the MCP servers of the models. What was made is joined when the app starts.</summary>
internal sealed class McpConnections(IHttpClientFactory http, TimeProvider time, ILogger<McpConnection> logger, SecretSource? secrets = null)
{
    private readonly ConcurrentQueue<McpConnection> _made = [];

    /// <summary>All connections that were made so far.</summary>
    public IReadOnlyCollection<McpConnection> Made => _made;

    /// <summary>One connection for each server, in the order of the configuration.</summary>
    public IReadOnlyList<McpConnection> Create(string modelId, ToolsOptions tools)
    {
        McpConnection[] connections = [.. tools.Mcp.Select(server => new McpConnection(
            server, modelId, http, SecretBearer.Of(server.ApiKey, server.ApiKeySecret, secrets), time, logger))];
        foreach (var connection in connections)
        {
            _made.Enqueue(connection);
        }

        return connections;
    }
}

/// <summary>Joins the MCP servers when the app starts, beside everything else: neither a slow nor a dead one holds up the start.</summary>
internal sealed class McpJoin(McpConnections connections) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(connections.Made.Select(connection => connection.RunAsync(stoppingToken)));
}
