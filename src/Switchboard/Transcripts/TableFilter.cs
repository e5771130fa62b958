using System.Globalization;
using System.Text.RegularExpressions;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>A filter of the table service, as its client writes them: comparisons of texts and times, <c>and</c>, <c>or</c> and parentheses.</summary>
/// <param name="Matches">Whether it takes a row; one without the column that is compared it does not.</param>
/// <param name="Partition">The only partition that it takes rows of; null where that is not said.</param>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities</remarks>
internal sealed partial record TableFilter(Func<TableEntity, bool> Matches, string? Partition = null)
{
    private static readonly TableFilter All = new(_ => true);

    /// <exception cref="FormatException">It is none.</exception>
    public static TableFilter Parse(string? filter)
    {
        if (string.IsNullOrEmpty(filter))
        {
            return All;
        }

        var parts = new Queue<string>(Part().Matches(filter).Select(match => match.Groups["part"].Value));
        var parsed = Either(parts);
        return parts.Count == 0 ? parsed : throw Wrong(parts.Peek());
    }

    private static TableFilter Either(Queue<string> parts)
    {
        var first = Both(parts);
        while (Take(parts, "or"))
        {
            var (one, other) = (first, Both(parts));
            first = new TableFilter(row => one.Matches(row) || other.Matches(row), one.Partition == other.Partition ? one.Partition : null);
        }

        return first;
    }

    private static TableFilter Both(Queue<string> parts)
    {
        var first = One(parts);
        while (Take(parts, "and"))
        {
            var (one, other) = (first, One(parts));
            first = new TableFilter(row => one.Matches(row) && other.Matches(row), one.Partition ?? other.Partition);
        }

        return first;
    }

    private static TableFilter One(Queue<string> parts)
    {
        if (Take(parts, "("))
        {
            var inner = Either(parts);
            return Take(parts, ")") ? inner : throw Wrong("the end");
        }

        var (column, sign, value) = (Next(parts), Sign(Next(parts)), Value(Next(parts)));
        return new TableFilter(
            row => row.TryGetValue(column, out var stored) && Compare(stored, value) is { } order && sign(order),
            column is nameof(TableEntity.PartitionKey) && value is string partition && sign(0) && !sign(1) && !sign(-1) ? partition : null);
    }

    private static int? Compare(object? stored, object value) => (stored, value) switch
    {
        (string one, string other) => string.CompareOrdinal(one, other),
        (DateTimeOffset one, DateTimeOffset other) => one.CompareTo(other),
        _ => null,
    };

    private static Func<int, bool> Sign(string name) => name switch
    {
        "eq" => order => order == 0,
        "ne" => order => order != 0,
        "lt" => order => order < 0,
        "gt" => order => order > 0,
        "ge" => order => order >= 0,
        _ => throw Wrong(name),
    };

    private static object Value(string text) =>
        text.StartsWith('\'') ? text[1..^1].Replace("''", "'", StringComparison.Ordinal)
        : text.StartsWith("datetime'", StringComparison.Ordinal) ? DateTimeOffset.Parse(text["datetime'".Length..^1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : throw Wrong(text);

    private static bool Take(Queue<string> parts, string part) => parts.TryPeek(out var next) && next == part && parts.TryDequeue(out _);

    private static string Next(Queue<string> parts) => parts.TryDequeue(out var part) ? part : throw Wrong("the end");

    private static FormatException Wrong(string part) => new($"A filter cannot be read at {part}.");

    [GeneratedRegex(@"\s*(?<part>datetime'[^']*'|'(?:[^']|'')*'|[()]|[^\s()']+|\S)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
