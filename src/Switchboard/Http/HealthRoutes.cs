using Microsoft.AspNetCore.Http;
using Switchboard.Contract;
using Switchboard.Failover;
using Switchboard.Keys;
using Switchboard.Turn;

namespace Switchboard.Http;

/// <summary>Says how this instance is.</summary>
internal sealed class HealthRoutes(AccessHealth health, AccessControl access, Circuits circuits, SettingsHealth settings, TurnDrain drain) : IRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public IEnumerable<HttpRoute> All => [new(Routes.Live, Methods, LiveAsync) { IsOpen = true }, new(Routes.Ready, Methods, ReadyAsync) { IsOpen = true }];

    /// <summary>Answers <c>GET health/live</c>: the process runs.</summary>
    private static Task<IResult> LiveAsync(HttpContext context) => Task.FromResult(Result(new HealthReport("live")));

    /// <summary>
    /// Answers <c>GET health/ready</c>: 200 when turns would be answered, else 503 and why not. Keys that are in force but could not be
    /// refreshed keep it at 200, with a warning: taking the instance out would only drop calls. Why is told only to who has a key, or where nobody
    /// can have one yet: an outage of the vault is nothing for strangers. Which upstreams keep failing, and that saved settings are not used, is told to who has a key alone; it stays at 200, since turns
    /// are answered by others, or might be, or by the settings before. It names no key and no model. An app that is told to stop says that alone.
    /// </summary>
    private Task<IResult> ReadyAsync(HttpContext context)
    {
        if (drain.IsStopping)
        {
            return Task.FromResult(Result(new HealthReport("stopping"), StatusCodes.Status503ServiceUnavailable));
        }

        var isKnown = access.Platforms.IsKnown(context.Request) || access.Operators.IsKnown(context.Request);
        var tells = isKnown || !health.HasKeys;
        string[] warnings = [.. tells ? health.Warnings() : [], .. isKnown ? circuits.Warnings().Concat(settings.Warnings()) : []];
        var report = new HealthReport("ready", Warnings: warnings.Length > 0 ? warnings : null);
        return Task.FromResult(health.Reason() is { } reason
            ? Result(report with { Status = "unavailable", Reasons = tells ? [reason] : null }, StatusCodes.Status503ServiceUnavailable)
            : Result(report));
    }

    private static IResult Result(HealthReport report, int status = StatusCodes.Status200OK) =>
        Results.Json(report, EndpointJson.Default.HealthReport, statusCode: status);
}

/// <summary>What a health route answers.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c>, <c>unavailable</c> or <c>stopping</c>.</param>
/// <param name="Reasons">Why it is unavailable.</param>
/// <param name="Warnings">What is wrong without stopping a turn yet, such as a key vault that can't be reached.</param>
internal sealed record HealthReport(string Status, IReadOnlyList<string>? Reasons = null, IReadOnlyList<string>? Warnings = null);
