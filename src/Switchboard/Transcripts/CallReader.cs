using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>What can be done with the transcripts.</summary>
internal sealed record StoredCalls(CallReader Reader, CallEraser Eraser);

/// <summary>Whether the platform may tell of calls; then lists put together what it told and the turns.</summary>
/// <param name="AreTaken">Whether callbacks are taken.</param>
internal sealed record CallbackPolicy(bool AreTaken);

/// <summary>Reads what is stored.</summary>
/// <param name="tables">Where it is.</param>
/// <param name="callbacks">Whether there may be more of a call than its turns; null for no.</param>
internal sealed class CallReader(TranscriptTables tables, CallbackPolicy? callbacks = null)
{
    /// <summary>The most calls of a page.</summary>
    public const int PageSize = 100;

    /// <summary>The most turns of a call that are read: a client that sends one <c>instanceId</c> for ever would fill the memory with them.</summary>
    public const int MaxTurns = 1_000;

    /// <summary>The most bytes of turns, as they are in memory, that are read at once: a thousand of the largest turns take 786 MB.</summary>
    public const long MaxBytes = 8 * 1024 * 1024;

    // The table service answers up to a thousand rows at once, and each may have a megabyte.
    private const int TurnsAPage = 25;

    /// <summary>The calls that began on a day, newest first.</summary>
    /// <param name="day">The day, by UTC.</param>
    /// <param name="after">The row that the page before ended with; null for the first page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The page, and its last row where there are more; else null.</returns>
    public async Task<(IReadOnlyList<CallSummary> Calls, string? Next)> ListAsync(DateOnly day, string? after, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(day)} and RowKey gt {after ?? ""}");
        var calls = new List<CallSummary>();
        var last = after;
        await foreach (var page in PagesAsync(tables.Days, filter, PageSize + 1, cancellationToken))
        {
            var resolved = await Task.WhenAll(page.Select(entry => ResolveAsync(entry, cancellationToken)));
            // A call without turns is one whose first turn is being written.
            foreach (var (call, entry) in resolved.Zip(page).Where(pair => pair.First.Turns > 0 || pair.First.Endings is not null))
            {
                if (calls.Count == PageSize)
                {
                    return (calls, last);
                }

                calls.Add(call);
                last = entry.RowKey;
            }
        }

        return (calls, null);
    }

    /// <summary>The first turns of a call in their order, none when there is no such call, and whether there are more than <see cref="MaxTurns"/> or <see cref="MaxBytes"/> allow; one is always read.</summary>
    public async Task<(IReadOnlyList<TurnTranscript> Turns, bool HasMore)> ReadAsync(string instanceId, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(TableKey.Id(instanceId))} and RowKey gt {TableKey.AfterCalls}");
        var rows = new List<string>();
        var turns = new List<TurnTranscript>();
        var bytes = 0L;
        await foreach (var page in PagesAsync(tables.Turns, filter, TurnsAPage, cancellationToken))
        {
            foreach (var entity in page)
            {
                var turn = TurnTranscript.Read(entity);
                bytes += turn.Size;
                if (turns.Count == MaxTurns || (turns.Count > 0 && bytes > MaxBytes))
                {
                    return (Ordered(), true);
                }

                rows.Add(entity.RowKey);
                turns.Add(turn);
            }
        }

        return (Ordered(), false);

        IReadOnlyList<TurnTranscript> Ordered() => TableKey.AreOrdered(rows) ? turns : [.. turns.OrderBy(turn => turn.StartedAt)];
    }

    /// <summary>What the platform told of a call and of its turns; null when it told nothing.</summary>
    public async Task<(CallFacts Call, IReadOnlyList<SentenceFacts> Sentences)?> ReadEventsAsync(string instanceId, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKey.Of(TableKey.Id(instanceId))} and (RowKey eq {TableKey.Events} or (RowKey ge {TableKey.EventsOfTurn} and RowKey lt {TableKey.AfterEventsOfTurn}))");
        CallFacts? call = null;
        var sentences = new List<SentenceFacts>();
        var bytes = 0L;
        await foreach (var page in PagesAsync(tables.Turns, filter, TurnsAPage, cancellationToken))
        {
            foreach (var row in page)
            {
                if (row.RowKey == TableKey.Events)
                {
                    call = CallFacts.Read(row);
                }
                else if (sentences.Count < MaxTurns && bytes <= MaxBytes)
                {
                    var sentence = SentenceFacts.Read(row);
                    bytes += sizeof(char) * sentence.Lines.Sum(line => (long)line.Length);
                    sentences.Add(sentence);
                }
            }
        }

        return call is null ? null : (call, sentences);
    }

    private Task<CallSummary> ResolveAsync(TableEntity entry, CancellationToken cancellationToken) =>
        callbacks is { AreTaken: true } ? ResolveAllAsync(CallSummary.Read(entry), entry.RowKey, cancellationToken) : ResolveOneAsync(entry, cancellationToken);

    // With what the platform told. A call of which it told, and which has no turns, is an entry of its own.
    private async Task<CallSummary> ResolveAllAsync(CallSummary listed, string entry, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {listed.ToRow().PartitionKey} and RowKey ge {TableKey.Call} and RowKey lt {TableKey.AfterCallRows}");
        var rows = await tables.Turns.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        var own = rows.Find(row => row.RowKey == listed.ToRow().RowKey) is { } row && CallSummary.Read(row) is var call && call.ToEntry(call.IsOpen).RowKey == entry ? call : null;
        var facts = rows.Find(row => row.RowKey == TableKey.Events) is { } events ? CallFacts.Read(events) : null;
        return listed.Key != CallEvent.Owner ? (listed.IsOpen && own is not null ? own : listed) with { Endings = facts?.Ended }
            : own is null || rows.Exists(row => row.RowKey != TableKey.Events && CallSummary.Read(row).Turns > 0) ? listed
            : own with { Key = null, Endings = facts!.Ended };
    }

    // While an entry is open, the call's own row is the one that is exact.
    private async Task<CallSummary> ResolveOneAsync(TableEntity entry, CancellationToken cancellationToken)
    {
        var listed = CallSummary.Read(entry);
        if (!listed.IsOpen)
        {
            return listed;
        }

        var row = listed.ToRow();
        var stored = await tables.Turns.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
        // One that began anew, after it was deleted, has another entry.
        return stored.HasValue && CallSummary.Read(stored.Value!) is var call && call.ToEntry(call.IsOpen).RowKey == entry.RowKey ? call : listed;
    }

    private static async IAsyncEnumerable<IReadOnlyList<TableEntity>> PagesAsync(
        TableClient table, string filter, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = table.QueryAsync<TableEntity>(filter, pageSize, cancellationToken: cancellationToken).AsPages().GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync())
        {
            yield return pages.Current.Values;
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await pages.MoveNextAsync();
            }
            catch (RequestFailedException failure) when (TranscriptTables.AreMissing(failure))
            {
                // Nothing was ever stored.
                return false;
            }
        }
    }
}
