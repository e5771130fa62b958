using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Upstream;

/// <summary>Makes the clients of a model's upstreams. They share one pool of connections, however often they are made.</summary>
internal sealed class UpstreamClients(IHttpClientFactory http, UpstreamBearers bearers, TimeProvider time, ILogger<UpstreamChatClient> logger)
{
    private readonly Channel<UpstreamChatClient> _unprobed = Channel.CreateUnbounded<UpstreamChatClient>();
    private ImmutableList<UpstreamChatClient> _made = [];

    /// <summary>All clients that the turns use.</summary>
    public IReadOnlyList<UpstreamChatClient> Made => _made;

    /// <summary>Those that nobody has asked yet whether they would answer.</summary>
    public ChannelReader<UpstreamChatClient> Unprobed => _unprobed.Reader;

    /// <summary>What their connections and tokens are known by: models may share an upstream, and then these.</summary>
    public RunningSet<(string Address, string? Scope)> Warm { get; } = new();

    /// <summary>The client of an upstream.</summary>
    /// <param name="modelId">The model that it answers for; also what is asked of an upstream that names no model of its own.</param>
    /// <param name="options">The upstream, checked.</param>
    /// <param name="index">Where it stands among those of the model.</param>
    public UpstreamChatClient Create(string modelId, UpstreamOptions options, int index = 0)
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
            bearers.HeadersOf(options))
        {
            Index = index,
        };
        ImmutableInterlocked.Update(ref _made, made => made.Add(client));
        Warm.Add(client.WarmKey);
        _unprobed.Writer.TryWrite(client);
        return client;
    }

    /// <summary>No model uses this client any more.</summary>
    public void Remove(UpstreamChatClient client)
    {
        ImmutableInterlocked.Update(ref _made, made => made.Remove(client));
        Warm.Remove(client.WarmKey);
        bearers.Remove(client.Options);
    }
}

/// <summary>
/// Keeps a connection open to every upstream, and a token at hand, before a caller needs them, and asks each once whether it would answer; the start does not wait for it.
/// It starts after the models were built, and with them the clients.
/// </summary>
internal sealed class UpstreamWarmup(UpstreamClients made, UpstreamProbe probe, TimeProvider time) : BackgroundService
{
    private readonly ConcurrentDictionary<(string Address, string? Scope), TaskCompletionSource> _warmed = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task[] both = [made.Warm.RunAsync(KeepWarmAsync, stoppingToken), ProbeAsync(stoppingToken)];
        // An error in one of them must not wait for the other one, which ends with the app.
        await (await Task.WhenAny(both) is { IsFaulted: true } failed ? failed : Task.WhenAll(both));
    }

    private async Task ProbeAsync(CancellationToken stoppingToken)
    {
        while (await made.Unprobed.WaitToReadAsync(stoppingToken))
        {
            var upstreams = new List<UpstreamChatClient>();
            while (made.Unprobed.TryRead(out var upstream))
            {
                // One that has gone before this was started is never warmed.
                if (made.Made.Contains(upstream))
                {
                    upstreams.Add(upstream);
                }
            }

            // The connection for the first caller comes first. Whose key is not there yet is asked when it is, and keeps nobody waiting.
            await Task.WhenAll(upstreams.Select(upstream => Warmed(upstream.WarmKey).Task.WaitAsync(stoppingToken)));
            _ = probe.RunAsync(upstreams, client => made.Made.Contains(client), stoppingToken);
        }
    }

    private TaskCompletionSource Warmed((string Address, string? Scope) key) => _warmed.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task KeepWarmAsync((string Address, string? Scope) key, CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested && made.Made.FirstOrDefault(client => client.WarmKey == key) is { } client)
            {
                await client.WarmAsync(stoppingToken);
                Warmed(key).TrySetResult();
                await Task.Delay(client.WarmFor, time, stoppingToken);
            }
        }
        finally
        {
            Warmed(key).TrySetResult();
        }
    }
}
