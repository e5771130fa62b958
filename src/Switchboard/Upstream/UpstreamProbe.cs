using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Upstream;

/// <summary>
/// Asks each upstream once at start whether it would answer, and warns where it would not: a wrong address or key is else found by the first caller. It asks for
/// the list of models with the key, which costs no tokens. What a service answers there that has no such list says nothing and is passed over.
/// </summary>
/// <remarks>https://platform.openai.com/docs/api-reference/models/list</remarks>
internal sealed class UpstreamProbe(IHttpClientFactory http, TimeProvider time, ILogger<UpstreamProbe> logger)
{
    /// <summary>From one try to the next, while the key is not there yet.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Asks all of them. It never fails.</summary>
    /// <param name="upstreams">The clients of the upstreams.</param>
    /// <param name="isUsed">Whether a model still has one of them: of another nothing needs to be known.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public Task RunAsync(IEnumerable<UpstreamChatClient> upstreams, Func<UpstreamChatClient, bool> isUsed, CancellationToken cancellationToken) => Task.WhenAll(upstreams
        .GroupBy(upstream => Key(upstream.Options))
        .Select(same => RunAsync([.. same], isUsed, cancellationToken)));

    // Models may share an upstream, and what it is asked with.
    private static string Key(UpstreamOptions options) => string.Join('\n', [
        options.BaseUrl!.AbsoluteUri, options.ApiKey, options.ApiKeySecret, options.Credential?.ToString(), options.CredentialScope,
        .. options.Headers.Select(header => $"{header.Name}: {header.Value} {header.Secret}")]);

    private async Task RunAsync(UpstreamChatClient[] same, Func<UpstreamChatClient, bool> isUsed, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && Array.Find(same, client => isUsed(client)) is { } upstream)
        {
            var options = upstream.Options;
            // Who holds the keys tells why one is missing; a token that cannot be had is told here.
            var (secrets, failure) = await SecretsAsync(upstream, cancellationToken);
            if (secrets is null && options.Credential is null)
            {
                await Task.Delay(Pause, time, cancellationToken);
                continue;
            }

            var problem = secrets is null ? $"has no token of Entra ID ({failure}); check Credential, and the identity of this app" : await ProblemAsync(upstream, secrets, cancellationToken);
            var models = string.Join(", ", same.Where(isUsed).Select(client => client.ModelId).Distinct());
            if (problem is not null && models.Length > 0)
            {
                UpstreamLog.NotUsable(logger, options.BaseUrl!.Authority, models, problem);
            }

            return;
        }
    }

    private async Task<(UpstreamSecrets? Secrets, string? Failure)> SecretsAsync(UpstreamChatClient upstream, CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            return (await upstream.SecretsAsync(either.Token), null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, FailureText.Describe(failure));
        }
    }

    // Null where nothing speaks against it.
    private async Task<string?> ProblemAsync(UpstreamChatClient upstream, UpstreamSecrets secrets, CancellationToken cancellationToken)
    {
        var options = upstream.Options;
        try
        {
            var models = await AskAsync("models", options, secrets, cancellationToken);
            // Not every service has the list. A GET of what is POSTed to costs nothing either, and where the path is right most answer 405.
            var isNowhere = models.Status is 404 && !options.BaseUrl!.AbsolutePath.Contains("/deployments/", StringComparison.OrdinalIgnoreCase)
                && (await AskAsync("chat/completions", options, secrets, cancellationToken)).Status is 404;
            return UpstreamProblems.Of(models.Status, models.IsPage, models.LeadsTo, isNowhere, upstream);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return UpstreamProblems.Of(failure, options.BaseUrl!);
        }
    }

    private async Task<(int Status, bool IsPage, string? LeadsTo)> AskAsync(string path, UpstreamOptions options, UpstreamSecrets secrets, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var address = new UriBuilder(options.BaseUrl!);
        address.Path = $"{address.Path.TrimEnd('/')}/{path}";
        using var request = new HttpRequestMessage(HttpMethod.Get, address.Uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        secrets.AddTo(request.Headers);
        // On a connection of its own: the answer is not read, and the one that is kept for the first caller must stay.
        using var response = await http.CreateClient(UpstreamHttp.AnewName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType is "text/html", response.Headers.Location is { IsAbsoluteUri: true } to ? to.Host : null);
    }
}

/// <summary>What an upstream's answer to a probe means, in words: what is wrong, and what to look at.</summary>
internal static class UpstreamProblems
{
    /// <summary>Null where an answer speaks against nothing.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="isPage">Whether it is HTML.</param>
    /// <param name="leadsTo">The host that it leads to.</param>
    /// <param name="isNowhere">Whether neither the list of models nor the completions are there.</param>
    /// <param name="upstream">The upstream.</param>
    public static string? Of(int status, bool isPage, string? leadsTo, bool isNowhere, UpstreamChatClient upstream) => status switch
    {
        401 or 403 when upstream.Options.Credential is UpstreamCredential.Entra => $"refuses the identity of this app ({status}); check its role at the service, and CredentialScope",
        401 or 403 when upstream.Options is { ApiKey: not { Length: > 0 }, ApiKeySecret: not { Length: > 0 }, Headers.Count: 0 } =>
            $"wants a key ({status}), and none is set; set {upstream.KeyVariable} in the environment, the app settings or local.settings.json (a key in switchboard.json is refused), or there ApiKeySecret or Credential",
        401 => "refuses the key (401); check ApiKey or ApiKeySecret, and that it is a key of this service",
        403 => "refuses the key or this machine (403); check what the key may do, and from where the service may be asked",
        402 => "wants to be paid (402); check the account",
        404 when isNowhere => "has nothing at this address (404); check that BaseUrl is what stands before /chat/completions, often with /v1 at its end",
        >= 300 and < 400 => $"answers with a redirect ({status}{(leadsTo is null ? "" : $" to {leadsTo}")}), which is not followed, since the key must not go elsewhere; set BaseUrl to where the API is",
        >= 500 => $"does not work ({status}); check whether it runs, and what stands before it",
        200 when isPage => "answers with a web page; check that BaseUrl is the address of the API, often with /v1 at its end",
        _ => null,
    };

    /// <summary>What a failed connection means. Of messages of exceptions nothing is told but known words.</summary>
    public static string Of(Exception failure, Uri address)
    {
        var causes = Causes(failure).ToList();
        var isTls = address.Scheme == Uri.UriSchemeHttps;
        return failure switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "is not found: DNS knows no such name; check BaseUrl, and the DNS of this machine",
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "is not let through by the proxy; check HTTPS_PROXY and NO_PROXY",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when Certificate(causes) is { } flaws =>
                $"has a certificate that is not trusted ({flaws}); check the name in BaseUrl, the certificate, and the clock and the trusted roots of this machine",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                "answers no TLS; check that BaseUrl begins with https only where the service does, and its port",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                $"is not reached ({SocketError(causes)}); check host and port in BaseUrl, whether it runs, and firewalls",
            OperationCanceledException => "does not answer in time; check host and port in BaseUrl, and firewalls",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded } when !isTls =>
                "answers no HTTP; check whether BaseUrl should begin with https",
            _ => $"is not reached ({FailureText.Describe(failure)}); check BaseUrl",
        };
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException!)
        {
            yield return cause;
        }
    }

    // The names of .NET's enumerations that stand in its message, which else has only what the certificate says of itself.
    private static string? Certificate(IEnumerable<Exception> causes)
    {
        var message = causes.OfType<AuthenticationException>().Select(cause => cause.Message).FirstOrDefault(text => text.Contains("certificate", StringComparison.OrdinalIgnoreCase));
        var flaws = message is null ? [] : Enum.GetNames<SslPolicyErrors>().Concat(Enum.GetNames<X509ChainStatusFlags>())
            .Where(name => name is not ("None" or nameof(SslPolicyErrors.RemoteCertificateChainErrors)) && message.Contains(name, StringComparison.Ordinal)).ToList();
        return message is null ? null : flaws.Count > 0 ? string.Join(", ", flaws) : "not valid";
    }

    private static string SocketError(IEnumerable<Exception> causes) =>
        causes.OfType<System.Net.Sockets.SocketException>().FirstOrDefault()?.SocketErrorCode.ToString() ?? "no connection";
}
