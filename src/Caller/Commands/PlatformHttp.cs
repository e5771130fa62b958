using Caller.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Caller.Commands;

internal static class PlatformHttp
{
    /// <summary>Registers an HTTP client that shows what the server does instead of smoothing it over.</summary>
    public static IServiceCollection AddPlatformHttp(this IServiceCollection services)
    {
        services.AddHttpClient(PlatformClient.HttpClientName)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
            })
            .RemoveAllLoggers();
        return services;
    }
}
