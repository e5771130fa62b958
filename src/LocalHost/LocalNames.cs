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
    private const string AllowedHosts = "AllowedHosts";

    // What tunnels and proxies add to a request.
    private static readonly string[] Forwarded = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"];

    /// <param name="app">The app.</param>
    /// <param name="isPublic">Whether it takes the key of the sample, which everybody has.</param>
    public static void UseLocalNames(this WebApplication app, bool isPublic)
    {
        if (isPublic)
        {
            app.Use((context, next) => Forwarded.Any(context.Request.Headers.ContainsKey) ? Refuse(context, ApiException.PublicKey()) : next(context));
        }

        // Where names are listed, ASP.NET Core itself answers under those alone.
        if (string.IsNullOrWhiteSpace(app.Configuration[AllowedHosts]))
        {
            app.Use((context, next) => IsFromElsewhere(context.Connection.LocalIpAddress) || IsLocal(context.Request.Host.Host) ? next(context) : Refuse(context, ApiException.UnknownHost()));
        }
    }

    /// <summary>The first name in <c>AllowedHosts</c> that is not this machine's own: whoever comes by it comes from elsewhere, though a tunnel or proxy ends on this machine.</summary>
    public static string? NameOfElsewhere(IConfiguration configuration) =>
        configuration[AllowedHosts]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(name => !IsLocal(name));

    private static Task Refuse(HttpContext context, ApiException failure) => new ErrorResult(failure).ExecuteAsync(context);

    // Whoever comes over the network needs a key that is not public.
    private static bool IsFromElsewhere(IPAddress? arrivedAt) => arrivedAt is not null && !IPAddress.IsLoopback(arrivedAt);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
