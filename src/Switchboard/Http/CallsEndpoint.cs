using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;

namespace Switchboard.Http;

/// <summary>Answers <c>GET calls</c>: the calls of a day, newest first.</summary>
public sealed partial class CallsEndpoint
{
    private const string DayFormat = "yyyy-MM-dd";

    private readonly OperatorGate _gate;
    private readonly TimeProvider _time;

    internal CallsEndpoint(OperatorGate gate, TimeProvider time)
    {
        _gate = gate;
        _time = time;
    }

    public Task<IResult> HandleAsync(HttpContext context) => _gate.AnswerAsync(context, async (visit, cancellationToken) =>
    {
        var day = Day(context.Request.Query["day"]);
        var (calls, next) = await visit.Calls.Reader.ListAsync(day, After(context.Request.Query["continue"]), cancellationToken);
        visit.Listed(day.ToString(DayFormat, CultureInfo.InvariantCulture), calls.Count);
        var list = new CallList(day, calls, next is null ? null : Base64Url.EncodeToString(Encoding.ASCII.GetBytes(next)));
        return Results.Json(list, CallsJson.Default.CallList);
    });

    private DateOnly Day(string? text) => string.IsNullOrEmpty(text) ? DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime)
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
