using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>
/// Writes turns, each once: however often it is tried, and however many instances write to one call. The row of a call that was written lately
/// is remembered, and a turn is then one transaction; somebody else's change shows by the row's entity tag, and everything is read again.
/// A call gets its row first, then its entry among the calls of the day, and only then words: <see cref="CallEraser"/> says why that order matters.
/// </summary>
/// <param name="tables">Where they go.</param>
/// <param name="time">The clock.</param>
/// <param name="maxKnown">The most calls that are remembered.</param>
/// <remarks>
/// The entry is written when the call begins, as an open one: lists then read the call's row. When the call has been quiet for a while, its row
/// is marked as closed, and the whole entry written. A turn of a call that is not marked as open opens the entry first, so that at no
/// moment, whoever breaks off, an entry claims to be whole and is not.
/// </remarks>
internal sealed class TurnStore(TranscriptTables tables, TimeProvider time, int maxKnown = TurnStore.MaxKnown)
{
    /// <summary>The most turns of a call in one writing: a filter of the table service has at most 15 comparisons.</summary>
    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/querying-tables-and-entities</remarks>
    public const int MaxTurns = 12;

    /// <summary>The most calls that an app remembers.</summary>
    public const int MaxKnown = 2000;

    /// <summary>How long a call is remembered after its last turn; then its entry is closed.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);

    // More instances than this hardly write to one call at the same time.
    private const int MaxConflicts = 20;

    // So long are the actions and the figures of no usual call; what is remembered must not fill the memory.
    private const int MaxKnownActions = 4 * 1024;

    private static readonly string[] Columns = [.. TurnTranscript.Head.Union(CallSummary.Columns)];

    private readonly ConcurrentDictionary<(string InstanceId, string? Key), KnownCall> _known = new();

    /// <summary>Writes several turns with as many requests as one takes.</summary>
    /// <param name="turns">At most <see cref="MaxTurns"/> of one call and one key, in their order, each in a row of its own.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="RequestFailedException">The table service did not take them.</exception>
    public async Task WriteAsync(IReadOnlyList<TurnTranscript> turns, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                await WriteOnceAsync(turns, cancellationToken);
                return;
            }
            catch (RequestFailedException failure) when (TranscriptTables.AreMissing(failure) && conflicts < MaxConflicts)
            {
                await tables.CreateAsync(cancellationToken);
            }
            catch (RequestFailedException failure) when (TranscriptTables.IsConflict(failure) && conflicts < MaxConflicts)
            {
                // Somebody else changed the call since it was read.
            }
        }
    }

    /// <summary>Closes the entries of calls that were written here and have been quiet since, each once.</summary>
    /// <exception cref="RequestFailedException">The table service is away; the rest are closed the next time, and lists are right meanwhile.</exception>
    public async Task CloseQuietAsync(CancellationToken cancellationToken)
    {
        foreach (var known in _known.Where(known => time.GetElapsedTime(known.Value.Since) >= Quiet))
        {
            await CloseAsync(known.Value, cancellationToken);
            // Unless it has got another turn meanwhile.
            _known.TryRemove(known);
        }
    }

    /// <summary>Closes the entries of a call that is over, and forgets it.</summary>
    /// <exception cref="RequestFailedException">The table service is away.</exception>
    public async Task CloseAsync(string instanceId, CancellationToken cancellationToken)
    {
        foreach (var known in _known.Where(known => known.Key.InstanceId == instanceId))
        {
            await CloseAsync(known.Value, cancellationToken);
            _known.TryRemove(known);
        }
    }

    private async Task WriteOnceAsync(IReadOnlyList<TurnTranscript> turns, CancellationToken cancellationToken)
    {
        var storedTurns = new Dictionary<string, TableEntity>(StringComparer.Ordinal);
        // Taken out: after an attempt that fails in whatever way, it is read again.
        if (!_known.TryRemove((turns[0].InstanceId, turns[0].Key), out var known))
        {
            known = await ReadAsync(turns, storedTurns, cancellationToken);
        }

        var missing = turns.Where(turn => known is null || Stored(turn) is not { } row || !turn.IsHeldBy(row)).ToList();
        var call = known?.Call ?? CallSummary.Before(turns[0]);
        var tag = known?.Tag ?? (await tables.Turns.AddEntityAsync(call.ToRow(), cancellationToken)).Headers.ETag;
        // Also while there is no turn: who deletes the call may be about to delete its entry, too.
        var entry = call.IsOpen ? known?.Entry : (await tables.Days.UpsertEntityAsync(call.ToEntry(isOpen: true), TableUpdateMode.Replace, cancellationToken)).Headers.ETag;
        // A request that names no call is one of its own, and nothing follows.
        var goesOn = turns[0].InstanceId != turns[0].RequestId;
        if (missing is not [])
        {
            var changes = new List<TableTransactionAction>();
            foreach (var turn in missing)
            {
                var stored = Stored(turn);
                var replaces = stored is null || turn.IsToReplace(stored);
                var isCounted = false;
                var before = stored is null ? null : TurnTranscript.Read(stored);
                var whole = before is null ? turn : replaces ? turn.With(before) : before.With(turn);
                call = (replaces ? call.With(whole, known is null ? null : before, out isCounted) : call.Judged(whole, before!)).Paid(turn.Spent);
                changes.Add(
                    !replaces ? new(TableTransactionActionType.UpdateMerge, turn.ToRecount(stored!, whole), stored!.ETag)
                    : stored is null ? new(TableTransactionActionType.Add, (whole with { IsCounted = isCounted }).ToRow(null))
                    : new(TableTransactionActionType.UpdateReplace, (whole with { IsCounted = isCounted }).ToRow(stored), stored.ETag));
            }

            call = call with { IsOpen = goesOn };
            changes.Add(new(TableTransactionActionType.UpdateReplace, call.ToRow(), tag ?? throw NoTag()));
            tag = (await tables.Turns.SubmitTransactionAsync(changes, cancellationToken)).Value[^1].Headers.ETag;
        }

        if (goesOn)
        {
            Remember(call, tag, entry);
        }
        else
        {
            await ListAsync(call, entry ?? throw NoTag(), cancellationToken);
        }

        TableEntity? Stored(TurnTranscript turn) => storedTurns.GetValueOrDefault(TableKey.Of(turn));
    }

    private async Task<KnownCall?> ReadAsync(IReadOnlyList<TurnTranscript> turns, Dictionary<string, TableEntity> storedTurns, CancellationToken cancellationToken)
    {
        var partition = TableKey.Of(turns[0].InstanceId);
        var call = TableKey.Owned(TableKey.Call, turns[0].Key);
        KnownCall? stored = null;
        var rows = string.Join(" or ", turns.Select(TableKey.Of).Prepend(call).Select(row => TableClient.CreateQueryFilter($"RowKey eq {row}")));
        var filter = $"{TableClient.CreateQueryFilter($"PartitionKey eq {partition}")} and ({rows})";
        await foreach (var entity in tables.Turns.QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellationToken))
        {
            if (entity.RowKey == call)
            {
                stored = new KnownCall(CallSummary.Read(entity), entity.ETag, Entry: null, Since: 0);
            }
            else
            {
                storedTurns.Add(entity.RowKey, entity);
            }
        }

        return stored;
    }

    private void Remember(CallSummary call, ETag? tag, ETag? entry)
    {
        if (tag is not { } known || call.ActionLines.Length > MaxKnownActions || call.Figures.Length > MaxKnownActions)
        {
            return;
        }

        if (_known.Count >= maxKnown)
        {
            // Its entry stays open: that costs lists a request, and is right.
            _known.TryRemove(_known.MinBy(other => other.Value.Since));
        }

        _known[(call.InstanceId, call.Key)] = new KnownCall(call, known, entry, time.GetTimestamp());
    }

    private async Task CloseAsync(KnownCall known, CancellationToken cancellationToken)
    {
        try
        {
            // The entry's tag is older than the mark: whoever opens the entry after the mark changes it.
            var whole = known.Call.ToEntry(isOpen: false);
            var entry = known.Entry ?? (await tables.Days.GetEntityAsync<TableEntity>(whole.PartitionKey, whole.RowKey, [nameof(TableEntity.RowKey)], cancellationToken)).Value.ETag;
            var row = known.Call.ToRow();
            var mark = new TableEntity(row.PartitionKey, row.RowKey) { [nameof(CallSummary.IsOpen)] = false };
            await tables.Turns.UpdateEntityAsync(mark, known.Tag, TableUpdateMode.Merge, cancellationToken);
            await ListAsync(known.Call, entry, cancellationToken);
        }
        catch (RequestFailedException failure) when (TranscriptTables.IsConflict(failure) || TranscriptTables.AreMissing(failure))
        {
            // It was deleted, or goes on at another instance, which will close it.
        }
    }

    // Makes an open entry whole, unless it was deleted, or opened again: then it is right as it is.
    private async Task ListAsync(CallSummary call, ETag entry, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Days.UpdateEntityAsync(call.ToEntry(isOpen: false), entry, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException failure) when (TranscriptTables.IsConflict(failure))
        {
            // As said.
        }
    }

    private static InvalidDataException NoTag() => new("The table service gave no entity tag.");

    /// <summary>A call as it was stored.</summary>
    /// <param name="Call">The call.</param>
    /// <param name="Tag">The entity tag of its row.</param>
    /// <param name="Entry">That of its entry among the calls of its day; null where somebody else wrote it.</param>
    /// <param name="Since">When.</param>
    private sealed record KnownCall(CallSummary Call, ETag Tag, ETag? Entry, long Since);
}
