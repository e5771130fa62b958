using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
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
            options.Model is { Length: > 0 } name ? name : modelId,
            bearers.Of(options),
            time,
            logger);
        _made.Enqueue(client);
        return client;
    }
}
