using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Testing;

/// <summary>The token endpoint that a Functions app finds in <c>IDENTITY_ENDPOINT</c>.</summary>
/// <remarks>https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference</remarks>
internal sealed class StandInIdentity : IAsyncDisposable
{
    public const string Header = "stand-in-identity-header";

    private readonly ConcurrentQueue<IQueryCollection> _requests = new();
    private WebApplication _app = null!;

    public string Endpoint => $"{_app.Urls.Single()}/msi/token";

    /// <summary>What was asked with the right header.</summary>
    public IReadOnlyCollection<IQueryCollection> Requests => _requests;

    public static async Task<StandInIdentity> StartAsync()
    {
        var identity = new StandInIdentity();
        identity._app = await Loopback.StartAsync(app => app.MapGet("/msi/token", identity.AnswerAsync));
        return identity;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers["X-IDENTITY-HEADER"] != Header)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        _requests.Enqueue(context.Request.Query);
        var token = new JsonObject
        {
            ["access_token"] = StandInVault.Token,
            ["expires_on"] = TimeProvider.System.GetUtcNow().AddHours(8).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["resource"] = "https://vault.azure.net",
            ["token_type"] = "Bearer",
        };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(token.ToJsonString(), context.RequestAborted);
    }
}
