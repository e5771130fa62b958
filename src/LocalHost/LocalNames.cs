using System.Net;
using Switchboard.Contract;
using Switchboard.Turn;

namespace LocalHost;

/// <summary>
/// Refuses requests of this machine that name another host. A page in a browser can have its own host's name point to 127.0.0.1 (DNS rebinding),
/// and would then be free to use the public key of the sample.
/// </summary>
internal static class LocalNames
{
    public static void UseLocalNames(this WebApplication app)
    {
        // Where names are listed, ASP.NET Core itself answers under those alone.
        if (string.IsNullOrWhiteSpace(app.Configuration["AllowedHosts"]))
        {
            app.Use((context, next) => IsFromElsewhere(context.Connection.LocalIpAddress) || IsLocal(context.Request.Host.Host)
                ? next(context)
                : new ErrorResult(ApiException.UnknownHost()).ExecuteAsync(context));
        }
    }

    // Whoever comes over the network needs a key that is not public.
    private static bool IsFromElsewhere(IPAddress? arrivedAt) => arrivedAt is not null && !IPAddress.IsLoopback(arrivedAt);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
