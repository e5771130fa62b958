using Microsoft.Extensions.Hosting;

namespace Switchboard.Tools;

/// <summary>Joins the MCP servers when the app starts, beside everything else: neither a slow nor a dead one holds up the start.</summary>
internal sealed class McpJoin(McpConnections connections) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(connections.Made.Select(connection => connection.RunAsync(stoppingToken)));
}
