using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Switchboard.Common;

namespace Switchboard.Tools;

/// <summary>How MCP servers are reached.</summary>
internal static class McpHttp
{
    public const string ClientName = "mcp";

    /// <summary>Adds <see cref="McpConnections"/>, and what joins the ones that it made. Needs a clock and loggers.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="isOn">Whether a model has tools; asked when the app starts.</param>
    public static IServiceCollection AddTools(this IServiceCollection services, Func<IServiceProvider, bool> isOn)
    {
        services.AddHttpClient(ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, _) => Configure(handler))
            .AddHttpMessageHandler(provider => new McpExchange.Handler(provider.GetRequiredService<TimeProvider>()))
            // One client lives as long as its session; the handler renews its own connections.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        services.AddSingleton<McpConnections>();
        return services.AddWhere<McpJoin>(isOn).AddHostedWhere<McpJoin>();
    }

    private static void Configure(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.UseCookies = false;
        // A key must not follow to where it was not configured for.
        handler.AllowAutoRedirect = false;
        handler.MaxResponseHeadersLength = McpLimits.HeadKilobytes;
        // What is compressed is refused, not unpacked: the bytes that are counted are then those that are held.
        handler.AutomaticDecompression = DecompressionMethods.None;
        // Trace context and baggage come from the caller's headers, which are none of the server's business. Null rather than a propagator
        // without output: OpenTelemetry's instrumentation writes them by itself as soon as the handler reports a request to it.
        handler.ActivityHeadersPropagator = null;
    }
}
