using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Endpoints;

/// <summary>Answers <c>GET health/live</c>: the process runs.</summary>
public sealed class LiveEndpoint
{
    [SuppressMessage("Performance", "CA1822", Justification = "An endpoint is asked as an instance.")]
    public Task<IResult> HandleAsync(HttpContext context) =>
        Task.FromResult(Results.Json(new HealthReport("live"), EndpointJson.Default.HealthReport));
}
