using Azure;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>
/// Writes what the platform told of calls, beside their turns, in the same order as <see cref="TurnStore"/>: a row for the call, its entry among the
/// calls of the day, and only then words; and no word without a change of the call's row. So <see cref="CallEraser"/> misses none.
/// </summary>
internal sealed class CallEventStore(TranscriptTables tables)
{
    /// <summary>The most events of a call in one writing: each may bring the largest row, and a transaction has 4 MiB.</summary>
    public const int MaxEvents = 4;

    // More instances than this hardly write to one call at the same time.
    private const int MaxConflicts = 20;

    /// <summary>Writes several events. Those that were told before change nothing, and cost one request.</summary>
    /// <param name="events">At most <see cref="MaxEvents"/> of one call.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="RequestFailedException">The table service did not take them.</exception>
    public async Task WriteAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                await WriteOnceAsync(events, cancellationToken);
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

    private async Task WriteOnceAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(events, cancellationToken);
        var row = stored.GetValueOrDefault(TableKey.Events);
        var before = row is null ? null : CallFacts.Read(row);
        var facts = before ?? CallFacts.Before(events[0]);
        var tag = row?.ETag ?? (await tables.Turns.AddEntityAsync(facts.ToRow(), cancellationToken)).Headers.ETag ?? throw new InvalidDataException("The table service gave no entity tag.");
        if (!facts.Call.IsOpen)
        {
            // Until it is marked as open, whoever wrote the row may have been broken off before its entry.
            await tables.Days.UpsertEntityAsync(facts.Call.ToEntry(isOpen: true), TableUpdateMode.Replace, cancellationToken);
        }

        facts = events.Aggregate(facts with { Call = facts.Call with { IsOpen = true } }, (facts, told) => facts.With(told));
        var changes = events.Where(told => told.HasSentence).GroupBy(told => TableKey.OfEvents(told.SentenceId)).SelectMany(Change).ToList();
        if (changes is [] && before is not null && Text(before) == Text(facts))
        {
            return;
        }

        changes.Add(new(TableTransactionActionType.UpdateReplace, facts.ToRow(), tag));
        await tables.Turns.SubmitTransactionAsync(changes, cancellationToken);

        IEnumerable<TableTransactionAction> Change(IGrouping<string, CallEvent> told)
        {
            var known = stored.GetValueOrDefault(told.Key);
            var then = known is null ? new SentenceFacts(told.First().SentenceId, new(), []) : SentenceFacts.Read(known);
            var now = told.Aggregate(then, (facts, one) => facts.With(one)).ToRow(facts.Call.InstanceId);
            return known is null ? [new(TableTransactionActionType.Add, now)]
                : Text(now) == Text(then.ToRow(facts.Call.InstanceId)) ? []
                : [new(TableTransactionActionType.UpdateReplace, now, known.ETag)];
        }
    }

    private async Task<Dictionary<string, TableEntity>> ReadAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        var names = events.Where(told => told.HasSentence).Select(told => TableKey.OfEvents(told.SentenceId)).Distinct().Prepend(TableKey.Events);
        var rows = string.Join(" or ", names.Select(row => TableClient.CreateQueryFilter($"RowKey eq {row}")));
        var filter = $"{TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(events[0].InstanceId)}")} and ({rows})";
        return await tables.Turns.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ToDictionaryAsync(row => row.RowKey, StringComparer.Ordinal, cancellationToken);
    }

    private static string Text(CallFacts facts) => Text(facts.ToRow());

    private static string Text(TableEntity row) => string.Join('\n', row.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => $"{column.Key}={(column.Value is DateTimeOffset time ? time.UtcTicks : column.Value)}"));
}
