using System.Globalization;
using Azure.Data.Tables;
using Switchboard.Contract;

namespace Switchboard.Transcripts;

/// <summary>
/// What was used, as columns of a row. The cost is text: tables have no decimal numbers, and the floating ones would drift in sums.
/// </summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#property-types</remarks>
internal static class StoredMoney
{
    /// <summary>The columns.</summary>
    public static readonly string[] Columns =
        [nameof(TurnTranscript.PromptTokens), nameof(TurnTranscript.CachedPromptTokens), nameof(TurnTranscript.CompletionTokens), nameof(TurnTranscript.Cost)];

    public static void Put(TableEntity row, Spent spent)
    {
        foreach (var (name, value) in Columns.Zip((object?[])[spent.Prompt, spent.Cached, spent.Completion, spent.Cost?.ToString(CultureInfo.InvariantCulture)]))
        {
            if (value is not null)
            {
                row[name] = value;
            }
        }
    }

    public static Spent Get(TableEntity row) => new(
        row.GetInt64(nameof(TurnTranscript.PromptTokens)), row.GetInt64(nameof(TurnTranscript.CachedPromptTokens)), row.GetInt64(nameof(TurnTranscript.CompletionTokens)),
        decimal.TryParse(row.GetString(nameof(TurnTranscript.Cost)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cost) ? cost : null);
}

/// <summary>What one upstream has used of a turn.</summary>
/// <param name="Upstream">Its host and port; null where no upstream was asked.</param>
/// <param name="Spent">How much.</param>
internal sealed record UpstreamSpent(string? Upstream, Spent Spent)
{
    /// <summary>Each with its part of the whole turn.</summary>
    public static IReadOnlyList<UpstreamSpent> All(TurnTranscript turn) => turn.SpentBy is [] ? [new(turn.Upstream, turn.Spent)] : turn.SpentBy;

    /// <summary>One for each upstream; none where all is that of <paramref name="answering"/>.</summary>
    public static IReadOnlyList<UpstreamSpent> Of(string? answering, IEnumerable<UpstreamSpent> parts)
    {
        UpstreamSpent[] all =
        [
            .. parts.Where(part => part.Spent != default).GroupBy(part => part.Upstream, StringComparer.Ordinal)
                .Select(part => new UpstreamSpent(part.Key, part.Aggregate(default(Spent), (sum, more) => sum + more.Spent))),
        ];
        return Array.TrueForAll(all, part => part.Upstream == answering) ? [] : all;
    }

    public static IReadOnlyList<UpstreamSpent> Read(string? text) => text is not { Length: > 0 } ? [] : [.. text.Split('\n').Select(Parse)];

    public static string? ToText(IReadOnlyList<UpstreamSpent> parts) => parts is [] ? null : string.Join('\n', parts);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Upstream}\t{Spent.Prompt}\t{Spent.Cached}\t{Spent.Completion}\t{Spent.Cost}");

    private static UpstreamSpent Parse(string line)
    {
        var parts = line.Split('\t');
        return new(parts[0] is { Length: > 0 } upstream ? upstream : null, new Spent(Number(1), Number(2), Number(3), decimal.TryParse(
            parts.ElementAtOrDefault(4), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cost) ? cost : null));

        long? Number(int place) => long.TryParse(parts.ElementAtOrDefault(place), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
