using Azure.Data.Tables;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>
/// A call is deleted while turns of it are stored, and either may break off for ever at any of its requests: what is left of the words can
/// always be found, by the list of its day and by the sweep.
/// </summary>
public abstract class ErasureTests(TestTables tables)
{
    private const int Never = Side.Never;

    private static readonly DateOnly Tomorrow = DateOnly.FromDateTime(StoreRig.Start.UtcDateTime).AddDays(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(2, true)]
    public async Task Write_TheCallIsDeletedBetweenAnyTwoRequestsAndEitherBreaksOff_LeavesNoWordsUnfound(int stored, bool isKnown)
    {
        await using var sides = await SidesAsync();
        // The writer stands still before one request while the other deletes, which breaks off at one, and breaks off later itself.
        for (var pause = 0; pause < 7; pause++)
        {
            foreach (var broken in (int[])[0, 1, 2, 3, 4, 5, Never])
            {
                foreach (var end in (int[])[pause + 1, pause + 2, Never])
                {
                    var call = $"{stored}-{pause}-{broken}-{end}";
                    await sides.PutAsync(call, stored, isKnown);
                    await sides.Writer.RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "7")), end, pause, () => sides.Eraser.RunAsync(rig => EraseAsync(rig, call), broken));
                    await sides.AssertFoundAsync(call);
                }
            }
        }

        await sides.AssertSweptAsync();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(2, true)]
    public async Task Erase_ATurnIsStoredBetweenAnyTwoRequestsAndEitherBreaksOff_LeavesNoWordsUnfound(int stored, bool isKnown)
    {
        await using var sides = await SidesAsync();
        for (var pause = 0; pause < 8; pause++)
        {
            foreach (var broken in (int[])[0, 1, 2, 3, 4, 5, Never])
            {
                foreach (var end in (int[])[pause + 1, pause + 2, Never])
                {
                    var call = $"{stored}-{pause}-{broken}-{end}";
                    await sides.PutAsync(call, stored, isKnown);
                    await sides.Eraser.RunAsync(rig => EraseAsync(rig, call), end, pause, () => sides.Writer.RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "7")), broken));
                    await sides.AssertFoundAsync(call);
                }
            }
        }

        await sides.AssertSweptAsync();
    }

    [Fact]
    public async Task Sweep_ATurnIsStoredBetweenAnyTwoRequests_LeavesNoWordsUnfound()
    {
        await using var sides = await SidesAsync();
        for (var pause = 0; pause < 7; pause++)
        {
            foreach (var end in (int[])[pause, pause + 1, Never])
            {
                var call = $"{pause}-{end}";
                await sides.PutAsync(call, 1);
                await sides.Eraser.RunAsync(
                    rig => rig.Eraser.EraseBeforeAsync(Tomorrow, Never, Cancelled), end, pause, () => sides.Writer.RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "7")), Never));
                await sides.AssertFoundAsync(call);
                await sides.AssertSweptAsync();
            }
        }
    }

    [Fact]
    public async Task Erase_ByTwoAtOnceAtAnyRequest_LeavesNothing()
    {
        await using var sides = await SidesAsync();
        for (var pause = 0; pause < 8; pause++)
        {
            var call = $"call-{pause}";
            await sides.PutAsync(call, 3);
            await sides.Eraser.RunAsync(rig => EraseAsync(rig, call), Never, pause, () => EraseAsync(sides.Rig, call));

            Assert.Empty(await sides.Rig.ReadAsync(call));
            Assert.Empty(await sides.Rig.ListAsync());
        }
    }

    [Fact]
    public async Task Erase_OutageInTheMiddle_IsFinishedByTheNextOne()
    {
        await using var sides = await SidesAsync();
        for (var end = 0; end < 7; end++)
        {
            var call = $"call-{end}";
            await sides.PutAsync(call, 230);
            await sides.Eraser.RunAsync(rig => EraseAsync(rig, call), end);

            await sides.Rig.Eraser.EraseAsync(call, Cancelled);

            Assert.Empty(await Sides.RowsAsync(sides.Rig.Tables.Turns, call));
            Assert.Empty(await Sides.RowsAsync(sides.Rig.Tables.Days, call));
        }
    }

    [Fact]
    public async Task Erase_CallThatIsListedWithoutTurns_TakesItOffTheList()
    {
        await using var sides = await SidesAsync();
        await sides.PutAsync("call", 2);
        // Its entry is whole, and needs no row to be listed.
        sides.Time.Advance(TurnStore.Quiet);
        await sides.Rig.Store.CloseQuietAsync(Cancelled);
        foreach (var row in await Sides.RowsAsync(sides.Rig.Tables.Turns, "call"))
        {
            await sides.Rig.Tables.Turns.DeleteEntityAsync(row, cancellationToken: Cancelled);
        }

        Assert.Single(await sides.Rig.ListAsync());

        Assert.Equal(0, await sides.Rig.Eraser.EraseAsync("call", Cancelled));
        Assert.Empty(await sides.Rig.ListAsync());
        Assert.Null(await sides.Rig.Eraser.EraseAsync("call", Cancelled));
    }

    [Fact]
    public async Task Erase_TurnsWithoutTheirCall_DeletesThem()
    {
        await using var sides = await SidesAsync();
        await sides.PutAsync("call", 2);
        await sides.Rig.Tables.Turns.DeleteEntityAsync("call", TableKey.Call, cancellationToken: Cancelled);
        await sides.Rig.Tables.Days.DeleteEntityAsync(Assert.Single(await Sides.RowsAsync(sides.Rig.Tables.Days, "call")), cancellationToken: Cancelled);

        Assert.Equal(2, await sides.Rig.Eraser.EraseAsync("call", Cancelled));
        Assert.Empty(await sides.Rig.ReadAsync("call"));
    }

    [Fact]
    public async Task Write_ATurnOfACallThatLostItsRow_BringsItBackToTheList()
    {
        await using var sides = await SidesAsync();
        await sides.PutAsync("call", 1);
        await sides.Rig.Tables.Turns.DeleteEntityAsync("call", TableKey.Call, cancellationToken: Cancelled);

        await sides.Rig.WriteAsync(StoreRig.Turn("call", "2", seconds: 2));

        Assert.Contains(await sides.Rig.ListAsync(), call => call.LastTurnAt == StoreRig.Start.AddSeconds(2));
    }

    private static Task<int?> EraseAsync(StoreRig rig, string call) => rig.Eraser.EraseAsync(call, Cancelled);

    private async Task<Sides> SidesAsync()
    {
        var storage = await tables.OpenAsync();
        var time = new FakeTimeProvider();
        var rig = new StoreRig(storage, time: time);
        await rig.Tables.CreateAsync(Cancelled);
        return new Sides(time, rig, await Side.StartAsync(storage, rig.Prefix), await Side.StartAsync(storage, rig.Prefix));
    }

    /// <summary>Who writes, who deletes, and who looks at what they leave, on the same tables.</summary>
    private sealed record Sides(FakeTimeProvider Time, StoreRig Rig, Side Writer, Side Eraser) : IAsyncDisposable
    {
        public async Task PutAsync(string call, int turns, bool isKnown = false)
        {
            for (var turn = 1; turn <= Math.Min(turns, 3); turn++)
            {
                await Rig.WriteAsync(StoreRig.Turn(call, $"{turn}"));
            }

            if (turns > 3)
            {
                // All alike, in few requests.
                var first = await Rig.Tables.Turns.GetEntityAsync<TableEntity>(call, "n0000000000000000001", cancellationToken: Cancelled);
                var copies = Enumerable.Range(4, turns - 3).Select(number => new TableEntity(first.Value) { RowKey = $"n{number:d19}" });
                foreach (var batch in copies.Select(copy => new TableTransactionAction(TableTransactionActionType.Add, copy)).Chunk(100))
                {
                    await Rig.Tables.Turns.SubmitTransactionAsync(batch, Cancelled);
                }
            }

            if (isKnown)
            {
                // The writer remembers the call.
                await Writer.RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "6")), Never);
            }
        }

        /// <summary>Asserts that words are stored only where the call stands among those of its day.</summary>
        public async Task AssertFoundAsync(string call)
        {
            var turns = (await RowsAsync(Rig.Tables.Turns, call)).Count(row => !TableKey.IsCall(row.RowKey));
            Assert.False(turns > 0 && (await RowsAsync(Rig.Tables.Days, call)).Count == 0, $"{call}: {turns} turns that no list finds.");
        }

        /// <summary>Asserts that a sweep leaves nothing at all.</summary>
        public async Task AssertSweptAsync()
        {
            await Rig.Eraser.EraseBeforeAsync(Tomorrow, int.MaxValue, Cancelled);
            Assert.Empty(await Rig.Tables.Turns.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"RowKey ne {TableKey.Call}"), cancellationToken: Cancelled).ToListAsync(Cancelled));
            Assert.Empty(await Rig.Tables.Days.QueryAsync<TableEntity>(cancellationToken: Cancelled).ToListAsync(Cancelled));
        }

        public static async Task<IReadOnlyList<TableEntity>> RowsAsync(TableClient table, string call) => await table
            .QueryAsync<TableEntity>(table.Name.EndsWith("Turns", StringComparison.Ordinal)
                ? TableClient.CreateQueryFilter($"PartitionKey eq {call}")
                : TableClient.CreateQueryFilter($"InstanceId eq {call}"), cancellationToken: Cancelled)
            .ToListAsync(Cancelled);

        public async ValueTask DisposeAsync()
        {
            await Writer.DisposeAsync();
            await Eraser.DisposeAsync();
        }
    }
}

public sealed class ErasureInTablesTests(SharedAzurite azurite) : ErasureTests(azurite);

public sealed class ErasureInMemoryTests() : ErasureTests(new TablesInMemory());
