using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Transcripts;

namespace Switchboard.Http;

/// <summary>What <c>GET calls</c> is asked for: its query, checked.</summary>
/// <param name="Day">The day, by UTC.</param>
/// <param name="After">The row that the page before ended with; null for the first page.</param>
/// <param name="Search">Which calls.</param>
internal sealed partial record CallQuery(DateOnly Day, string? After, CallSearch Search)
{
    public const string DayFormat = "yyyy-MM-dd";

    /// <summary>The most characters of a value.</summary>
    public const int MaxLength = 200;

    private static readonly string[] Outcomes = [.. TurnOutcome.WorstFirst, CallSummary.NoTurn];

    private static readonly string[] Known = ["day", "continue", "outcome", "failed", "model", "action", "q"];

    // The Functions host's own, and what it leaves of them: https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
    private static readonly string[] Foreign = ["code", "clientId"];

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static CallQuery Of(IQueryCollection query, DateOnly today)
    {
        Demand(query, Known);
        return new CallQuery(DayOf(query["day"], today), AfterOf(query["continue"]), new CallSearch
        {
            Outcomes = OutcomesOf(query["outcome"]),
            Failed = TextOf(query, "failed"),
            Model = TextOf(query, "model"),
            Action = TextOf(query, "action"),
            Text = TextOf(query, "q"),
        });
    }

    /// <summary>What <c>GET calls/overview</c> is asked for.</summary>
    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static (DateOnly Day, string? Model) OfOverview(IQueryCollection query, DateOnly today)
    {
        Demand(query, ["day", "model"]);
        return (DayOf(query["day"], today), TextOf(query, "model"));
    }

    private static void Demand(IQueryCollection query, string[] known)
    {
        if (query.Keys.FirstOrDefault(name => !known.Concat(Foreign).Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw ApiException.InvalidValue(TextCut.Cut(unknown, MaxLength), $"no such parameter; there are {string.Join(", ", known)}");
        }
    }

    private static DateOnly DayOf(string? text, DateOnly today) => string.IsNullOrEmpty(text) ? today
        : DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw ApiException.InvalidValue("day", "expected a date such as 2026-11-24");

    private static string? AfterOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return Base64Url.IsValid(text) && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)) is var row && Row().IsMatch(row)
            ? row
            : throw ApiException.InvalidValue("continue", "expected what the page before gave");
    }

    // Several may be given, in one parameter or in several.
    private static List<string> OutcomesOf(StringValues values)
    {
        List<string> outcomes = [.. values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];
        return outcomes.TrueForAll(Outcomes.Contains) ? outcomes : throw ApiException.InvalidValue("outcome", $"expected one or several of {string.Join(", ", Outcomes)}");
    }

    private static string? TextOf(IQueryCollection query, string name) => query[name] switch
    {
        [] or [null or ""] => null,
        [{ Length: <= MaxLength } text] when !string.IsNullOrWhiteSpace(text) => text.Trim(),
        _ => throw ApiException.InvalidValue(name, string.Create(CultureInfo.InvariantCulture, $"expected one text of at most {MaxLength} characters")),
    };

    [GeneratedRegex(@"^\d{19}-[\w.~-]{1,450}\z", RegexOptions.ECMAScript, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
