using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Responders;

/// <summary>Connects to all upstreams when the app starts; the start does not wait for it.</summary>
internal sealed class UpstreamWarmup(IOptions<SwitchboardOptions> options, UpstreamClients clients, ILogger<UpstreamWarmup> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var models = options.Value.Models.Where(model => model.Responder == UpstreamChatClient.Name).ToList();
        foreach (var model in models)
        {
            foreach (var upstream in model.Upstreams.Where(upstream => upstream.BaseUrl is { Scheme: "http", IsLoopback: false }))
            {
                UpstreamLog.NotEncrypted(logger, upstream.BaseUrl!.Authority, model.Id);
            }
        }

        return Task.WhenAll(models.SelectMany(clients.Create).Select(client => ((UpstreamChatClient)client.Value).WarmAsync(stoppingToken)));
    }
}
