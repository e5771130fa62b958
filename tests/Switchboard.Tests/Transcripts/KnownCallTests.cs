using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>A call that is remembered costs a request a turn, and whatever becomes of it meanwhile, its list is right.</summary>
public abstract class KnownCallTests(TestTables tables)
{
    private static readonly DateOnly Tomorrow = DateOnly.FromDateTime(StoreRig.Start.UtcDateTime).AddDays(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_TurnsOfOneCall_TakeOneRequestEachAfterTheFirst()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy);
        await rig.Tables.CreateAsync(Cancelled);
        var requests = Watch(proxy);

        await rig.WriteAsync(StoreRig.Turn("call", "1"));
        Assert.Equal(["GET Turns", "POST Turns", "PUT Days", "POST batch"], requests);
        requests.Clear();
        for (var sentence = 2; sentence <= 6; sentence++)
        {
            await rig.WriteAsync(StoreRig.Turn("call", $"{sentence}", sentence));
        }

        Assert.Equal(Enumerable.Repeat("POST batch", 5), requests);
        Assert.Equal(6, (await rig.ReadAsync("call")).Count);
        Assert.Equal([(6, StoreRig.Start.AddSeconds(6))], (await rig.ListAsync()).Select(call => (call.Turns, call.LastTurnAt)));
    }

    [Fact]
    public async Task Write_AnswerLostForAKnownCall_CountsTheTurnOnce()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy);
        await rig.WriteAsync(StoreRig.Turn("call", "1"));
        var turn = StoreRig.Turn("call", "2", seconds: 2) with { Actions = [new("hangup", "{}")] };
        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.DropAnswer);
        await Assert.ThrowsAnyAsync<Azure.RequestFailedException>(() => rig.WriteAsync(turn));

        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        await rig.WriteAsync(turn);
        await rig.WriteAsync(StoreRig.Turn("call", "3", seconds: 3));

        Assert.Equal([("1", 1), ("2", 1), ("3", 1)], (await rig.ReadAsync("call")).Select(stored => (stored.SentenceId, stored.Requests)));
        var call = Assert.Single(await rig.ListAsync());
        Assert.Equal(3, call.Turns);
        Assert.Equal(["hangup"], call.Actions);
    }

    [Fact]
    public async Task Write_ASentenceOfAKnownCallAgain_LeavesOneRowThatCountsTwo()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "1"));
        await rig.WriteAsync(StoreRig.Turn("call", "2", seconds: 2) with { Spoken = "first", IsCut = true, Outcome = "caller_left" });

        await rig.WriteAsync(StoreRig.Turn("call", "2", seconds: 3) with { Spoken = "second" });

        Assert.Equal([("Good evening.", 1), ("second", 2)], (await rig.ReadAsync("call")).Select(turn => (turn.Spoken, turn.Requests)));
        Assert.Equal(2, Assert.Single(await rig.ListAsync()).Turns);
    }

    [Fact]
    public async Task Write_ByTwoInstancesAlternately_CountsEachTurnOnceInThreeRequests()
    {
        var time = new FakeTimeProvider();
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var first = new StoreRig(proxy, time: time);
        var second = new StoreRig(proxy, first.Prefix, time);
        await first.WriteAsync(StoreRig.Turn("call", "1"));
        await second.WriteAsync(StoreRig.Turn("call", "2", 2));
        var requests = Watch(proxy);
        for (var sentence = 3; sentence <= 8; sentence++)
        {
            await (sentence % 2 == 1 ? first : second).WriteAsync(StoreRig.Turn("call", $"{sentence}", sentence));
            // The other one's change is seen, everything read, and the turn written.
            Assert.Equal(["POST batch", "GET Turns", "POST batch"], requests);
            requests.Clear();
        }

        Assert.Equal((8, StoreRig.Start.AddSeconds(8)), (await first.ListAsync()) is [var call] ? (call.Turns, call.LastTurnAt) : default);
        // Who wrote last closes the entry; the other one leaves it alone.
        time.Advance(TurnStore.Quiet);
        await first.Store.CloseQuietAsync(Cancelled);
        Assert.True((await EntryAsync(first)).GetBoolean("IsOpen"));
        await second.Store.CloseQuietAsync(Cancelled);
        Assert.Equal((false, 8), ((await EntryAsync(first)).GetBoolean("IsOpen"), (await EntryAsync(first)).GetInt32("Turns")));
    }

    [Fact]
    public async Task Write_MoreCallsThanAreRemembered_ForgetsTheOneThatWasWrittenFirst()
    {
        var time = new FakeTimeProvider();
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy, time: time, maxKnown: 2);
        foreach (var call in (string[])["a", "b", "c"])
        {
            await rig.WriteAsync(StoreRig.Turn(call, "1"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var requests = Watch(proxy);
        await rig.WriteAsync(StoreRig.Turn("c", "2", seconds: 2));
        await rig.WriteAsync(StoreRig.Turn("b", "2", seconds: 2));
        Assert.Equal(["POST batch", "POST batch"], requests);
        requests.Clear();
        await rig.WriteAsync(StoreRig.Turn("a", "2", seconds: 2));
        Assert.Equal(["GET Turns", "POST batch"], requests);

        Assert.Equal([("a", 2), ("b", 2), ("c", 2)], (await rig.ListAsync()).Select(call => (call.InstanceId, call.Turns)).Order());
    }

    [Fact]
    public async Task Write_DeletedByAnotherInstanceBetweenTwoTurns_BeginsAnew()
    {
        var rig = await RigAsync();
        var other = new StoreRig(await tables.OpenAsync(), rig.Prefix);
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Spoken = "forgotten" });
        await rig.WriteAsync(StoreRig.Turn("call", "2", seconds: 2) with { Spoken = "forgotten" });
        Assert.Equal(2, await other.Eraser.EraseAsync("call", Cancelled));

        await rig.WriteAsync(StoreRig.Turn("call", "3", seconds: 3) with { Spoken = "new" });

        Assert.Equal(["new"], (await rig.ReadAsync("call")).Select(turn => turn.Spoken));
        Assert.Equal([(1, StoreRig.Start.AddSeconds(3))], (await rig.ListAsync()).Select(call => (call.Turns, call.StartedAt)));
        Assert.Equal(1, await other.Eraser.EraseBeforeAsync(Tomorrow, 100, Cancelled));
        Assert.Empty(await rig.ReadAsync("call"));
    }

    [Fact]
    public async Task CloseQuiet_DeletedByAnotherInstance_BringsNothingBack()
    {
        var time = new FakeTimeProvider();
        var rig = new StoreRig(await tables.OpenAsync(), time: time);
        await rig.WriteAsync(StoreRig.Turn("call", "1"));
        Assert.Equal(1, await rig.Eraser.EraseAsync("call", Cancelled));

        time.Advance(TurnStore.Quiet);
        await rig.Store.CloseQuietAsync(Cancelled);

        Assert.Null(await rig.Eraser.EraseAsync("call", Cancelled));
    }

    [Fact]
    public async Task Write_ARequestThatNamesNoCall_IsListedAtOnceAndLostAnswersChangeNothing()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy);
        var turn = StoreRig.Turn("", sentence: null);
        turn = turn with { InstanceId = turn.RequestId };
        for (var lost = 0; ; lost++)
        {
            var requests = 0;
            proxy.Decide = _ => ValueTask.FromResult(requests++ == lost ? ProxyAction.DropAnswer : ProxyAction.Forward);
            try
            {
                await rig.WriteAsync(turn);
                break;
            }
            catch (Azure.RequestFailedException)
            {
                // What the app's retry would see.
            }
        }

        proxy.Decide = _ => ValueTask.FromResult(ProxyAction.Forward);
        Assert.Equal((false, 1), ((await EntryAsync(rig)).GetBoolean("IsOpen"), (await EntryAsync(rig)).GetInt32("Turns")));
        Assert.Equal(1, Assert.Single(await rig.ReadAsync(turn.InstanceId)).Requests);
    }

    // As version 0.1 wrote them, which kept the entry exact and knew of no open ones.
    [Fact]
    public async Task Write_ACallOfTheFormerVersion_IsReadAndGoesOn()
    {
        var rig = await RigAsync();
        await rig.Tables.CreateAsync(Cancelled);
        var entry = CallSummary.Before(StoreRig.Turn("call", "1")).ToEntry(isOpen: false);
        await rig.Tables.Turns.AddEntityAsync(StoreRig.Turn("call", "1").ToRow(null), Cancelled);
        await rig.Tables.Turns.AddEntityAsync(Former(new TableEntity("call", "!call")), Cancelled);
        await rig.Tables.Days.AddEntityAsync(Former(new TableEntity(entry.PartitionKey, entry.RowKey)), Cancelled);
        Assert.Equal([("call", 1, "demo")], (await rig.ListAsync()).Select(call => (call.InstanceId, call.Turns, call.Model)));

        await rig.WriteAsync(StoreRig.Turn("call", "2", seconds: 2));

        Assert.Equal([("call", 2, StoreRig.Start)], (await rig.ListAsync()).Select(call => (call.InstanceId, call.Turns, call.StartedAt)));
        Assert.Equal(["hangup"], (await rig.ListAsync())[0].Actions);
        Assert.Equal(["1", "2"], (await rig.ReadAsync("call")).Select(turn => turn.SentenceId));

        static TableEntity Former(TableEntity entity)
        {
            foreach (var (name, value) in (KeyValuePair<string, object>[])
            [
                new("Revision", 1), new("ActionLines", "n0000000000000000001 hangup"), new("InstanceId", "call"), new("StartedAt", StoreRig.Start),
                new("LastTurnAt", StoreRig.Start), new("Turns", 1), new("Outcome", "completed"), new("Model", "demo"),
            ])
            {
                entity[name] = value;
            }

            return entity;
        }
    }

    [Fact]
    public async Task Entry_OfACall_IsWrittenWhenItBeginsAndOnceMoreWhenItIsQuiet()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var time = new WatchedTime();
        await using var host = await TranscriptHost.StartAsync(proxy, time: time);
        await time.WaitForTimerAsync(wait => wait == TranscriptWriter.Pace, Cancelled);
        await host.TurnAsync("call", "1");
        await host.StoredAsync(1);
        var requests = Watch(proxy);
        for (var sentence = 2; sentence <= 4; sentence++)
        {
            await host.TurnAsync("call", $"{sentence}");
            await host.StoredAsync(sentence);
            await TickAsync();
        }

        Assert.DoesNotContain("Days", string.Join(' ', requests), StringComparison.Ordinal);
        Assert.Equal(4, Assert.Single(await host.ListAllAsync()).GetProperty("turns").GetInt32());

        // The table service is away when the entry is to be closed, and back the next time.
        var action = ProxyAction.Drop;
        requests = Watch(proxy, () => action);
        for (var passed = TranscriptWriter.Pace; passed < TurnStore.Quiet; passed += TranscriptWriter.Pace)
        {
            await TickAsync();
        }

        var line = Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 509);
        Assert.Equal(LogLevel.Warning, line.Level);
        action = ProxyAction.Forward;
        requests.Clear();
        await TickAsync();
        Assert.Equal(["PATCH Turns", "PUT Days"], requests);
        requests.Clear();
        Assert.Equal(4, Assert.Single(await host.ListAllAsync()).GetProperty("turns").GetInt32());
        Assert.Equal(["GET Days"], requests);
        await TickAsync();
        Assert.Equal(["GET Days"], requests);

        // The caller has been thinking, and goes on.
        await host.TurnAsync("call", "5");
        await host.StoredAsync(5);
        Assert.Equal(5, Assert.Single(await host.ListAllAsync()).GetProperty("turns").GetInt32());

        async Task TickAsync()
        {
            time.Advance(TranscriptWriter.Pace);
            await time.WaitForTimerAsync(wait => wait == TranscriptWriter.Pace, Cancelled);
        }
    }

    [Fact]
    public async Task Stop_RightAfterATurn_LeavesAListThatIsRight()
    {
        var storage = await tables.OpenAsync();
        await using var host = await TranscriptHost.StartAsync(storage);
        await host.TurnAsync("call", "1");
        await host.TurnAsync("call", "2");

        await host.App.StopAsync(Cancelled);

        var rig = new StoreRig(storage, host.Prefix);
        Assert.Equal(2, Assert.Single(await rig.ListAsync(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime))).Turns);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CloseQuiet_ATurnIsStoredBetweenAnyTwoRequestsAndEitherBreaksOff_LeavesAListThatIsRight(bool hasOpened)
    {
        await using var sides = await SidesAsync();
        for (var pause = 0; pause < 3; pause++)
        {
            foreach (var broken in (int[])[0, 1, 2, 3, 4, Side.Never])
            {
                foreach (var end in (int[])[pause, pause + 1, Side.Never])
                {
                    var call = $"{pause}-{broken}-{end}";
                    await sides.PutAsync(call, hasOpened);
                    await sides.Closer.RunAsync(rig => rig.Store.CloseQuietAsync(Cancelled), end, pause, () => sides.Writer.RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "7")), broken));
                    await sides.AssertListedAsync(call);
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_TheCallIsClosedBetweenAnyTwoRequestsAndEitherBreaksOff_LeavesAListThatIsRight(bool hasOpened)
    {
        await using var sides = await SidesAsync();
        for (var pause = 0; pause < 5; pause++)
        {
            foreach (var broken in (int[])[0, 1, 2, Side.Never])
            {
                foreach (var end in (int[])[pause, pause + 1, pause + 2, Side.Never])
                {
                    var call = $"{pause}-{broken}-{end}";
                    await sides.PutAsync(call, hasOpened);
                    await sides.Writer.RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "7")), end, pause, () => sides.Closer.RunAsync(rig => rig.Store.CloseQuietAsync(Cancelled), broken));
                    await sides.AssertListedAsync(call);
                }
            }
        }
    }

    [Fact]
    public async Task CloseQuiet_TheCallIsDeletedBetweenAnyTwoRequestsAndEitherBreaksOff_LeavesNothingUnfound()
    {
        await using var sides = await SidesAsync();
        for (var pause = 0; pause < 3; pause++)
        {
            foreach (var broken in (int[])[0, 1, 2, 3, 4, 5, Side.Never])
            {
                var call = $"{pause}-{broken}";
                await sides.PutAsync(call, hasOpened: false);
                await sides.Closer.RunAsync(rig => rig.Store.CloseQuietAsync(Cancelled), Side.Never, pause, () => sides.Writer.RunAsync(rig => rig.Eraser.EraseAsync(call, Cancelled), broken));
                await sides.Closer.RunAsync(rig => rig.Eraser.EraseAsync(call, Cancelled), Side.Never);
                Assert.Empty(await sides.Rig.ListAsync());
                Assert.Empty(await sides.Rig.ReadAsync(call));
            }
        }
    }

    private static List<string> Watch(TableProxy proxy, Func<ProxyAction>? action = null)
    {
        var requests = new List<string>();
        proxy.Decide = request =>
        {
            requests.Add($"{request.Method} {(TableProxy.IsWrite(request) ? "batch" : Table(request))}");
            return ValueTask.FromResult(action?.Invoke() ?? ProxyAction.Forward);
        };
        return requests;

        static string Table(TableRequest request) => request.Path.Contains("Days", StringComparison.Ordinal) ? "Days" : "Turns";
    }

    private static async Task<TableEntity> EntryAsync(StoreRig rig) => await rig.Tables.Days.QueryAsync<TableEntity>(cancellationToken: Cancelled).SingleAsync(Cancelled);

    private async Task<StoreRig> RigAsync() => new(await tables.OpenAsync());

    private async Task<Sides> SidesAsync()
    {
        var storage = await tables.OpenAsync();
        var time = new FakeTimeProvider();
        var rig = new StoreRig(storage);
        await rig.Tables.CreateAsync(Cancelled);
        return new Sides(time, rig, await Side.StartAsync(storage, rig.Prefix, time), await Side.StartAsync(storage, rig.Prefix));
    }

    /// <summary>Who closes quiet calls, who writes another turn, and who looks at what they leave, on the same tables.</summary>
    private sealed record Sides(FakeTimeProvider Time, StoreRig Rig, Side Closer, Side Writer) : IAsyncDisposable
    {
        /// <summary>Makes a call of two turns that the closer remembers, and that is quiet.</summary>
        public async Task PutAsync(string call, bool hasOpened)
        {
            await (hasOpened ? Closer : Writer).RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "1")), Side.Never);
            await Closer.RunAsync(rig => rig.WriteAsync(StoreRig.Turn(call, "2")), Side.Never);
            Time.Advance(TurnStore.Quiet);
        }

        /// <summary>Asserts that the call is listed with all turns that are stored.</summary>
        public async Task AssertListedAsync(string call)
        {
            var turns = (await Rig.ReadAsync(call)).Count;
            Assert.True(turns is 2 or 3);
            Assert.Equal((call, turns), (call, Assert.Single(await Rig.ListAsync()).Turns));
            // The next one begins with nothing; and what the closer still remembers is of no use to it.
            await Rig.Eraser.EraseAsync(call, Cancelled);
            await Closer.RunAsync(rig => rig.Store.CloseQuietAsync(Cancelled), Side.Never);
            Assert.Empty(await Rig.ListAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await Closer.DisposeAsync();
            await Writer.DisposeAsync();
        }
    }
}

public sealed class KnownCallInTablesTests(SharedAzurite azurite) : KnownCallTests(azurite);

public sealed class KnownCallInMemoryTests() : KnownCallTests(new TablesInMemory());
