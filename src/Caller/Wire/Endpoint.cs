using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Caller.Wire;

/// <summary>Where a platform would send its turns: the base URL somebody typed, with what the platform adds.</summary>
/// <param name="Turns">The address every turn is posted to.</param>
/// <param name="Warning">What is odd about the URL as typed; null when nothing is.</param>
internal sealed record Endpoint(Uri Turns, string? Warning)
{
    /// <summary>What a platform appends to a base URL.</summary>
    public const string Appended = "/chat/completions";

    // As it stands in an address.
    private static readonly string CallPlace = Uri.EscapeDataString("{call}");

    /// <summary>Builds the address from a base URL and <c>name=value</c> query parameters, or says what is wrong.</summary>
    /// <param name="baseUrl">As typed in at the platform.</param>
    /// <param name="query">Parameters to add.</param>
    /// <param name="endpoint">The address.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="full">Whether the platform appends nothing.</param>
    public static bool TryCreate(
        string baseUrl,
        IReadOnlyList<string> query,
        [NotNullWhen(true)] out Endpoint? endpoint,
        [NotNullWhen(false)] out string? error,
        bool full = false)
    {
        endpoint = null;
        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var typed) || typed.Scheme is not ("http" or "https"))
        {
            error = $"URL '{baseUrl}' is not an absolute http or https address; example: http://127.0.0.1:7071/v1";
            return false;
        }

        if (typed.UserInfo.Length > 0 || typed.Fragment.Length > 0)
        {
            error = "URL must not hold a user name, a password or a #fragment; give the key with --key.";
            return false;
        }

        var path = full ? typed.AbsolutePath : typed.AbsolutePath.TrimEnd('/');
        string? warning = null;
        if (full)
        {
            warning = path.TrimEnd('/').EndsWith(Appended, StringComparison.OrdinalIgnoreCase) ? null
                : $"This platform appends nothing to the URL, and it does not end in {Appended}.";
        }
        else if (path.EndsWith(Appended, StringComparison.OrdinalIgnoreCase))
        {
            warning = $"The URL already ends in {Appended}. The platform appends that itself, so give it the address without; the doubled path is not used here.";
            path = path[..^Appended.Length];
        }

        var parameters = new StringBuilder(typed.Query.TrimStart('?'));
        foreach (var pair in query)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                error = $"--query '{pair}' is not of the form name=value.";
                return false;
            }

            _ = parameters.Length > 0 ? parameters.Append('&') : parameters;
            parameters.Append(Uri.EscapeDataString(pair[..equals])).Append('=').Append(Uri.EscapeDataString(pair[(equals + 1)..]));
        }

        var builder = new UriBuilder(typed) { Path = full ? path : path + Appended, Query = parameters.ToString() };
        endpoint = new Endpoint(builder.Uri, warning);
        error = null;
        return true;
    }

    /// <summary>The address of a call's turns: <c>{call}</c> in the query is its id.</summary>
    public Uri OfCall(string? call) => call is not null && Turns.Query.Contains(CallPlace, StringComparison.OrdinalIgnoreCase)
        ? new UriBuilder(Turns) { Query = Turns.Query.Replace(CallPlace, Uri.EscapeDataString(call), StringComparison.OrdinalIgnoreCase) }.Uri : Turns;

    public Endpoint WithQuery(string pairs) =>
        this with { Turns = new UriBuilder(Turns) { Query = Turns.Query.Length > 1 ? $"{Turns.Query[1..]}&{pairs}" : pairs }.Uri };
}
