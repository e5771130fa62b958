using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Switchboard.Testing;

/// <summary>
/// A key vault on loopback that speaks the documented REST over TLS. It is reached under a real vault's name, so that
/// the SDK's check of the challenge's host stays on.
/// </summary>
/// <remarks>https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret-versions/get-secret-versions</remarks>
internal sealed class StandInVault : IAsyncDisposable
{
    public const string Host = "stand-in.vault.azure.net";
    public const string Token = "stand-in-token";

    private static readonly X509Certificate2 Certificate = StandInCertificate.For(Host);

    private readonly ConcurrentQueue<string> _requests = new();
    private volatile StandInVersion[] _versions = [];
    private WebApplication _app = null!;

    public static Uri Uri { get; } = new($"https://{Host}/");

    public static string CertificatePem => Certificate.ExportCertificatePem();

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>How many versions a page of the list holds.</summary>
    public int PageSize { get; set; } = 25;

    /// <summary>Answers in the place of the vault where it is set; false leaves the request to the vault.</summary>
    public Func<HttpContext, Task<bool>>? Failure { get; set; }

    /// <summary>What was asked with a token: method, path and query.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>How often the list was begun, which is once in each refresh of a secret.</summary>
    public int Lists => _requests.Count(request => request.Contains("/versions?", StringComparison.Ordinal) && !request.Contains("skip", StringComparison.Ordinal));

    /// <summary>How often a value was read.</summary>
    public int Reads => _requests.Count(request => !request.Contains("/versions?", StringComparison.Ordinal));

    public static async Task<StandInVault> StartAsync()
    {
        var vault = new StandInVault();
        vault._app = await Loopback.StartAsync(
            app =>
            {
                app.Use(vault.GuardAsync);
                app.MapGet("/secrets/{secret}/versions", vault.ListAsync);
                app.MapGet("/secrets/{secret}/{version}", vault.ReadAsync);
            },
            Certificate);
        return vault;
    }

    /// <summary>Leads the vault's name to this stand-in, and trusts its certificate alone.</summary>
    public HttpClientTransport Transport() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == Certificate.GetCertHashString() },
    });

    public void Put(params StandInVersion[] versions) => _versions = versions;

    public void Disable(string id) => _versions = [.. _versions.Select(version => version.Id == id ? version with { Enabled = false } : version)];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            await ChallengeAsync(context, "https://vault.azure.net");
            return;
        }

        _requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (!context.Request.Query.ContainsKey("api-version"))
        {
            await ErrorAsync(context, 400, "BadParameter");
        }
        else if (Failure is not { } failure || !await failure(context))
        {
            await next(context);
        }
    }

    public static Task ChallengeAsync(HttpContext context, string resource)
    {
        context.Response.Headers.WWWAuthenticate =
            $"Bearer authorization=\"https://login.microsoftonline.com/72f988bf-0000-0000-0000-2d7cd011db47\", resource=\"{resource}\"";
        return ErrorAsync(context, 401, "Unauthorized");
    }

    public static Task ErrorAsync(HttpContext context, int status, string code, string? innerCode = null)
    {
        context.Response.StatusCode = status;
        var error = new JsonObject { ["code"] = code, ["message"] = "LEAK: what the vault said" };
        if (innerCode is not null)
        {
            error["innererror"] = new JsonObject { ["code"] = innerCode };
        }

        return WriteAsync(context, new JsonObject { ["error"] = error });
    }

    private Task ListAsync(HttpContext context)
    {
        var secret = (string)context.GetRouteValue("secret")!;
        var skip = int.TryParse(context.Request.Query["skip"], out var number) ? number : 0;
        var versions = _versions.Where(version => version.Secret == secret).ToList();
        var page = new JsonObject
        {
            ["value"] = new JsonArray([.. versions.Skip(skip).Take(PageSize).Select(Describe)]),
            ["nextLink"] = skip + PageSize < versions.Count ? $"https://{Host}/secrets/{secret}/versions?api-version=7.5&skip={skip + PageSize}" : null,
        };
        return WriteAsync(context, page);
    }

    private Task ReadAsync(HttpContext context)
    {
        var found = _versions.SingleOrDefault(version =>
            version.Secret == (string)context.GetRouteValue("secret")! && version.Id == (string)context.GetRouteValue("version")!);
        switch (found)
        {
            case null:
                return ErrorAsync(context, 404, "SecretNotFound");
            case { Enabled: false }:
                return ErrorAsync(context, 403, "Forbidden", "SecretDisabled");
            default:
                var answer = Describe(found);
                answer["value"] = found.Value;
                return WriteAsync(context, answer);
        }
    }

    private static JsonObject Describe(StandInVersion version)
    {
        var attributes = new JsonObject
        {
            ["enabled"] = version.Enabled,
            ["created"] = version.Created.ToUnixTimeSeconds(),
            ["updated"] = version.Created.ToUnixTimeSeconds(),
            ["recoveryLevel"] = "Recoverable+Purgeable",
        };
        if (version.NotBefore is { } from)
        {
            attributes["nbf"] = from.ToUnixTimeSeconds();
        }

        if (version.Expires is { } until)
        {
            attributes["exp"] = until.ToUnixTimeSeconds();
        }

        return new JsonObject { ["id"] = $"https://{Host}/secrets/{version.Secret}/{version.Id}", ["attributes"] = attributes };
    }

    private static Task WriteAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}

/// <summary>One version of a secret in <see cref="StandInVault"/>.</summary>
internal sealed record StandInVersion(string Secret, string Id, string Value)
{
    public bool Enabled { get; init; } = true;

    public DateTimeOffset Created { get; init; } = DateTimeOffset.UnixEpoch;

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Expires { get; init; }
}

/// <summary>A credential that has a token, so that a test of the vault needs no identity.</summary>
internal sealed class FixedToken : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(StandInVault.Token, DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
