using Azure;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>
/// Deletes calls with all their turns, also while turns are still written to them. <see cref="TurnStore"/> stores no turn without changing
/// the call's row, nor a call's first one without changing its entry among the calls of the day. So a call's row is deleted only as it was
/// when its turns were listed, and its entry only as it was before a listing that found nothing: whatever comes between is seen, and no
/// turn is ever left that no list and no sweep finds.
/// </summary>
internal sealed class CallEraser(TranscriptTables tables)
{
    // https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
    private const int MaxChanges = 100;

    // So often may a turn come between; more are no call, but a client that never stops.
    private const int MaxRounds = 20;

    private static readonly string[] KeyColumns = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    /// <summary>Deletes calls that began before <paramref name="day"/>, the oldest day first; one that is being written to is left for the next time.</summary>
    /// <param name="day">The first day that is kept.</param>
    /// <param name="most">The most calls.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    /// <returns>How many calls were deleted.</returns>
    public async Task<int> EraseBeforeAsync(DateOnly day, int most, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {TableKey.Of(day)}");
        var deleted = 0;
        await foreach (var entry in tables.Days.QueryAsync<TableEntity>(filter, select: KeyColumns, cancellationToken: cancellationToken))
        {
            if (await EraseAsync(entry, cancellationToken) && ++deleted == most)
            {
                break;
            }
        }

        return deleted;
    }

    /// <summary>
    /// Deletes what tools have found on days before <paramref name="day"/>: it is of use while a call goes on. The call's turns stay. <see cref="ToolRuns"/>
    /// names a call here before each result that it stores, so none is ever left that this does not find.
    /// </summary>
    public async Task EraseRunsBeforeAsync(DateOnly day, int most, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {TableKey.FirstRuns} and PartitionKey lt {TableKey.OfRuns(day)}");
        await foreach (var entry in tables.Days.QueryAsync<TableEntity>(filter, select: KeyColumns, cancellationToken: cancellationToken))
        {
            var (call, key) = TableKey.Unowned(entry.RowKey);
            try
            {
                await EraseRowsAsync(call, row => TableKey.IsRun(row) && TableKey.OwnerOf(row) == key, cancellationToken);
                await tables.Days.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, entry.ETag, cancellationToken);
            }
            catch (RequestFailedException failure) when (TranscriptTables.IsConflict(failure))
            {
                // Somebody else deletes it, too, or a call goes on for days.
            }

            if (--most == 0)
            {
                break;
            }
        }
    }

    /// <summary>Deletes one call, of whatever keys it was asked with.</summary>
    /// <returns>How many turns were deleted; null when there was no trace of the call.</returns>
    public async Task<int?> EraseAsync(string instanceId, CancellationToken cancellationToken)
    {
        var id = TableKey.Id(instanceId);
        var partition = TableKey.Of(id);
        int? turns = null;
        for (var round = 1; ; round++)
        {
            try
            {
                while (await EraseRowsAsync(partition, _ => true, cancellationToken) is { } erased)
                {
                    turns = (turns ?? 0) + erased;
                }

                // By a scan: whoever was broken off between the call and its entry has left the entry alone.
                var entries = await tables.Days
                    .QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"InstanceId eq {id}"), select: KeyColumns, cancellationToken: cancellationToken)
                    .ToListAsync(cancellationToken);
                if (await EraseRowsAsync(partition, _ => true, cancellationToken) is { } late)
                {
                    turns = (turns ?? 0) + late;
                    continue;
                }

                foreach (var entry in entries)
                {
                    await tables.Days.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, entry.ETag, cancellationToken);
                    turns ??= 0;
                }

                return turns;
            }
            catch (RequestFailedException failure) when (TranscriptTables.AreMissing(failure))
            {
                return turns;
            }
            catch (RequestFailedException failure) when (TranscriptTables.IsConflict(failure) && round < MaxRounds)
            {
                // A turn was stored meanwhile, or somebody else deletes the same call.
            }
        }
    }

    // One call of the sweep, by its entry among the calls of its day; whether it is deleted.
    private async Task<bool> EraseAsync(TableEntity entry, CancellationToken cancellationToken)
    {
        var (call, key) = TableKey.CallOf(entry.RowKey);
        try
        {
            var stored = await tables.Turns.GetEntityIfExistsAsync<TableEntity>(call, TableKey.Owned(TableKey.Call, key), cancellationToken: cancellationToken);
            if (!stored.HasValue || CallSummary.Read(stored.Value!).ToEntry(isOpen: false).RowKey == entry.RowKey)
            {
                while (await EraseRowsAsync(call, row => TableKey.OwnerOf(row) == key, cancellationToken) is not null)
                {
                }
            }

            // Else the call has begun anew since, after it was deleted, and this entry is a remainder.
            await tables.Days.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, entry.ETag, cancellationToken);
            return true;
        }
        catch (RequestFailedException failure) when (TranscriptTables.IsConflict(failure))
        {
            return false;
        }
    }

    // Null when there was nothing to delete; else how many turns were.
    private async Task<int?> EraseRowsAsync(string partition, Func<string, bool> isMeant, CancellationToken cancellationToken)
    {
        var calls = new List<TableEntity>();
        int? turns = null;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        await foreach (var page in tables.Turns.QueryAsync<TableEntity>(filter, select: KeyColumns, cancellationToken: cancellationToken).AsPages())
        {
            var rows = page.Values.Where(row => isMeant(row.RowKey)).ToLookup(row => TableKey.IsCall(row.RowKey));
            // They come first, so each is as it was before its turns were listed.
            calls.AddRange(rows[true]);
            foreach (var changes in rows[false].Chunk(MaxChanges))
            {
                await tables.Turns.SubmitTransactionAsync(
                    changes.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
                turns = (turns ?? 0) + changes.Count(row => TableKey.IsTurn(row.RowKey));
            }
        }

        foreach (var call in calls)
        {
            await tables.Turns.DeleteEntityAsync(call.PartitionKey, call.RowKey, call.ETag, cancellationToken);
            turns ??= 0;
        }

        return turns;
    }
}
