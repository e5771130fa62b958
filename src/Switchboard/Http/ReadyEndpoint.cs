using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Keys;

namespace Switchboard.Http;

/// <summary>
/// Answers <c>GET health/ready</c>: 200 when turns would be answered, else 503 and why not. Keys that are in force but could not be
/// refreshed keep it at 200, with a warning: taking the instance out would only drop calls. Why is told only to who has a key, or where nobody
/// can have one yet: an outage of the vault is nothing for strangers. It names no key and no model.
/// </summary>
public sealed class ReadyEndpoint
{
    private readonly AccessHealth _access;
    private readonly BearerCheck _platforms;
    private readonly BearerCheck _operators;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal ReadyEndpoint(AccessHealth access, BearerCheck platforms, BearerCheck operators, TimeProvider time, ILogger<ReadyEndpoint> logger)
    {
        _access = access;
        _platforms = platforms;
        _operators = operators;
        _time = time;
        _logger = logger;
    }

    public Task<IResult> HandleAsync(HttpContext context) => BoundedResult.OfAsync(context, () => Task.FromResult(Answer(context)), _time, _logger);

    private IResult Answer(HttpContext context)
    {
        var tells = !_access.HasKeys || _platforms.Knows(context.Request) || _operators.Knows(context.Request);
        var warnings = tells ? _access.Warnings().ToList() : [];
        var report = new HealthReport("ready", Warnings: warnings.Count > 0 ? warnings : null);
        return _access.Reason() is { } reason
            ? Answer(report with { Status = "unavailable", Reasons = tells ? [reason] : null }, StatusCodes.Status503ServiceUnavailable)
            : Answer(report, StatusCodes.Status200OK);
    }

    private static IResult Answer(HealthReport report, int status) => Results.Json(report, EndpointJson.Default.HealthReport, statusCode: status);
}
