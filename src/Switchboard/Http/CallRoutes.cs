using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Switchboard.Contract;
using Switchboard.Memory;

namespace Switchboard.Http;

/// <summary>What was said on calls, for operators.</summary>
internal sealed partial class CallRoutes(OperatorGate gate, CallMemory memory, TimeProvider time) : IRoutes
{
    private const string DayFormat = "yyyy-MM-dd";

    public IEnumerable<HttpRoute> All =>
    [
        new(Routes.Calls, [HttpMethods.Get], ListAsync),
        new(Routes.Call, [HttpMethods.Get, HttpMethods.Delete], OneAsync),
    ];

    /// <summary>Answers <c>GET calls</c>: the calls of a day, newest first.</summary>
    private Task<IResult> ListAsync(HttpContext context) => gate.AnswerAsync(context, async (visit, cancellationToken) =>
    {
        var day = Day(context.Request.Query["day"]);
        var (calls, next) = await visit.Calls.Reader.ListAsync(day, After(context.Request.Query["continue"]), cancellationToken);
        visit.Listed(day.ToString(DayFormat, CultureInfo.InvariantCulture), calls.Count);
        var list = new CallList(day, calls, next is null ? null : Base64Url.EncodeToString(Encoding.ASCII.GetBytes(next)));
        return Results.Json(list, CallsJson.Default.CallList);
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

    private DateOnly Day(string? text) => string.IsNullOrEmpty(text) ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)
        : DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw ApiException.InvalidValue("day", "expected a date such as 2026-11-24");

    private static string? After(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return Base64Url.IsValid(text) && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)) is var row && Row().IsMatch(row)
            ? row
            : throw ApiException.InvalidValue("continue", "expected what the page before gave");
    }

    [GeneratedRegex(@"^\d{19}-[\w.~-]{1,450}\z", RegexOptions.ECMAScript, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
