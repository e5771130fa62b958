using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Memory;

namespace Switchboard.Transcripts;

/// <summary>
/// What tools have done for a call, in its partition beside its turns, for all instances. A row without words claims a run for one of them; its entity tag
/// proves that nobody has taken the claim over since, and the result takes its place. Before each result the call is named among those of the day:
/// <see cref="CallEraser"/> says why that order matters.
/// </summary>
internal sealed partial class ToolRuns(TranscriptTables tables, SharingPatience patience, TimeProvider time, ILogger<ToolRuns> logger) : SharedMemory
{
    /// <summary>How often it is looked whether another instance has got its result.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the tables are not asked after they could not be, or were too slow: a caller hears the wait.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan ShortRest = TimeSpan.FromSeconds(2);

    /// <summary>What a claim lasts beyond the tool's own time: the result has to be stored, and clocks differ.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    // Of a call without end; what is left out is not told.
    private const int MaxRows = 200;

    private long _awayUntil;
    private int _lateReads;

    private bool IsAway => time.GetUtcNow().UtcTicks < Interlocked.Read(ref _awayUntil);

    public override async Task<SharedNews> ReadAsync(CallKey call, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            return new SharedNews([], since);
        }

        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(call)} and RowKey ge {TableKey.Run} and RowKey lt {TableKey.AfterRuns}");
        if (since != default)
        {
            filter += TableClient.CreateQueryFilter($" and Timestamp ge {since}");
        }

        var asking = QueryAsync(call, filter);
        // What comes too late is not cut off: the first request of an app also fetches a token and connects, and the next turn is glad of it.
        _ = asking.ContinueWith(failed => RestAfter(failed.Exception!.InnerException!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        await Task.WhenAny(asking, Task.Delay(patience.Read, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        var found = asking.IsCompletedSuccessfully ? await asking : [];
        if (asking.IsCompleted)
        {
            Interlocked.Exchange(ref _lateReads, 0);
        }
        else if (Interlocked.Increment(ref _lateReads) > 1)
        {
            // The first may have had to connect. After that they are slow, and no caller is to hear the wait in every turn.
            RestAfter(new TimeoutException($"they did not answer within {patience.Read.TotalMilliseconds:0} ms, twice in a row"));
        }

        return new SharedNews(
            [.. found.Select(each => each.Run).OrderBy(run => run.StartedAt).ThenBy(run => run.Occurrence)],
            found.Count == 0 ? since : found.Max(each => each.At));
    }

    public override async Task<SharedClaim> ClaimAsync(SharedRun run, TimeSpan timeout, TimeSpan lifetime)
    {
        var (partition, rowKey) = (Partition(run.Key), RowOf(run));
        var knownUntil = DateTimeOffset.MinValue;
        var giveUp = time.GetUtcNow() + timeout + (2 * Margin);
        while (true)
        {
            var until = time.GetUtcNow() + timeout + Margin;
            SharedClaim? claim = null;
            DateTimeOffset? othersUntil = null;
            var isAsked = await TryAsync(async token =>
            {
                var lease = RunRow.Lease(partition, rowKey, until);
                try
                {
                    claim = new SharedClaim(null, (await tables.Turns.AddEntityAsync(lease, token)).Headers.ETag?.ToString(), until);
                    return;
                }
                catch (RequestFailedException failure) when (TranscriptTables.AreMissing(failure))
                {
                    await tables.CreateAsync(token);
                    return;
                }
                catch (RequestFailedException failure) when (TranscriptTables.IsConflict(failure))
                {
                    // Somebody has claimed it before.
                }

                var stored = await tables.Turns.GetEntityIfExistsAsync<TableEntity>(partition, rowKey, cancellationToken: token);
                if (stored is not { HasValue: true, Value: { } row })
                {
                    return;
                }

                var now = time.GetUtcNow();
                if (RunRow.Read(row, run.Key) is { } known && now - RunRow.At(row) <= lifetime)
                {
                    claim = new SharedClaim(known.Result, null, until);
                }
                else if (RunRow.IsLease(row) && RunRow.At(row) > now)
                {
                    othersUntil = RunRow.At(row);
                }
                else
                {
                    // Its instance is gone, or it is of another turn that looks like this one.
                    var tag = (await tables.Turns.UpdateEntityAsync(lease, row.ETag, TableUpdateMode.Replace, token)).Headers.ETag;
                    claim = new SharedClaim(null, tag?.ToString(), until);
                }
            });
            if (claim is not null)
            {
                return claim;
            }

            knownUntil = othersUntil ?? knownUntil;
            // Where nobody can be asked any more it is waited for as long as the other one may take, and no longer.
            if ((!isAsked && knownUntil <= time.GetUtcNow()) || time.GetUtcNow() > giveUp)
            {
                return new SharedClaim(null, null, until);
            }

            if (othersUntil is not null || !isAsked)
            {
                await Task.Delay(Pace, time, CancellationToken.None);
            }
        }
    }

    private async Task<List<(SharedRun Run, DateTimeOffset At)>> QueryAsync(CallKey call, string filter)
    {
        List<(SharedRun Run, DateTimeOffset At)> found = [];
        await foreach (var row in tables.Turns.QueryAsync<TableEntity>(filter, maxPerPage: MaxRows))
        {
            if (TableKey.OwnerOf(row.RowKey) == Owner(call) && RunRow.Read(row, call) is { } run)
            {
                found.Add((run, row.Timestamp ?? default));
            }

            if (found.Count == MaxRows)
            {
                break;
            }
        }

        return found;
    }

    public override async Task TellAsync(SharedRun run, SharedClaim? claim)
    {
        if (claim is { Tag: null })
        {
            return;
        }

        var (partition, rowKey) = (Partition(run.Key), RowOf(run));
        var until = claim?.Until ?? time.GetUtcNow() + Margin;
        while (true)
        {
            var isTold = await AskAsync(Margin, async token =>
            {
                if (run.Result.Effect == ToolEffect.None)
                {
                    if (claim is not null)
                    {
                        await tables.Turns.DeleteEntityAsync(partition, rowKey, new ETag(claim.Tag!), token);
                    }

                    return;
                }

                var day = TableKey.OfRuns(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
                var named = new TableEntity(day, TableKey.Owned(partition, Owner(run.Key))) { [nameof(CallSummary.InstanceId)] = TableKey.Id(run.Key.Id) };
                await CreatedAsync(() => tables.Days.UpsertEntityAsync(named, TableUpdateMode.Replace, token), token);
                var row = RunRow.Write(partition, rowKey, run, time.GetUtcNow());
                await (claim is null ? tables.Turns.UpsertEntityAsync(row, TableUpdateMode.Replace, token)
                    : tables.Turns.UpdateEntityAsync(row, new ETag(claim.Tag!), TableUpdateMode.Replace, token));
            });
            if (isTold || time.GetUtcNow() > until)
            {
                return;
            }

            await Task.Delay(Pace, time, CancellationToken.None);
        }
    }

    private async Task CreatedAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await write();
        }
        catch (RequestFailedException failure) when (TranscriptTables.AreMissing(failure))
        {
            await tables.CreateAsync(cancellationToken);
            await write();
        }
    }

    /// <summary>Asks the tables unless they are away, and no longer than a caller can wait.</summary>
    private async Task<bool> TryAsync(Func<CancellationToken, Task> ask) => !IsAway && await AskAsync(patience.Claim, ask);

    /// <summary>Asks the tables, no longer than is said. Whether they were asked; somebody else's change is an answer.</summary>
    private async Task<bool> AskAsync(TimeSpan longest, Func<CancellationToken, Task> ask)
    {
        using var late = new CancellationTokenSource(longest, time);
        try
        {
            await ask(late.Token);
            return true;
        }
        catch (RequestFailedException failure) when (IsAnswer(failure))
        {
            return true;
        }
        catch (Exception failure)
        {
            RestAfter(failure);
            return false;
        }
    }

    private static bool IsAnswer(Exception failure) =>
        failure is RequestFailedException answer && (TranscriptTables.IsConflict(answer) || TranscriptTables.AreMissing(answer));

    private void RestAfter(Exception failure)
    {
        var now = time.GetUtcNow();
        var rest = failure is OperationCanceledException ? ShortRest : Rest;
        if (!IsAnswer(failure) && Interlocked.Exchange(ref _awayUntil, (now + rest).UtcTicks) < now.UtcTicks)
        {
            var described = TranscriptTables.IsOutage(failure) ? FailureText.Describe(failure) : FailureText.DescribeWithStack(failure);
            LogAway(logger, described);
        }
    }

    private static string Partition(CallKey call) => TableKey.Of(TableKey.Id(call.Id));

    // As turns name it.
    private static string Owner(CallKey call) => call.Owner[..8];

    private static string RowOf(SharedRun run) => TableKey.Owned(TableKey.Run + run.Id, Owner(run.Key));

    [LoggerMessage(EventId = 513, Level = LogLevel.Warning, Message =
        "What tools have done for calls cannot be shared with other instances now; each knows its own, and the tables are asked again soon: {Failure}")]
    private static partial void LogAway(ILogger logger, FailureText failure);
}

/// <summary>How long a caller waits for the tables.</summary>
/// <param name="Read">The longest that a turn waits to be told what other instances have done.</param>
/// <param name="Claim">The longest that a tool waits for its claim.</param>
internal sealed record SharingPatience(TimeSpan Read, TimeSpan Claim)
{
    public static readonly SharingPatience Default = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500));
}
