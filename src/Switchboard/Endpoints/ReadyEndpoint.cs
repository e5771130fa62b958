using Microsoft.AspNetCore.Http;
using Switchboard.Access;

namespace Switchboard.Endpoints;

/// <summary>Answers <c>GET health/ready</c>: whether turns would be answered, and why not. It names no key and no model.</summary>
public sealed class ReadyEndpoint
{
    private readonly KeyRing _keys;

    internal ReadyEndpoint(KeyRing keys) => _keys = keys;

    public Task<IResult> HandleAsync(HttpContext context)
    {
        var report = _keys.IsLoaded
            ? new HealthReport("ready")
            : new HealthReport("unavailable", ["access: no API key is configured (Access:ApiKeys), so every request is refused"]);
        return Task.FromResult(Results.Json(
            report,
            EndpointJson.Default.HealthReport,
            statusCode: _keys.IsLoaded ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
    }
}
