using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Switchboard.Http;

/// <summary>Answers <c>GET health/live</c>: the process runs.</summary>
public sealed class LiveEndpoint
{
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal LiveEndpoint(TimeProvider time, ILogger<LiveEndpoint> logger) => (_time, _logger) = (time, logger);

    public Task<IResult> HandleAsync(HttpContext context) =>
        BoundedResult.OfAsync(context, () => Task.FromResult(Results.Json(new HealthReport("live"), EndpointJson.Default.HealthReport)), _time, _logger);
}
