using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>Calls whose time is over are deleted, and no others.</summary>
public abstract class RetentionTests(TestTables tables)
{
    private static readonly DateOnly Today = new(2026, 11, 24);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erase_BeforeADay_DeletesWhatBeganEarlier()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("old", "1") with { StartedAt = new(2026, 11, 22, 23, 59, 59, TimeSpan.Zero) });
        // A call that is still going on belongs to the day that it began on.
        await rig.WriteAsync(StoreRig.Turn("old", "2") with { StartedAt = new(2026, 11, 23, 0, 0, 1, TimeSpan.Zero) });
        await rig.WriteAsync(StoreRig.Turn("new", "1") with { StartedAt = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero) });

        Assert.Equal(1, await rig.Eraser.EraseBeforeAsync(new DateOnly(2026, 11, 23), 100, Cancelled));

        Assert.Empty(await rig.ReadAsync("old"));
        Assert.Empty(await rig.ListAsync(new DateOnly(2026, 11, 22)));
        Assert.Single(await rig.ReadAsync("new"));
    }

    [Fact]
    public async Task Erase_TheSameCallOfAnotherKey_IsKeptAsLongAsItsOwnDay()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Key = "11111111", StartedAt = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero) });
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Key = "22222222", StartedAt = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero) });

        Assert.Equal(1, await rig.Eraser.EraseBeforeAsync(new DateOnly(2026, 11, 23), 100, Cancelled));

        Assert.Equal("22222222", Assert.Single(await rig.ReadAsync("call")).Key);
        Assert.Single(await rig.ListAsync(new DateOnly(2026, 11, 23)));
    }

    [Fact]
    public async Task Erase_APlaceThatACallLeftWhenItBeganAnew_IsTheOnlyThingThatGoes()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Key = "11111111" });
        var place = await rig.Tables.Days.QueryAsync<TableEntity>(cancellationToken: Cancelled).SingleAsync(Cancelled);
        place.PartitionKey = "2026-11-01";
        place.RowKey = TableKey.OfDay(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), TableKey.Owned("call", "11111111"));
        await rig.Tables.Days.AddEntityAsync(place, Cancelled);

        Assert.Equal(1, await rig.Eraser.EraseBeforeAsync(new DateOnly(2026, 11, 20), 100, Cancelled));

        Assert.Single(await rig.ReadAsync("call"));
        Assert.Single(await rig.ListAsync(Today));
        Assert.Empty(await rig.ListAsync(new DateOnly(2026, 11, 1)));
    }

    [Fact]
    public async Task Erase_MoreThanItMay_LeavesTheRestForTheNextTime()
    {
        var rig = await RigAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(call => rig.WriteAsync(StoreRig.Turn($"call-{call}", "1", call))));

        Assert.Equal(3, await rig.Eraser.EraseBeforeAsync(Today.AddDays(1), 3, Cancelled));
        Assert.Equal(2, (await rig.ListAsync(Today)).Count);
        Assert.Equal(2, await rig.Eraser.EraseBeforeAsync(Today.AddDays(1), 3, Cancelled));
        Assert.Empty(await rig.ListAsync(Today));
    }

    [Fact]
    public async Task Erase_BrokenOff_IsFinishedTheNextTime()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy);
        await rig.WriteAsync(StoreRig.Turn("call", "1"));
        proxy.Decide = request => ValueTask.FromResult(request.Method == "DELETE" ? ProxyAction.Drop : ProxyAction.Forward);
        await Assert.ThrowsAnyAsync<Azure.RequestFailedException>(() => rig.Eraser.EraseBeforeAsync(Today.AddDays(1), 3, Cancelled));

        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        Assert.Equal(1, await rig.Eraser.EraseBeforeAsync(Today.AddDays(1), 3, Cancelled));

        Assert.Empty(await rig.ListAsync(Today));
    }

    [Fact]
    public async Task Erase_ByTwoAtOnce_DeletesAll()
    {
        var rig = await RigAsync();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(call => rig.WriteAsync(StoreRig.Turn($"call-{call}", "1", call))));

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => rig.Eraser.EraseBeforeAsync(Today.AddDays(1), 100, Cancelled))));

        Assert.Equal(0, await rig.Eraser.EraseBeforeAsync(Today.AddDays(1), 100, Cancelled));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public async Task Sweep_ACallsLastDay_IsTheOneThatTheSettingSays(int days, bool isKept)
    {
        var rig = await RigAsync();
        var time = new WatchedTime();
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { StartedAt = time.GetUtcNow().AddDays(-days) });
        var log = new FakeLogger<TranscriptSweep>();
        using var sweep = new TranscriptSweep(rig.Eraser, new TranscriptsOptions { RetentionDays = 30 }, time, log);
        await sweep.StartAsync(Cancelled);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Soon, Cancelled);

        time.Advance(TranscriptSweep.Soon);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Interval, Cancelled);

        Assert.Equal(isKept ? 1 : 0, (await rig.ReadAsync("call")).Count);
        Assert.Equal(isKept ? [] : ["Retention: 1 calls that began before 2026-10-24 were deleted"], log.Collector.GetSnapshot().Select(record => record.Message));
        await sweep.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Sweep_NoTablesYetAndThenAnOutage_GoesOn()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy);
        var time = new WatchedTime();
        var log = new FakeLogger<TranscriptSweep>();
        using var sweep = new TranscriptSweep(rig.Eraser, new TranscriptsOptions { RetentionDays = 30 }, time, log);
        await sweep.StartAsync(Cancelled);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Soon, Cancelled);
        time.Advance(TranscriptSweep.Soon);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Interval, Cancelled);
        Assert.Empty(log.Collector.GetSnapshot());

        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Drop);
        time.Advance(TranscriptSweep.Interval);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Interval, Cancelled);
        Assert.Equal((511, LogLevel.Warning), (log.LatestRecord.Id.Id, log.LatestRecord.Level));

        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { StartedAt = time.GetUtcNow().AddDays(-40) });
        time.Advance(TranscriptSweep.Interval);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Interval, Cancelled);
        Assert.Empty(await rig.ReadAsync("call"));
        await sweep.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Sweep_FaultOfThisApp_IsNoOutageAndLoggedWithItsStack()
    {
        var time = new WatchedTime();
        var log = new FakeLogger<TranscriptSweep>();
        using var sweep = new TranscriptSweep(new CallEraser(StoreRig.Broken()), new TranscriptsOptions { RetentionDays = 30 }, time, log);
        await sweep.StartAsync(Cancelled);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Soon, Cancelled);

        time.Advance(TranscriptSweep.Soon);
        await time.WaitForTimerAsync(wait => wait == TranscriptSweep.Interval, Cancelled);

        Assert.Equal((512, LogLevel.Error), (log.LatestRecord.Id.Id, log.LatestRecord.Level));
        Assert.Contains(nameof(CallEraser), log.LatestRecord.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("words", log.LatestRecord.Message, StringComparison.Ordinal);
        await sweep.StopAsync(Cancelled);
    }

    private async Task<StoreRig> RigAsync() => new(await tables.OpenAsync());
}

public sealed class RetentionInTablesTests(SharedAzurite azurite) : RetentionTests(azurite);

public sealed class RetentionInMemoryTests() : RetentionTests(new TablesInMemory());
