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
