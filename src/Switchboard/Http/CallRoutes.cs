using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Switchboard.Contract;
using Switchboard.Memory;

namespace Switchboard.Http;

/// <summary>What was said on calls, for operators.</summary>
internal sealed class CallRoutes(OperatorGate gate, CallMemory memory, TimeProvider time) : IRoutes
{
    public IEnumerable<HttpRoute> All =>
    [
        new(Routes.Calls, [HttpMethods.Get], ListAsync),
        new(Routes.CallsOverview, [HttpMethods.Get], OverviewAsync),
        new(Routes.Call, [HttpMethods.Get, HttpMethods.Delete], OneAsync),
    ];

    /// <summary>Answers <c>GET calls</c>: the calls of a day, or those that are searched, newest first.</summary>
    private Task<IResult> ListAsync(HttpContext context) => gate.AnswerAsync(context, async (visit, cancellationToken) =>
    {
        var query = CallQuery.Of(context.Request.Query, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var page = await visit.Calls.Reader.ListAsync(query.Day, query.After, query.Search, cancellationToken);
        var day = query.Day.ToString(CallQuery.DayFormat, CultureInfo.InvariantCulture);
        int? searched = query.Search.IsAll ? null : page.Searched;
        if (searched is { } looked)
        {
            visit.Searched(day, page.Calls.Count, looked);
        }
        else
        {
            visit.Listed(day, page.Calls.Count);
        }

        var list = new CallList(
            query.Day, page.Calls, page.Next is null ? null : Base64Url.EncodeToString(Encoding.ASCII.GetBytes(page.Next)), searched, query.Search.Text is null ? null : page.InPart);
        return Results.Json(list, CallsJson.Default.CallList);
    });

    /// <summary>Answers <c>GET calls/overview</c>: what the calls of a day come to.</summary>
    private Task<IResult> OverviewAsync(HttpContext context) => gate.AnswerAsync(context, async (visit, cancellationToken) =>
    {
        var (day, model) = CallQuery.OfOverview(context.Request.Query, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var overview = await visit.Calls.Overview.ReadAsync(day, model, cancellationToken);
        visit.Overviewed(day.ToString(CallQuery.DayFormat, CultureInfo.InvariantCulture), overview.Total.Calls);
        return Results.Json(overview, CallsJson.Default.DayOverview);
    });

    /// <summary>Answers <c>GET calls/{instanceId}</c>, what was said on a call, and <c>DELETE</c>, which forgets it.</summary>
    private Task<IResult> OneAsync(HttpContext context) => gate.AnswerAsync(
        context, (visit, cancellationToken) => HttpMethods.IsDelete(context.Request.Method)
            ? EraseAsync(visit, Id(context), cancellationToken)
            : ReadAsync(visit, Id(context), cancellationToken));

    private static async Task<IResult> ReadAsync(OperatorVisit visit, string id, CancellationToken cancellationToken)
    {
        var (turns, hasMore) = await visit.Calls.Reader.ReadAsync(id, cancellationToken);
        var told = await visit.Calls.Reader.ReadEventsAsync(id, cancellationToken);
        visit.Read(id, turns.Count);
        return turns is [] && told is null
            ? throw ApiException.CallNotFound()
            : Results.Json(CallTranscript.Of(turns, hasMore, told?.Call, told?.Sentences ?? []), CallsJson.Default.CallTranscript);
    }

    private async Task<IResult> EraseAsync(OperatorVisit visit, string id, CancellationToken cancellationToken)
    {
        var turns = await visit.Calls.Eraser.EraseAsync(id, cancellationToken);
        memory.Delete(id);
        visit.Deleted(id, turns ?? 0);
        return turns is null ? throw ApiException.CallNotFound() : Results.NoContent();
    }

    // A server decodes a path but for an encoded slash, and so cannot tell it from an id with those very letters; the target as it was
    // sent can. It is decoded once and means one call: with a second reading a repeated DELETE would erase another one.
    private static string Id(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0].TrimEnd('/').Split('/')[^1] is { Length: > 0 } sent
            ? Uri.UnescapeDataString(sent)
            : context.Request.RouteValues[Routes.CallId] as string ?? "";
}
