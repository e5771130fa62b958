using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Switchboard.Transcripts;

/// <summary>Deletes calls with all their turns.</summary>
internal sealed class CallEraser(TranscriptTables tables)
{
    // https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
    private const int MaxChanges = 100;

    private static readonly string[] KeyColumns = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    /// <summary>Deletes calls that began before <paramref name="day"/>, the oldest day first.</summary>
    /// <param name="day">The first day that is kept.</param>
    /// <param name="most">The most calls.</param>
    /// <param name="cancellationToken">Ends it between two requests.</param>
    /// <returns>How many calls were deleted.</returns>
    public async Task<int> EraseBeforeAsync(DateOnly day, int most, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {TableKey.Of(day)}");
        var deleted = 0;
        await foreach (var entity in tables.Days.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            await EraseAsync(CallRow.Read(entity), cancellationToken);
            if (++deleted == most)
            {
                break;
            }
        }

        return deleted;
    }

    /// <summary>Deletes one call.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> EraseAsync(string instanceId, CancellationToken cancellationToken)
    {
        var partition = TableKey.Of(TableKey.Id(instanceId));
        var call = await tables.Turns.GetEntityIfExistsAsync<TableEntity>(partition, TableKey.Call, cancellationToken: cancellationToken);
        if (call.HasValue)
        {
            await EraseAsync(CallRow.Read(call.Value!), cancellationToken);
        }

        return call.HasValue;
    }

    private async Task EraseAsync(CallRow call, CancellationToken cancellationToken)
    {
        try
        {
            await EraseTurnsAsync(TableKey.Of(call.Summary.InstanceId), cancellationToken);
            // The place among the calls of the day goes last: by it, what a failure leaves behind is found again.
            var copy = call.ToDay();
            await tables.Days.DeleteEntityAsync(copy.PartitionKey, copy.RowKey, ETag.All, cancellationToken);
        }
        catch (RequestFailedException fault) when (fault.ErrorCode == TableErrorCode.ResourceNotFound)
        {
            // Another instance deletes the same call.
        }
    }

    private async Task EraseTurnsAsync(string partition, CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
        await foreach (var row in tables.Turns.QueryAsync<TableEntity>(filter, select: KeyColumns, cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        // The call itself goes last of its rows, so that deleting one call that was broken off can be repeated.
        foreach (var changes in rows.OrderByDescending(row => row.RowKey, StringComparer.Ordinal).Chunk(MaxChanges))
        {
            await tables.Turns.SubmitTransactionAsync(
                changes.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
        }
    }
}
