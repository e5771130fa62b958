using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;

namespace Switchboard.Transcripts;

/// <summary>What can be done with the transcripts.</summary>
internal sealed record StoredCalls(CallReader Reader, CallEraser Eraser, OverviewReader Overview);

/// <summary>Whether the platform may tell of calls; then lists put together what it told and the turns.</summary>
/// <param name="AreTaken">Whether callbacks are taken.</param>
internal sealed record CallbackPolicy(bool AreTaken);

/// <summary>Reads what is stored.</summary>
/// <param name="tables">Where it is.</param>
/// <param name="time">The clock.</param>
/// <param name="callbacks">Whether there may be more of a call than its turns; null for no.</param>
internal sealed class CallReader(TranscriptTables tables, TimeProvider time, CallbackPolicy? callbacks = null)
{
    /// <summary>The most calls of a page.</summary>
    public const int PageSize = 100;

    /// <summary>The most turns of a call that are read: a client that sends one <c>instanceId</c> for ever would fill the memory with them.</summary>
    public const int MaxTurns = 1_000;

    /// <summary>The most bytes of turns, as they are in memory, that are read at once: a thousand of the largest turns take 786 MB.</summary>
    public const long MaxBytes = 8 * 1024 * 1024;

    /// <summary>The most calls that one search looks at, and the most bytes of their turns; the next one goes on from there.</summary>
    public const int MaxSearched = 1_000;

    public const long MaxSearchedBytes = 64 * 1024 * 1024;

    /// <summary>How long one search looks at most: whoever asks is told how far it came before they give up.</summary>
    public static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(8);

    // So many calls are read at once, each a page at a time, which has 4 MiB at most.
    private const int SearchedAtOnce = 8;

    // The table service answers up to a thousand rows at once, and each may have a megabyte.
    private const int TurnsAPage = 25;

    /// <summary>The calls that began on a day, newest first.</summary>
    /// <param name="day">The day, by UTC.</param>
    /// <param name="after">The row that the page before ended with; null for the first page.</param>
    /// <param name="search">Which of them; a search looks at <see cref="MaxSearched"/> calls and <see cref="MaxSearchedBytes"/> of turns, and no longer than <see cref="LongestSearch"/>.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<CallPage> ListAsync(DateOnly day, string? after, CallSearch search, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(day)} and RowKey gt {after ?? ""}");
        var calls = new List<CallSummary>();
        var last = after;
        var (searched, inPart, bytes, since) = (0, 0, 0L, time.GetTimestamp());
        await foreach (var page in PagesAsync(tables.Days, filter, PageSize + 1, cancellationToken))
        {
            var resolved = await Task.WhenAll(page.Select(entry => ResolveAsync(entry, cancellationToken)));
            foreach (var some in resolved.Zip(page).Chunk(search.Text is null ? PageSize + 1 : SearchedAtOnce))
            {
                if (!search.IsAll && searched > 0 && (searched >= MaxSearched || bytes >= MaxSearchedBytes || time.GetElapsedTime(since) >= LongestSearch))
                {
                    return new CallPage(calls, last, searched, inPart);
                }

                var looks = await Task.WhenAll(some.Select(pair => LookAsync(pair.First, search, cancellationToken)));
                foreach (var ((call, entry), look) in some.Zip(looks))
                {
                    if (look.IsMeant && calls.Count == PageSize)
                    {
                        return new CallPage(calls, last, searched, inPart);
                    }

                    searched += look.IsCall ? 1 : 0;
                    inPart += look.IsInPart ? 1 : 0;
                    bytes += look.Bytes;
                    last = entry.RowKey;
                    if (look.IsMeant)
                    {
                        calls.Add(call);
                    }
                }
            }
        }

        return new CallPage(calls, null, searched, inPart);
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

    // A call without turns is one whose first turn is being written.
    private async Task<Look> LookAsync(CallSummary call, CallSearch search, CancellationToken cancellationToken)
    {
        if (call.Turns == 0 && call.Endings is null)
        {
            return default;
        }

        if (!search.Takes(call) || search.Text is null || search.IsIn(call))
        {
            return new Look(IsCall: true, IsMeant: search.Takes(call), IsInPart: false, Bytes: 0);
        }

        // Turns, and what the platform told of them; of what another key has asked in a call with the same id, nothing.
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKey.Of(call.InstanceId)} and (RowKey gt {TableKey.AfterCalls} or (RowKey ge {TableKey.EventsOfTurn} and RowKey lt {TableKey.AfterEventsOfTurn}))");
        var (rows, bytes) = (0, 0L);
        await foreach (var page in PagesAsync(tables.Turns, filter, TurnsAPage, cancellationToken))
        {
            foreach (var row in page.Where(row => TableKey.OwnerOf(row.RowKey) is var owner && (owner == call.Key || owner == CallEvent.Owner)))
            {
                if (rows++ == MaxTurns || bytes > MaxBytes)
                {
                    return new Look(IsCall: true, IsMeant: false, IsInPart: true, bytes);
                }

                var isMeant = search.IsIn(row, out var size);
                bytes += size;
                if (isMeant)
                {
                    return new Look(IsCall: true, IsMeant: true, IsInPart: false, bytes);
                }
            }
        }

        return new Look(IsCall: true, IsMeant: false, IsInPart: false, bytes);
    }

    private async Task<CallSummary> ResolveAsync(TableEntity entry, CancellationToken cancellationToken) => callbacks is { AreTaken: true }
        ? await ResolveAllAsync(CallSummary.Read(entry), entry.RowKey, cancellationToken)
        : CallSummary.Read(await tables.ExactAsync(entry, null, cancellationToken));

    // With what the platform told. A call of which it told, and which has no turns, is an entry of its own.
    private async Task<CallSummary> ResolveAllAsync(CallSummary listed, string entry, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {listed.ToRow().PartitionKey} and RowKey ge {TableKey.Call} and RowKey lt {TableKey.AfterCallRows}");
        var rows = await tables.Turns.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        var own = rows.Find(row => row.RowKey == listed.ToRow().RowKey) is { } row && CallSummary.Read(row) is var call && call.ToEntry(call.IsOpen).RowKey == entry ? call : null;
        var facts = rows.Find(row => row.RowKey == TableKey.Events) is { } events ? CallFacts.Read(events) : null;
        var seen = listed.IsOpen && own is not null ? own : listed;
        return listed.Key != CallEvent.Owner ? seen with { Endings = facts?.Ended, Caller = seen.Caller ?? facts?.Person }
            : own is null || rows.Exists(row => row.RowKey != TableKey.Events && CallSummary.Read(row).Turns > 0) ? listed
            : own with { Key = null, Endings = facts!.Ended, Caller = facts.Person };
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

    /// <summary>What came of looking at a call.</summary>
    /// <param name="IsCall">Whether it is one that a list shows.</param>
    /// <param name="IsMeant">Whether it is searched.</param>
    /// <param name="IsInPart">Whether it is too long to be sure.</param>
    /// <param name="Bytes">What was read of it.</param>
    private readonly record struct Look(bool IsCall, bool IsMeant, bool IsInPart, long Bytes);
}
