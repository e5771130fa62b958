using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Models;

namespace Switchboard.Upstream;

/// <summary>Makes the clients of a model's upstreams. They share one pool of connections, however often they are made.</summary>
internal sealed class UpstreamClients(IHttpClientFactory http, UpstreamBearers bearers, TimeProvider time, ILogger<UpstreamChatClient> logger)
{
    private readonly ConcurrentQueue<UpstreamChatClient> _made = [];

    /// <summary>All clients that were made so far: those that the turns use.</summary>
    public IReadOnlyCollection<UpstreamChatClient> Made => _made;

    /// <summary>One client for each upstream, in the order in which they are to be asked.</summary>
    public IReadOnlyList<KeyValuePair<string, IChatClient>> Create(ModelOptions model) =>
        [.. model.Upstreams.Select(options => KeyValuePair.Create(options.BaseUrl!.Authority, (IChatClient)Create(model, options)))];

    private UpstreamChatClient Create(ModelOptions model, UpstreamOptions options)
    {
        var client = new UpstreamChatClient(
            http.CreateClient(UpstreamHttp.ClientName),
            http.CreateClient(UpstreamHttp.AnewName),
            options,
            options.Model is { Length: > 0 } name ? name : model.Id,
            bearers.Of(options),
            time,
            logger);
        _made.Enqueue(client);
        return client;
    }
}
