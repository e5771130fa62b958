using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Tools;

/// <summary>Makes the connections to the MCP servers of the models. What was made is joined when the app starts, and what is made later at once.</summary>
internal sealed class McpConnections(IHttpClientFactory http, TimeProvider time, ILogger<McpConnection> logger, SecretSource? secrets = null, SecretEnd? ended = null)
{
    /// <summary>All connections that models use.</summary>
    public RunningSet<McpConnection> Made { get; } = new();

    /// <summary>The connection to a server of a model.</summary>
    public McpConnection Create(string modelId, McpServerOptions server)
    {
        var connection = new McpConnection(server, modelId, http, SecretBearer.Of(server.ApiKey, server.ApiKeySecret, secrets), time, logger);
        Made.Add(connection);
        return connection;
    }

    /// <summary>No model uses this connection any more: it is left.</summary>
    public void Remove(McpConnection connection)
    {
        Made.Remove(connection);
        SecretBearer.End(connection.Options.ApiKeySecret, ended);
    }
}

/// <summary>Joins the MCP servers when the app starts, beside everything else: neither a slow nor a dead one holds up the start.</summary>
internal sealed class McpJoin(McpConnections connections) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        connections.Made.RunAsync((connection, ended) => connection.RunAsync(ended), stoppingToken);
}
