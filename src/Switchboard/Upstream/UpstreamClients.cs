using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Switchboard.Upstream;

/// <summary>Makes the clients of a model's upstreams. They share one pool of connections, however often they are made.</summary>
internal sealed class UpstreamClients(IHttpClientFactory http, UpstreamBearers bearers, TimeProvider time, ILogger<UpstreamChatClient> logger)
{
    private readonly ConcurrentQueue<UpstreamChatClient> _made = [];

    /// <summary>All clients that were made so far: those that the turns use.</summary>
    public IReadOnlyCollection<UpstreamChatClient> Made => _made;

    /// <summary>One client for each upstream, by its host, in the order in which they are to be asked.</summary>
    /// <param name="modelId">The model that they answer for; also what is asked of an upstream that names no model of its own.</param>
    /// <param name="upstreams">The upstreams, checked.</param>
    public IReadOnlyList<KeyValuePair<string, IChatClient>> Create(string modelId, IEnumerable<UpstreamOptions> upstreams) =>
        [.. upstreams.Select(options => KeyValuePair.Create<string, IChatClient>(options.BaseUrl!.Authority, Create(modelId, options)))];

    private UpstreamChatClient Create(string modelId, UpstreamOptions options)
    {
        if (options.BaseUrl is { Scheme: "http", IsLoopback: false } unencrypted)
        {
            UpstreamLog.NotEncrypted(logger, unencrypted.Authority, modelId);
        }

        var client = new UpstreamChatClient(
            http.CreateClient(UpstreamHttp.ClientName),
            http.CreateClient(UpstreamHttp.AnewName),
            options,
            modelId,
            bearers.Of(options),
            time,
            logger,
            bearers.HeadersOf(options));
        _made.Enqueue(client);
        return client;
    }
}

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
