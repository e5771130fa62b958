using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Switchboard.Transcripts;

/// <summary>Writes turns, each once: however often it is tried, and however many instances write to one call.</summary>
internal sealed class TurnStore(TranscriptTables tables)
{
    // More instances than this hardly write to one call at the same time.
    private const int MaxConflicts = 20;

    private static readonly string[] Columns = [.. TurnRow.Head.Union(CallRow.Columns)];

    /// <exception cref="RequestFailedException">The table service did not take it.</exception>
    public async Task WriteAsync(TurnTranscript turn, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                await ProjectAsync(await WriteOnceAsync(turn, cancellationToken), cancellationToken);
                return;
            }
            catch (RequestFailedException fault) when (IsConflict(fault) && conflicts < MaxConflicts)
            {
                // Somebody else changed the call since it was read.
            }
            catch (RequestFailedException fault) when (TranscriptTables.AreMissing(fault) && conflicts < MaxConflicts)
            {
                await tables.CreateAsync(cancellationToken);
            }
        }
    }

    private static bool IsConflict(RequestFailedException fault) =>
        fault.Status is 409 or 412 || (fault.Status == 404 && fault.ErrorCode == TableErrorCode.ResourceNotFound);

    // The call as it then stands.
    private async Task<CallRow> WriteOnceAsync(TurnTranscript turn, CancellationToken cancellationToken)
    {
        var (storedCall, storedTurn) = await ReadAsync(turn, cancellationToken);
        if (storedTurn is not null && TurnRow.Holds(storedTurn, turn.RequestId))
        {
            return CallRow.Read(storedCall!);
        }

        var call = storedCall is null ? CallRow.Before(turn) : CallRow.Read(storedCall);
        if (storedCall is null)
        {
            // First of all the place by which retention finds the call: no turn may ever be kept without it.
            await ProjectAsync(call, cancellationToken);
        }

        var replaces = storedTurn is null || TurnRow.Replaces(turn, storedTurn);
        call = replaces ? call.With(turn, isNew: storedTurn is null) : call;
        List<TableTransactionAction> changes =
        [
            storedTurn is null ? new(TableTransactionActionType.Add, TurnRow.From(turn, null))
                : replaces ? new(TableTransactionActionType.UpdateReplace, TurnRow.From(turn, storedTurn), storedTurn.ETag)
                : new(TableTransactionActionType.UpdateMerge, TurnRow.Recount(turn, storedTurn), storedTurn.ETag),
            storedCall is null ? new(TableTransactionActionType.Add, call.ToCall())
                : new(TableTransactionActionType.UpdateReplace, call.ToCall(), storedCall.ETag),
        ];
        await tables.Turns.SubmitTransactionAsync(changes, cancellationToken);
        return call;
    }

    private async Task<(TableEntity? Call, TableEntity? Turn)> ReadAsync(TurnTranscript turn, CancellationToken cancellationToken)
    {
        var partition = TableKey.Of(turn.InstanceId);
        var row = TableKey.Of(turn);
        TableEntity? storedCall = null;
        TableEntity? storedTurn = null;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and (RowKey eq {TableKey.Call} or RowKey eq {row})");
        await foreach (var entity in tables.Turns.QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellationToken))
        {
            (storedCall, storedTurn) = entity.RowKey == TableKey.Call ? (entity, storedTurn) : (storedCall, entity);
        }

        return (storedCall, storedTurn);
    }

    // The copy among the calls of the day; never an older one in the place of a newer.
    private async Task ProjectAsync(CallRow call, CancellationToken cancellationToken)
    {
        var copy = call.ToDay();
        var stored = await tables.Days.GetEntityIfExistsAsync<TableEntity>(copy.PartitionKey, copy.RowKey, [nameof(CallRow.Revision)], cancellationToken);
        if (!stored.HasValue)
        {
            await tables.Days.AddEntityAsync(copy, cancellationToken);
        }
        else if (call.Revision > stored.Value!.GetInt32(nameof(CallRow.Revision)))
        {
            await tables.Days.UpdateEntityAsync(copy, stored.Value.ETag, TableUpdateMode.Replace, cancellationToken);
        }
    }
}
