using System.Net;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Upstream;

/// <summary>How upstreams are reached.</summary>
internal static class UpstreamHttp
{
    public const string ClientName = "upstream";

    /// <summary>The client whose every request has a new connection.</summary>
    public const string AnewName = "upstream anew";

    /// <summary>How long a connection is used: so soon DNS is followed.</summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(4);

    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds <see cref="UpstreamClients"/>, and what keeps the ones that it made ready. Needs a clock and loggers.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="isOn">Whether a model is answered by upstreams; asked when the app starts.</param>
    public static IServiceCollection AddUpstreams(this IServiceCollection services, Func<IServiceProvider, bool> isOn)
    {
        services.AddHttpClient(ClientName, ConnectionLifetime);
        services.AddHttpClient(AnewName, TimeSpan.Zero);
        // The credential is not registered: to name the type would load its assembly in every app.
        services.AddSingleton(provider => new UpstreamBearers(
            new Lazy<TokenCredential>(() => provider.GetService<TokenCredential>() ?? AppIdentity.Credential(clientId: null)),
            provider.GetService<SecretSource>(),
            provider.GetService<SecretEnd>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<UpstreamBearers>>()));
        services.AddSingleton<UpstreamClients>();
        services.AddSingleton<UpstreamProbe>();
        return services.AddHostedWhere<UpstreamWarmup>(isOn);
    }

    private static void AddHttpClient(this IServiceCollection services, string name, TimeSpan connectionLifetime) => services
        .AddHttpClient(name, Configure)
        .UseSocketsHttpHandler((handler, _) => Configure(handler, connectionLifetime))
        // The handler renews its own connections; to renew the handler would drop all of them, the warm ones too.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        // The factory's lines carry addresses, and at Trace headers. What is worth telling is in the turn's own line.
        .RemoveAllLoggers();

    private static void Configure(HttpClient client)
    {
        // A stream lasts as long as the answer; deadlines are the turn's.
        client.Timeout = Timeout.InfiniteTimeSpan;
        // Some gateways turn away who does not say what it is.
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"Switchboard/{typeof(UpstreamHttp).Assembly.GetName().Version?.ToString(3)}");
    }

    private static void Configure(SocketsHttpHandler handler, TimeSpan connectionLifetime)
    {
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionLifetime = connectionLifetime;
        // No shorter: an idle connection is worth keeping, since the next caller then need not wait for a new one.
        handler.PooledConnectionIdleTimeout = ConnectionLifetime + TimeSpan.FromMinutes(1);
        handler.PlaintextStreamFilter = UpstreamSending.WatchAsync;
        handler.EnableMultipleHttp2Connections = true;
        // A dead HTTP/2 connection would otherwise swallow turns until TCP gives up.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(5);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.UseCookies = false;
        // A key must not follow to where it was not configured for.
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli;
        // Who leaves an answer closes its connection at once, instead of reading on in the hope of keeping it: see ResponseTail.
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        // Trace state and baggage come from the caller's headers, which are none of the upstream's business. Null rather than a propagator
        // without output: OpenTelemetry's instrumentation writes them by itself as soon as the handler reports a request to it. The
        // model's own span tells what the request's would.
        handler.ActivityHeadersPropagator = null;
    }
}
