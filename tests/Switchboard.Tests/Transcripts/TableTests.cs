using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>What a table answers, as this app asks it: the one in memory as the service's.</summary>
public abstract class TableTests(TestTables tables)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_OfRowsThatAreThereOrNot_AnswerAsTheServiceDoes()
    {
        var table = await TableAsync();
        var row = new TableEntity("p", "r") { ["Text"] = "one", ["Number"] = 1 };
        Assert.Equal("404 ResourceNotFound", await AnswerAsync(() => table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, Cancelled)));
        Assert.Equal("404", await AnswerAsync(() => table.DeleteEntityAsync("p", "r", ETag.All, Cancelled)));
        Assert.Equal("404 ResourceNotFound", await AnswerAsync(async () => (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancelled)).GetRawResponse()));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancelled)).HasValue);

        var first = (await table.AddEntityAsync(row, Cancelled)).Headers.ETag!.Value;
        Assert.Equal("409 EntityAlreadyExists", await AnswerAsync(() => table.AddEntityAsync(row, Cancelled)));
        var second = (await table.UpdateEntityAsync(new TableEntity("p", "r") { ["Text"] = "two" }, first, TableUpdateMode.Merge, Cancelled)).Headers.ETag!.Value;
        Assert.NotEqual(first, second);
        Assert.Equal("412 UpdateConditionNotSatisfied", await AnswerAsync(() => table.UpdateEntityAsync(row, first, TableUpdateMode.Replace, Cancelled)));
        Assert.Equal("412 UpdateConditionNotSatisfied", await AnswerAsync(() => table.DeleteEntityAsync("p", "r", first, Cancelled)));
        var stored = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancelled)).Value;
        Assert.Equal(("two", 1, second), (stored.GetString("Text"), stored.GetInt32("Number"), stored.ETag));

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Text"] = "three" }, TableUpdateMode.Replace, Cancelled);
        Assert.Null((await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancelled)).Value.GetInt32("Number"));
        Assert.Equal("204", await AnswerAsync(() => table.DeleteEntityAsync("p", "r", ETag.All, Cancelled)));
    }

    [Fact]
    public async Task Transaction_WithOneChangeThatCannotBe_ChangesNothing()
    {
        var table = await TableAsync();
        await table.AddEntityAsync(new TableEntity("p", "old"), Cancelled);
        var stale = (await table.GetEntityAsync<TableEntity>("p", "old", cancellationToken: Cancelled)).Value.ETag;
        await table.UpsertEntityAsync(new TableEntity("p", "old") { ["Text"] = "changed" }, TableUpdateMode.Merge, Cancelled);

        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "new")), new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "old"), stale)], Cancelled));

        Assert.Equal(412, failure.Status);
        Assert.Equal(["old"], await RowsAsync(table, ""));
        var answers = (await table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "new")), new(TableTransactionActionType.Delete, new TableEntity("p", "old"), ETag.All)], Cancelled)).Value;
        Assert.Equal((await table.GetEntityAsync<TableEntity>("p", "new", cancellationToken: Cancelled)).Value.ETag, answers[0].Headers.ETag);
        Assert.Equal(["new"], await RowsAsync(table, ""));
    }

    [Fact]
    public Task Transaction_TwiceTheSameRow_IsRefused() => AssertRefusedAsync("p/1", "p/2", "p/1");

    [Theory]
    [InlineData("", "a1 a2 a3 b1")]
    [InlineData("PartitionKey eq 'a'", "a1 a2 a3")]
    [InlineData("PartitionKey eq 'a' and RowKey gt 'a1'", "a2 a3")]
    [InlineData("PartitionKey ge 'a' and PartitionKey lt 'b'", "a1 a2 a3")]
    [InlineData("PartitionKey eq 'a' and (RowKey eq 'a1' or RowKey eq 'a3' or RowKey eq 'b1')", "a1 a3")]
    [InlineData("(PartitionKey eq 'a' and RowKey eq 'a1') or PartitionKey eq 'b'", "a1 b1")]
    [InlineData("RowKey ne 'a2'", "a1 a3 b1")]
    [InlineData("Text eq 'it''s'", "b1")]
    [InlineData("Text eq ''' or PartitionKey ge '''", "")]
    [InlineData("At ge datetime'2026-11-24T20:00:02.0000000Z'", "a2 a3")]
    [InlineData("Missing eq 'x' or RowKey eq 'b1'", "b1")]
    public async Task Query_AFilter_FindsWhatTheServiceFinds(string filter, string rows)
    {
        var table = await TableAsync();
        for (var row = 1; row <= 3; row++)
        {
            await table.AddEntityAsync(
                new TableEntity("a", $"a{row}") { ["Number"] = row, ["Long"] = (long)row, ["Real"] = row + 0.25, ["IsOpen"] = row == 1, ["At"] = StoreRig.Start.AddSeconds(row) }, Cancelled);
        }

        await table.AddEntityAsync(new TableEntity("b", "b1") { ["Text"] = "it's" }, Cancelled);

        Assert.Equal(rows, string.Join(' ', await RowsAsync(table, filter)));
    }

    [Fact]
    public async Task Query_ByPages_SeesWhatIsChangedBetweenThem()
    {
        var table = await TableAsync();
        for (var row = 1; row <= 5; row++)
        {
            await table.AddEntityAsync(new TableEntity("p", $"{row}") { ["Text"] = "a", ["Other"] = "b" }, Cancelled);
        }

        var pages = new List<string>();
        await foreach (var page in table.QueryAsync<TableEntity>("PartitionKey eq 'p'", 2, ["RowKey", "Text"], Cancelled).AsPages())
        {
            Assert.All(page.Values, row => Assert.Equal(("a", null), (row.GetString("Text"), row.GetString("Other"))));
            Assert.All(page.Values, row => Assert.NotEqual(default, row.ETag));
            pages.Add(string.Join(' ', page.Values.Select(row => row.RowKey)));
            await table.DeleteEntityAsync("p", "3", ETag.All, Cancelled);
        }

        Assert.Equal(["1 2", "4 5"], pages);
    }

    private static async Task<List<string>> RowsAsync(TableClient table, string filter) =>
        await table.QueryAsync<TableEntity>(filter, cancellationToken: Cancelled).Select(row => row.RowKey).ToListAsync(Cancelled);

    private static async Task<string> AnswerAsync(Func<Task<Response>> ask)
    {
        try
        {
            return (await ask()).Status.ToString(CultureInfo.InvariantCulture);
        }
        catch (RequestFailedException failure)
        {
            return $"{failure.Status} {failure.ErrorCode}";
        }
    }

    private protected async Task AssertRefusedAsync(params string[] rows)
    {
        var table = await TableAsync();
        var changes = rows.Select(row => row.Split('/')).Select(keys => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(keys[0], keys[1]))).ToList();

        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.SubmitTransactionAsync(changes, Cancelled));

        Assert.Equal(400, failure.Status);
        Assert.Empty(await RowsAsync(table, ""));
        await table.SubmitTransactionAsync(changes.Where(change => change.Entity.PartitionKey == "p").DistinctBy(change => change.Entity.RowKey).Take(100), Cancelled);
    }

    private async Task<TableClient> TableAsync()
    {
        var opened = (await tables.OpenAsync()).Open(SharedAzurite.NewPrefix());
        await opened.CreateAsync(Cancelled);
        return opened.Turns;
    }
}

public sealed class TableInTablesTests(SharedAzurite azurite) : TableTests(azurite);

/// <summary>The bounds of the tables in memory beside that.</summary>
public sealed class TableInMemoryTests() : TableTests(new TablesInMemory())
{
    private readonly FakeLogCollector _log = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // As Azure does; Azurite takes the one, and answers the other with what is no HTTP.
    // https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
    [Fact]
    public async Task Transaction_OfTwoPartitionsOrMoreThanAHundred_IsRefused()
    {
        await AssertRefusedAsync("p/1", "q/1");
        await AssertRefusedAsync([.. Enumerable.Range(0, 101).Select(row => $"p/{row}")]);
    }

    [Theory]
    [InlineData(3, int.MaxValue, long.MaxValue)]
    // A call of two turns is a row for each, one for itself and its entry.
    [InlineData(int.MaxValue, 12, long.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue, 14_000)]
    public async Task Write_MoreThanIsKept_ForgetsTheCallsThatBeganFirstAndAllOfEach(int calls, int rows, long bytes)
    {
        var rig = Rig(new MemoryBounds(calls, rows, bytes));
        for (var call = 0; call < 20; call++)
        {
            await rig.WriteAsync(StoreRig.Turn($"call-{call}", "1", call) with { Key = "11111111" });
            await rig.WriteAsync(StoreRig.Turn($"call-{call}", "2", call) with { Key = "11111111" });
        }

        var kept = (await rig.ListAsync()).Select(call => (call.InstanceId, call.Turns)).ToList();
        Assert.Equal(Enumerable.Range(0, kept.Count).Select(back => ($"call-{19 - back}", 2)), kept);
        Assert.InRange(kept.Count, 2, 4);
        Assert.Empty(await rig.ReadAsync("call-1"));
        Assert.Equal(kept.Count * 4, await RowsAsync(rig));
        var line = Assert.Single(_log.GetSnapshot());
        Assert.Equal((514, false), (line.Id.Id, line.Message.Contains("call-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Write_ToTheOldestCall_ForgetsAnother()
    {
        var rig = Rig(new MemoryBounds(int.MaxValue, 12, long.MaxValue));
        await rig.WriteAsync(StoreRig.Turn("going on", "1"));
        await rig.WriteAsync(StoreRig.Turn("over", "1"));
        for (var sentence = 2; sentence <= 10; sentence++)
        {
            await rig.WriteAsync(StoreRig.Turn("going on", $"{sentence}", sentence));
        }

        Assert.Equal([("going on", 10)], (await rig.ListAsync()).Select(call => (call.InstanceId, call.Turns)));
    }

    [Fact]
    public async Task Write_ACallWithoutEnd_BeginsAnew()
    {
        var rig = Rig(new MemoryBounds(int.MaxValue, 10, long.MaxValue));
        for (var sentence = 1; sentence <= 30; sentence++)
        {
            await rig.WriteAsync(StoreRig.Turn("call", $"{sentence}", sentence));
            Assert.InRange(await RowsAsync(rig), 0, 10);
        }

        Assert.Equal((await rig.ReadAsync("call")).Count, Assert.Single(await rig.ListAsync()).Turns);
    }

    [Fact]
    public async Task Forget_CallsWhoseIdsBeginAlike_AreOthers()
    {
        var rig = Rig(new MemoryBounds(2, int.MaxValue, long.MaxValue));
        foreach (var (call, second) in ((string, int)[])[("call", 0), ("call-1", 1), ("call~k2", 2)])
        {
            await rig.WriteAsync(StoreRig.Turn(call, "1", second) with { Key = "11111111" });
        }

        Assert.Equal(["call~k2", "call-1"], (await rig.ListAsync()).Select(call => call.InstanceId));
    }

    [Fact]
    public async Task Entries_WithoutTheirCalls_AreBoundedToo()
    {
        var rig = Rig(new MemoryBounds(int.MaxValue, 10, long.MaxValue));
        for (var entry = 0; entry < 50; entry++)
        {
            await rig.Tables.Days.AddEntityAsync(new TableEntity("2026-11-24", TableKey.OfDay(StoreRig.Start, $"call-{entry}")), Cancelled);
            Assert.InRange(await RowsAsync(rig), 0, 10);
        }
    }

    private static async Task<int> RowsAsync(StoreRig rig) =>
        await rig.Tables.Turns.QueryAsync<TableEntity>(cancellationToken: Cancelled).CountAsync(Cancelled) + await rig.Tables.Days.QueryAsync<TableEntity>(cancellationToken: Cancelled).CountAsync(Cancelled);

    private StoreRig Rig(MemoryBounds bounds) => new(new MemoryStorage(bounds, new FakeLogger(_log)), time: new FakeTimeProvider());
}
