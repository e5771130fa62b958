using Microsoft.AspNetCore.Http;

namespace Switchboard.Tests.Vault;

/// <summary>A way in which a vault fails, and what the operator is told of it.</summary>
/// <param name="Reason">What the reason must hold.</param>
/// <param name="Answer">The answer in the place of the vault's.</param>
/// <param name="Requests">How many requests one refresh makes before it gives up.</param>
internal sealed record VaultFaultRow(string Reason, Func<HttpContext, Task> Answer, int Requests = 1)
{
    private const int WithRetries = 3;

    /// <summary>The rows by name: a test's name must be a text.</summary>
    public static IReadOnlyDictionary<string, VaultFaultRow> All { get; } = new Dictionary<string, VaultFaultRow>
    {
        ["role missing"] = new("403 Forbidden: give this app's identity the role Key Vault Secrets User", Error(403, "Forbidden", "ForbiddenByRbac")),
        ["firewall"] = new("403 Forbidden: allow this app's network", Error(403, "Forbidden", "ForbiddenByFirewall")),
        ["403 without JSON"] = new("403 Forbidden: give this app's identity the role", Text(403, "text/html", "<html>LEAK: denied</html>")),
        ["not found"] = new("404 Not Found: check Access:KeyVault:Uri", Text(404, "text/plain", "LEAK: nothing here")),
        ["too many requests"] = new("429 Too Many Requests", Error(429, "Throttled"), WithRetries),
        ["internal error"] = new("500 Internal Server Error", Error(500, "InternalServerError"), WithRetries),
        ["unavailable"] = new("503 Service Unavailable", Text(503, "text/html", "<html>LEAK: maintenance</html>"), WithRetries),
        ["another tenant"] = new("401 Unauthorized: it does not trust the tenant", context => StandInVault.ChallengeAsync(context, "https://vault.azure.net"), 2),
        ["challenge for another host"] = new("not a key vault, or not this one", context => StandInVault.ChallengeAsync(context, "https://vault.evil.test")),
        ["HTML"] = new("not a key vault, or not this one", Text(200, "text/html", "<html><body>LEAK: sign in</body></html>")),
        ["empty body"] = new("not a key vault, or not this one", Text(200, "application/json", "")),
        ["half a JSON"] = new("not a key vault, or not this one", Text(200, "application/json", """{"value":[{"id":"https://stand-in.vault.azure.net/secrets/LEAK/v""")),
        ["JSON of another shape"] = new("not a key vault, or not this one", Text(200, "application/json", """{"value":"LEAK"}""")),
        ["version without an id"] = new("not a key vault, or not this one", Text(200, "application/json", """{"value":[{"attributes":{"enabled":true}}]}""")),
        ["body breaks off"] = new("the key vault's answer broke off", BreakOffAsync, WithRetries),
        ["connection breaks off"] = new("the key vault's answer broke off", AbortAsync, WithRetries),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    private static Func<HttpContext, Task> Error(int status, string code, string? innerCode = null) =>
        context => StandInVault.ErrorAsync(context, status, code, innerCode);

    private static Func<HttpContext, Task> Text(int status, string contentType, string body) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body, context.RequestAborted);
    };

    private static async Task BreakOffAsync(HttpContext context)
    {
        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("""{"value":["LEAK""", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static Task AbortAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
