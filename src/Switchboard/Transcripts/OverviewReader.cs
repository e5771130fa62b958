using Azure;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>
/// Reads what a day comes to, from the entries of its calls: a row a call, a thousand a request, and no turn. What a call comes to stands in its entry, or, while that is
/// open, in the call's own row.
/// </summary>
/// <param name="tables">Where it is.</param>
/// <param name="time">The clock.</param>
/// <param name="maxCalls">The most calls that are read.</param>
/// <param name="pageSize">The most of one request.</param>
internal sealed class OverviewReader(TranscriptTables tables, TimeProvider time, int maxCalls = OverviewReader.MaxCalls, int pageSize = OverviewReader.PageSize)
{
    /// <summary>The most calls of a day that are read, the newest first: twice what 100,000 turns are, at eight a call.</summary>
    public const int MaxCalls = 25_000;

    /// <summary>The time after which no further page is asked for; the route gives an answer up after 20 s.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(12);

    // As many as the table service answers at once.
    // https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
    public const int PageSize = 1000;

    private const int MaxAtOnce = 16;

    private static readonly string[] Columns =
    [
        nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey), nameof(CallSummary.StartedAt), nameof(CallSummary.Turns), nameof(CallSummary.Outcome), nameof(CallSummary.IsOpen),
        nameof(CallSummary.Figures),
    ];

    /// <param name="day">The day on which the calls began, by UTC.</param>
    /// <param name="model">The model whose turns are counted; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RequestFailedException">The table service is away.</exception>
    public async Task<DayOverview> ReadAsync(DateOnly day, string? model, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var tally = new DayTally(model);
        var read = 0;
        DateTimeOffset? oldest = null;
        try
        {
            await foreach (var page in tables.Days
                .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(day)}"), pageSize, Columns, cancellationToken).AsPages())
            {
                if (oldest is not null && page.Values.Count > 0 && (read >= maxCalls || time.GetElapsedTime(started) > Longest))
                {
                    return tally.ToOverview(day, oldest);
                }

                foreach (var entries in page.Values.Chunk(MaxAtOnce))
                {
                    foreach (var call in await Task.WhenAll(entries.Select(entry => tables.ExactAsync(entry, Columns, cancellationToken))))
                    {
                        Add(call);
                    }
                }

                read += page.Values.Count;
            }
        }
        catch (RequestFailedException failure) when (TranscriptTables.AreMissing(failure))
        {
            // Nothing was ever stored.
        }

        return tally.ToOverview(day, null);

        void Add(TableEntity call)
        {
            oldest = call.GetDateTimeOffset(nameof(CallSummary.StartedAt)) ?? oldest;
            // One without turns is about to get its first, or the platform told of it and nobody asked for an answer.
            if (call.GetInt32(nameof(CallSummary.Turns)) is > 0 and var turns)
            {
                tally.Add(call.GetString(nameof(CallSummary.Outcome)) ?? "", turns, CallFigures.Read(call.GetString(nameof(CallSummary.Figures)) ?? ""));
            }
        }
    }
}
