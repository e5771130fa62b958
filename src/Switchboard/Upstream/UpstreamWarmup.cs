using Microsoft.Extensions.Hosting;

namespace Switchboard.Upstream;

/// <summary>
/// Keeps a connection open to every upstream, and a token at hand, before a caller needs them; the start does not wait for it.
/// It starts after the models were built, and with them the clients.
/// </summary>
internal sealed class UpstreamWarmup(UpstreamClients clients, TimeProvider time) : BackgroundService
{
    // Models may share an upstream, and then its connections and tokens.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(clients.Made.DistinctBy(client => client.WarmKey).Select(client => KeepWarmAsync(client, stoppingToken)));

    private async Task KeepWarmAsync(UpstreamChatClient client, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await client.WarmAsync(stoppingToken);
            await Task.Delay(client.WarmFor, time, stoppingToken);
        }
    }
}
