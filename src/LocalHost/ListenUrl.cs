using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace LocalHost;

/// <summary>A URL to listen on: what Kestrel takes, less what it takes for something else than was meant.</summary>
internal static class ListenUrl
{
    /// <summary>Why it is not possible to listen on <paramref name="url"/>; null when it is.</summary>
    public static string? Failure(string url)
    {
        if (!TryParse(url, out var address) || address.Scheme is not "http")
        {
            return $"'{url}' is no http URL such as http://127.0.0.1:7071."
                + (address?.Scheme is "https" ? " For https set Kestrel:Endpoints, with a certificate: Kestrel__Endpoints__Https__Url=https://*:8443." : "");
        }

        // Kestrel takes a name that it does not know for "every address of this machine".
        return !IsWildcard(address.Host) && !IsLocalhost(address.Host) && !IPAddress.TryParse(address.Host, out _)
                ? $"'{url}': the host must be an IP address, localhost, or * for every address of this machine."
            : address.Port is < 0 or > IPEndPoint.MaxPort ? $"'{url}': a port is at most {IPEndPoint.MaxPort}."
            : address.Port == 0 && IsLocalhost(address.Host) ? $"'{url}': localhost is two addresses, which cannot share a port chosen for them; use http://127.0.0.1:0."
            : address.PathBase.Length > 0 ? $"'{url}': a path is not supported; the routes begin at the root."
            : null;
    }

    /// <summary>Whether only this machine can reach <paramref name="url"/>.</summary>
    public static bool IsLoopback(string url) =>
        TryParse(url, out var address) && (IsLocalhost(address.Host) || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip)));

    /// <summary><paramref name="url"/> as one to call from this machine: nobody can call a wildcard.</summary>
    public static string ToCall(string url) =>
        TryParse(url, out var address) && (IsWildcard(address.Host) || (IPAddress.TryParse(address.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))))
            ? $"{address.Scheme}://127.0.0.1:{address.Port}"
            : url;

    /// <summary>The same with the next port: one that may be free.</summary>
    public static string Beside(string url) => string.Join(';', url.Split(';').Select(each =>
        TryParse(each, out var address) ? $"{address.Scheme}://{address.Host}:{(address.Port >= IPEndPoint.MaxPort ? address.Port - 1 : address.Port + 1)}" : each));

    private static bool IsWildcard(string host) => host is "*" or "+";

    private static bool IsLocalhost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool TryParse(string url, [NotNullWhen(true)] out BindingAddress? address)
    {
        // BindingAddress also knows wildcard hosts such as http://*:7071. It has no Try form.
        try
        {
            address = BindingAddress.Parse(url);
            return true;
        }
        catch (FormatException)
        {
            address = null;
            return false;
        }
    }
}
