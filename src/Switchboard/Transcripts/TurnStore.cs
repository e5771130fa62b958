using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Switchboard.Transcripts;

/// <summary>
/// Writes turns, each once: however often it is tried, and however many instances write to one call. A call gets its row first, then its
/// place among the calls of the day, and only then words: <see cref="CallEraser"/> says why that order, and the entity tags, matter.
/// </summary>
internal sealed class TurnStore(TranscriptTables tables)
{
    /// <summary>The most turns of a call in one writing: a filter of the table service has at most 15 comparisons.</summary>
    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities</remarks>
    public const int MaxTurns = 12;

    // More instances than this hardly write to one call at the same time.
    private const int MaxConflicts = 20;

    private static readonly string[] Columns = [.. TurnRow.Head.Union(CallRow.Columns)];

    /// <exception cref="RequestFailedException">The table service did not take it.</exception>
    public Task WriteAsync(TurnTranscript turn, CancellationToken cancellationToken) => WriteAsync([turn], cancellationToken);

    /// <summary>Writes several turns with as many requests as one takes.</summary>
    /// <param name="turns">At most <see cref="MaxTurns"/> of one call and one key, in their order, each in a row of its own.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="RequestFailedException">The table service did not take them.</exception>
    public async Task WriteAsync(IReadOnlyList<TurnTranscript> turns, CancellationToken cancellationToken)
    {
        var (call, place) = await TryAsync(() => WriteOnceAsync(turns, cancellationToken), cancellationToken);
        // Apart from the writing: a turn that was deleted since must not be written once more.
        await TryAsync(
            async () =>
            {
                var known = place;
                place = null;
                await ProjectAsync(call, known, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                return await attempt();
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

    // The call as it then stands, and the tag of its place where it is known.
    private async Task<(CallRow Call, ETag? Place)> WriteOnceAsync(IReadOnlyList<TurnTranscript> turns, CancellationToken cancellationToken)
    {
        var (storedCall, storedTurns) = await ReadAsync(turns, cancellationToken);
        var missing = turns.Where(turn => storedCall is null || Stored(turn) is not { } row || !TurnRow.Holds(row, turn.RequestId)).ToList();
        if (missing is [])
        {
            return (CallRow.Read(storedCall!), null);
        }

        var call = storedCall is null ? CallRow.Before(missing[0]) : CallRow.Read(storedCall);
        var tag = storedCall?.ETag ?? Tag(await tables.Turns.AddEntityAsync(call.ToCall(), cancellationToken));
        // While there is no turn, who deletes the call may be about to delete its place, too.
        var place = call.Summary.Turns == 0 ? await TakePlaceAsync(call, cancellationToken) : default(ETag?);
        var changes = new List<TableTransactionAction>();
        foreach (var turn in missing)
        {
            var stored = Stored(turn);
            var replaces = stored is null || TurnRow.Replaces(turn, stored);
            call = replaces ? call.With(turn, isNew: stored is null || storedCall is null) : call;
            changes.Add(
                stored is null ? new(TableTransactionActionType.Add, TurnRow.From(turn, null))
                : replaces ? new(TableTransactionActionType.UpdateReplace, TurnRow.From(turn, stored), stored.ETag)
                : new(TableTransactionActionType.UpdateMerge, TurnRow.Recount(turn, stored), stored.ETag));
        }

        changes.Add(new(TableTransactionActionType.UpdateReplace, call.ToCall(), tag));
        await tables.Turns.SubmitTransactionAsync(changes, cancellationToken);
        return (call, place);

        TableEntity? Stored(TurnTranscript turn) => storedTurns.GetValueOrDefault(TableKey.Of(turn));
    }

    private async Task<(TableEntity? Call, Dictionary<string, TableEntity> Turns)> ReadAsync(IReadOnlyList<TurnTranscript> turns, CancellationToken cancellationToken)
    {
        var partition = TableKey.Of(turns[0].InstanceId);
        var call = TableKey.Owned(TableKey.Call, turns[0].Key);
        TableEntity? storedCall = null;
        var storedTurns = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        var rows = string.Join(" or ", turns.Select(TableKey.Of).Prepend(call).Select(row => TableClient.CreateQueryFilter($"RowKey eq {row}")));
        var filter = $"{TableClient.CreateQueryFilter($"PartitionKey eq {partition}")} and ({rows})";
        await foreach (var entity in tables.Turns.QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellationToken))
        {
            if (entity.RowKey == call)
            {
                storedCall = entity;
            }
            else
            {
                storedTurns.Add(entity.RowKey, entity);
            }
        }

        return (storedCall, storedTurns);
    }

    // Makes the call's place among those of its day, or changes its tag where there is one.
    private async Task<ETag> TakePlaceAsync(CallRow call, CancellationToken cancellationToken) =>
        Tag(await tables.Days.UpsertEntityAsync(call.ToPlace(), TableUpdateMode.Merge, cancellationToken));

    // The copy among the calls of the day; never an older one in the place of a newer.
    private async Task ProjectAsync(CallRow call, ETag? place, CancellationToken cancellationToken)
    {
        var copy = call.ToDay();
        if (place is null)
        {
            var stored = await tables.Days.GetEntityIfExistsAsync<TableEntity>(copy.PartitionKey, copy.RowKey, [nameof(CallRow.Revision)], cancellationToken);
            if (stored.HasValue && call.Revision <= (stored.Value!.GetInt32(nameof(CallRow.Revision)) ?? 0))
            {
                return;
            }

            place = stored.HasValue ? stored.Value!.ETag : await TakePlaceAgainAsync(call, cancellationToken);
        }

        if (place is { } tag)
        {
            await tables.Days.UpdateEntityAsync(copy, tag, TableUpdateMode.Replace, cancellationToken);
        }
    }

    // The call had its place before its first turn was stored. Without it the call was deleted since, most likely.
    private async Task<ETag?> TakePlaceAgainAsync(CallRow call, CancellationToken cancellationToken)
    {
        var tag = await TakePlaceAsync(call, cancellationToken);
        var row = call.ToCall();
        var stored = await tables.Turns.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, [nameof(TableEntity.RowKey)], cancellationToken);
        if (stored.HasValue)
        {
            return tag;
        }

        var place = call.ToPlace();
        await tables.Days.DeleteEntityAsync(place.PartitionKey, place.RowKey, tag, cancellationToken);
        return null;
    }

    private static ETag Tag(Response response) => response.Headers.ETag ?? throw new InvalidDataException("The table service gave no entity tag.");
}
