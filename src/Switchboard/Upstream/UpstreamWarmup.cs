using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Models;

namespace Switchboard.Upstream;

/// <summary>Keeps a connection open to every upstream, and a token at hand, before a caller needs them; the start does not wait for it.</summary>
/// <param name="options">The models.</param>
/// <param name="models">Not used, but built: whose clients are warmed.</param>
/// <param name="clients">Those clients.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of addresses without TLS.</param>
internal sealed class UpstreamWarmup(
    IOptions<SwitchboardOptions> options, ModelCatalog models, UpstreamClients clients, TimeProvider time, ILogger<UpstreamWarmup> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _ = models;
        foreach (var model in options.Value.Models.Where(model => model.Responder == UpstreamChatClient.Name))
        {
            foreach (var upstream in model.Upstreams.Where(upstream => upstream.BaseUrl is { Scheme: "http", IsLoopback: false }))
            {
                UpstreamLog.NotEncrypted(logger, upstream.BaseUrl!.Authority, model.Id);
            }
        }

        // Models may share an upstream, and then its connections and tokens.
        return Task.WhenAll(clients.Made.DistinctBy(client => client.WarmKey).Select(client => KeepWarmAsync(client, stoppingToken)));
    }

    private async Task KeepWarmAsync(UpstreamChatClient client, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await client.WarmAsync(stoppingToken);
            await Task.Delay(client.WarmFor, time, stoppingToken);
        }
    }
}
