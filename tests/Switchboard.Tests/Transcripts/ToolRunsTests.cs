using Azure.Data.Tables;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Switchboard.Memory;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>What tools have done, in the tables: claimed by one, told to all, and deleted with their call.</summary>
public abstract class ToolRunsTests(TestTables tables)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly WatchedTime _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Claim_InstanceThatHasItIsGone_IsTakenOverWhenItsTimeIsUp()
    {
        var (rig, one) = await StartAsync();
        var two = Runs(rig);
        var first = await one.ClaimAsync(Run(), Timeout, Lifetime);
        var claiming = two.ClaimAsync(Run(), Timeout, Lifetime);
        await _time.WaitForTimerAsync(wait => wait == ToolRuns.Pace, Cancelled);
        Assert.False(claiming.IsCompleted);

        _time.Advance(Timeout + ToolRuns.Margin);
        var second = await claiming;

        Assert.Null(second.Found);
        Assert.NotNull(second.Tag);
        // The first was only slow, and comes too late.
        await one.TellAsync(Run("late"), first);
        await two.TellAsync(Run("found"), second);
        Assert.Equal("found", (await ToldAsync(two)).Result.Text);
    }

    [Fact]
    public async Task Claim_OfARunFromBefore_IsANewOne()
    {
        var (_, runs) = await StartAsync();
        await runs.TellAsync(Run("before"), await runs.ClaimAsync(Run(), Timeout, Lifetime));
        await ToldAsync(runs);
        Assert.Equal("before", (await runs.ClaimAsync(Run(), Timeout, Lifetime)).Found?.Text);

        _time.Advance(Lifetime + TimeSpan.FromSeconds(1));

        Assert.Null((await runs.ClaimAsync(Run(), Timeout, Lifetime)).Found);
    }

    [Fact]
    public async Task Tell_ThatNothingWasDone_LeavesNothing()
    {
        var (rig, runs) = await StartAsync();
        await runs.TellAsync(Run() with { Result = ToolResult.Nothing }, await runs.ClaimAsync(Run(), Timeout, Lifetime));

        while (await rig.Tables.Turns.QueryAsync<TableEntity>(cancellationToken: Cancelled).AnyAsync(Cancelled))
        {
        }

        Assert.Empty((await runs.ReadAsync(Run().Key, default, Cancelled)).Runs);
    }

    [Fact]
    public async Task Read_LongAndOddTexts_ComeBackAsTheyWere()
    {
        var (_, runs) = await StartAsync();
        var run = Run(new string('\u00e4', 32_768)) with { Said = "Hi \ud83d\ude00", Where = Run().Where with { TurnId = "7", Prior = "p" } };
        await runs.TellAsync(run, await runs.ClaimAsync(run, Timeout, Lifetime));

        var told = await ToldAsync(runs);

        Assert.Equal(run with { Call = told.Call }, told);
        Assert.Equal(("id-1", "book", "Bonn"), (told.Call.CallId, told.Call.Name, told.Call.Arguments!["city"]!.ToString()));
    }

    [Fact]
    public async Task Read_TablesAreSlowTwiceInARow_AreNotWaitedForUntilTheyHaveRested()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var hold = new TaskCompletionSource();
        proxy.Decide = async _ =>
        {
            await hold.Task;
            return ProxyAction.Drop;
        };
        var runs = Runs(new StoreRig(proxy, time: _time));
        for (var turn = 0; turn < 2; turn++)
        {
            var reading = runs.ReadAsync(Run().Key, default, Cancelled);
            Assert.False(reading.IsCompleted);
            _time.Advance(SharingPatience.Default.Read);
            Assert.Empty((await reading).Runs);
        }

        Assert.True(runs.ReadAsync(Run().Key, default, Cancelled).IsCompletedSuccessfully);
        _time.Advance(ToolRuns.Rest);
        Assert.False(runs.ReadAsync(Run().Key, default, Cancelled).IsCompleted);
        hold.SetResult();
    }

    [Fact]
    public async Task Erase_Call_DeletesItsRunsToo()
    {
        var (rig, runs) = await StartAsync();
        await rig.WriteAsync(StoreRig.Turn("call-1", "1"));
        await runs.TellAsync(Run("found"), await runs.ClaimAsync(Run(), Timeout, Lifetime));
        await ToldAsync(runs);
        Assert.Single(await rig.ReadAsync("call-1"));
        Assert.Equal(1, Assert.Single(await rig.ListAsync()).Turns);

        Assert.Equal(1, await rig.Eraser.EraseAsync("call-1", Cancelled));

        await AssertNothingIsLeftAsync(rig);
    }

    [Fact]
    public async Task Erase_CallWhoseTurnWasNeverStored_DeletesItsRuns()
    {
        var (rig, runs) = await StartAsync();
        await runs.TellAsync(Run("found"), await runs.ClaimAsync(Run(), Timeout, Lifetime));
        await ToldAsync(runs);
        Assert.Empty(await rig.ReadAsync("call-1"));
        Assert.Empty(await rig.ListAsync(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime)));

        Assert.Equal(0, await rig.Eraser.EraseAsync("call-1", Cancelled));

        await AssertNothingIsLeftAsync(rig);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task EraseRuns_Before_DeletesWhatIsOlderAndLeavesTheTurns(int days, bool isKept)
    {
        var (rig, runs) = await StartAsync();
        await rig.WriteAsync(StoreRig.Turn("call-1", "1"));
        await runs.TellAsync(Run("found"), await runs.ClaimAsync(Run(), Timeout, Lifetime));
        await ToldAsync(runs);

        await rig.Eraser.EraseRunsBeforeAsync(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime).AddDays(days), 10, Cancelled);

        Assert.Equal(isKept ? 1 : 0, (await runs.ReadAsync(Run().Key, default, Cancelled)).Runs.Count);
        Assert.Single(await rig.ReadAsync("call-1"));
    }

    // A result is never put back for a call that was deleted meanwhile.
    [Fact]
    public async Task Tell_CallIsDeletedMeanwhile_LeavesNothing()
    {
        var (rig, runs) = await StartAsync();
        var claim = await runs.ClaimAsync(Run(), Timeout, Lifetime);
        await rig.Eraser.EraseAsync("call-1", Cancelled);

        await runs.TellAsync(Run("found"), claim);

        // It names the call first, and then finds no row.
        while (!await rig.Tables.Days.QueryAsync<TableEntity>(cancellationToken: Cancelled).AnyAsync(Cancelled))
        {
        }

        Assert.Empty((await runs.ReadAsync(Run().Key, default, Cancelled)).Runs);
    }

    private static SharedRun Run(string result = "") => new()
    {
        Key = new CallKey("0123456789abcdef", KnownBy.Call, "call-1"),
        Where = new TurnPlace("place", "turn", null, null, 1, 0),
        Tool = "tool",
        Occurrence = 0,
        Round = "round-1",
        Call = new FunctionCallContent("id-1", "book", new Dictionary<string, object?> { ["city"] = "Bonn" }),
        Said = "A table",
        Words = "words",
        StartedAt = StoreRig.Start,
        Result = new ToolResult(result, ToolEffect.Answered),
    };

    private static async Task AssertNothingIsLeftAsync(StoreRig rig)
    {
        Assert.False(await rig.Tables.Turns.QueryAsync<TableEntity>(cancellationToken: Cancelled).AnyAsync(Cancelled));
        Assert.False(await rig.Tables.Days.QueryAsync<TableEntity>(cancellationToken: Cancelled).AnyAsync(Cancelled));
    }

    private static async Task<SharedRun> ToldAsync(ToolRuns runs)
    {
        while (true)
        {
            if ((await runs.ReadAsync(Run().Key, default, Cancelled)).Runs is [var run])
            {
                return run;
            }
        }
    }

    private ToolRuns Runs(StoreRig rig) => new(rig.Tables, SharingPatience.Default, _time, NullLogger<ToolRuns>.Instance);

    private async Task<(StoreRig Rig, ToolRuns Runs)> StartAsync()
    {
        var rig = new StoreRig(await tables.OpenAsync(), time: _time);
        await rig.Tables.CreateAsync(Cancelled);
        return (rig, Runs(rig));
    }
}

public sealed class ToolRunsInTablesTests(SharedAzurite azurite) : ToolRunsTests(azurite);

public sealed class ToolRunsInMemoryTests() : ToolRunsTests(new TablesInMemory());
