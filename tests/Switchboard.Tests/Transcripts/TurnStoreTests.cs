using Azure.Data.Tables;
using Switchboard.Common;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>What is written to a real Azurite, and how often.</summary>
public abstract class TurnStoreTests(TestTables tables)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_ATurn_IsReadAsItWas()
    {
        var rig = await RigAsync();
        var turn = StoreRig.Turn("call-1", "3") with
        {
            ChannelId = "123",
            IsCut = true,
            Actions = [new("hangup", "{}"), new("transfer", """{"number":"+4930123456"}""")],
            Responder = "upstream",
            Upstream = "api.example.com",
            Outcome = "caller_left",
            ErrorCode = "upstream_timeout",
            FirstSpeechMs = 45.4,
            PromptTokens = 12,
            CachedPromptTokens = 8,
            CompletionTokens = 7,
        };

        await rig.WriteAsync(turn);

        var stored = Assert.Single(await rig.ReadAsync("call-1"));
        Assert.Equal(turn.Actions, stored.Actions);
        Assert.Equal(turn with { Actions = stored.Actions, IsCounted = true }, stored);
        var call = Assert.Single(await rig.ListAsync());
        Assert.Equal(["hangup", "transfer"], call.Actions);
        Assert.Equal(("call-1", "123", 1, "demo", "caller_left", StoreRig.Start, StoreRig.Start),
            (call.InstanceId, call.ChannelId, call.Turns, call.Model, call.Outcome, call.StartedAt, call.LastTurnAt));
    }

    [Theory]
    [InlineData(CallReader.MaxTurns, false)]
    [InlineData(CallReader.MaxTurns + 1, true)]
    public async Task Read_CallWithoutEnd_StopsAtTheMostTurns(int stored, bool hasMore)
    {
        var rig = await RigAsync();
        await rig.WriteCallAsync("call", stored);

        var read = await rig.Reader.ReadAsync("call", Cancelled);

        Assert.Equal((Math.Min(stored, CallReader.MaxTurns), hasMore), (read.Turns.Count, read.HasMore));
    }

    [Fact]
    public async Task Read_TurnsOfTheLargestKind_StopsAtTheMostBytes()
    {
        var rig = await RigAsync();
        var text = new string('a', TurnTranscript.MaxText);
        for (var sentence = 1; sentence <= 12; sentence++)
        {
            await rig.WriteAsync(StoreRig.Turn("call", $"{sentence}") with { Heard = text, Spoken = text });
        }

        var read = await rig.Reader.ReadAsync("call", Cancelled);

        Assert.Equal((10, true), (read.Turns.Count, read.HasMore));
        Assert.True(read.Turns.Sum(turn => turn.Size) <= CallReader.MaxBytes);
    }

    [Fact]
    public async Task Write_TheSameIdsWithAnotherKey_ReplacesNothing()
    {
        var rig = await RigAsync();
        var first = StoreRig.Turn("call", "1") with { Key = "11111111", Spoken = "first", Actions = [new("hangup", "{}")] };
        await rig.WriteAsync(first);

        await rig.WriteAsync(StoreRig.Turn("call", "1", seconds: 5) with { Key = "22222222", Spoken = "second", ChannelId = "other", Model = "other" });
        await rig.WriteAsync(first);

        Assert.Equal([("11111111", "first", 1), ("22222222", "second", 1)], (await rig.ReadAsync("call")).Select(turn => (turn.Key, turn.Spoken, turn.Requests)));
        var calls = await rig.ListAsync();
        Assert.Equal(
            [("call", "22222222", "other", 1, 0), ("call", "11111111", null, 1, 1)],
            calls.Select(call => (call.InstanceId, call.Key, call.ChannelId, call.Turns, call.Actions.Count)));

        Assert.Equal(2, await rig.Eraser.EraseAsync("call", Cancelled));
        Assert.Empty(await CountAsync(rig.Tables.Turns));
        Assert.Empty(await CountAsync(rig.Tables.Days));
    }

    [Fact]
    public async Task Write_ACallFromBeforeKeysWereKept_IsReadWithTheNewTurns()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Spoken = "old" });

        await rig.WriteAsync(StoreRig.Turn("call", "1", seconds: 5) with { Key = "11111111", Spoken = "other" });
        await rig.WriteAsync(StoreRig.Turn("call", "2", seconds: 9) with { Key = "11111111", Spoken = "new" });

        Assert.Equal([(null, "old"), ("11111111", "other"), ("11111111", "new")], (await rig.ReadAsync("call")).Select(turn => (turn.Key, turn.Spoken)));
        Assert.Equal([("11111111", 2), (null, 1)], (await rig.ListAsync()).Select(call => (call.Key, call.Turns)));
    }

    [Fact]
    public async Task Write_TheSameRequestAgain_LeavesOneRowThatCountsOne()
    {
        var rig = await RigAsync();
        var turn = StoreRig.Turn("call", "1") with { Actions = [new("hangup", "{}")] };

        await rig.WriteAsync(turn);
        await rig.WriteAsync(turn);

        Assert.Equal(1, Assert.Single(await rig.ReadAsync("call")).Requests);
        var call = Assert.Single(await rig.ListAsync());
        Assert.Equal(1, call.Turns);
        Assert.Equal(["hangup"], call.Actions);
    }

    [Theory]
    [InlineData("completed", false, "completed", false, true)]
    [InlineData("completed", false, "apologised", false, true)]
    [InlineData("completed", false, "failed", false, true)]
    [InlineData("completed", false, "caller_left", true, false)]
    [InlineData("completed", false, "completed", true, false)]
    [InlineData("apologised", false, "caller_left", true, false)]
    [InlineData("caller_left", true, "completed", false, true)]
    [InlineData("caller_left", true, "caller_left", true, true)]
    [InlineData("failed", false, "caller_left", true, true)]
    [InlineData("completed", false, "refused", false, false)]
    [InlineData("refused", false, "completed", false, true)]
    public async Task Write_TheSameSentenceAgain_LeavesTheOneThatCounts(string outcome, bool isCut, string nextOutcome, bool isNextCut, bool isReplaced)
    {
        var rig = await RigAsync();
        var first = StoreRig.Turn("call", "7") with { Outcome = outcome, IsCut = isCut, Spoken = "first", Actions = [new("first", null)] };
        var second = StoreRig.Turn("call", "7", seconds: 2) with { Outcome = nextOutcome, IsCut = isNextCut, Spoken = "second", Actions = [new("second", null)] };

        await rig.WriteAsync(first);
        await rig.WriteAsync(second);
        await rig.WriteAsync(first);

        var stored = Assert.Single(await rig.ReadAsync("call"));
        Assert.Equal(isReplaced ? "second" : "first", stored.Spoken);
        Assert.Equal(2, stored.Requests);
        var call = Assert.Single(await rig.ListAsync());
        Assert.Equal(1, call.Turns);
        Assert.Equal([isReplaced ? "second" : "first"], call.Actions);
    }

    // Those in whose place another one was asked are how platforms ask; what the caller went through is not.
    [Theory]
    [InlineData("failed", "completed", "completed", "failed")]
    [InlineData("apologised", "completed", "completed", "apologised")]
    [InlineData("stopped", "completed", "completed", "stopped")]
    [InlineData("completed", "failed", "failed", null)]
    [InlineData("apologised", "caller_left", "apologised", null)]
    [InlineData("failed", "caller_left", "caller_left", "failed")]
    [InlineData("failed", "apologised", "apologised", "failed")]
    [InlineData("caller_left", "completed", "completed", null)]
    [InlineData("refused", "completed", "completed", null)]
    [InlineData("completed", "refused", "completed", null)]
    public async Task Write_TheSameSentenceAgain_IsJudgedByWhatWentWrong(string outcome, string nextOutcome, string told, string? worse)
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "6", seconds: -3));
        var first = StoreRig.Turn("call", "7") with { Outcome = outcome, IsCut = outcome == "caller_left", UpstreamFailures = [new("a.example.com", "status 500")] };
        var second = StoreRig.Turn("call", "7", seconds: 2) with { Outcome = nextOutcome, IsCut = nextOutcome == "caller_left", UpstreamFailures = [new("b.example.com", "silent")] };

        await rig.WriteAsync(first);
        await rig.WriteAsync(second);
        await rig.WriteAsync(first);

        var stored = (await rig.ReadAsync("call"))[1];
        Assert.Equal((told, worse, 2), (stored.Outcome, stored.WorseOutcome, stored.Requests));
        Assert.Equal(["a.example.com status 500", "b.example.com silent"], stored.UpstreamFailures.Select(failure => $"{failure.Upstream} {failure.Reason}"));
        var call = Assert.Single(await rig.ListAsync());
        Assert.Equal((2, TurnOutcome.Worst([worse ?? told, "completed"])), (call.Turns, call.Outcome));
        Assert.Equal(["a.example.com", "b.example.com"], call.FailedUpstreams);
        var counted = CallFigures.Read(call.Figures).Groups.SelectMany(group => group.Outcomes).GroupBy(pair => pair.Key).ToDictionary(pairs => pairs.Key, pairs => pairs.Sum(pair => pair.Value));
        Assert.Equal(new Dictionary<string, int> { ["completed"] = (worse ?? told) == "completed" ? 2 : 1 }.Union(new Dictionary<string, int> { [worse ?? told] = 1 }).DistinctBy(pair => pair.Key).OrderBy(pair => pair.Key), counted.OrderBy(pair => pair.Key));
    }

    [Fact]
    public async Task Write_AnEarlierRequestLater_DoesNotReplaceTheNewer()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "7", seconds: 5) with { Spoken = "newer" });

        await rig.WriteAsync(StoreRig.Turn("call", "7") with { Spoken = "older" });

        Assert.Equal(("newer", 2), (await rig.ReadAsync("call")) is [var turn] ? (turn.Spoken, turn.Requests) : default);
    }

    [Fact]
    public async Task Write_NumberedSentences_AreReadInTheirOrder()
    {
        var rig = await RigAsync();
        string[] written = ["10", "9", "100", "2", "0", "9223372036854775807"];
        foreach (var (sentence, second) in written.Select((sentence, second) => (sentence, second)))
        {
            await rig.WriteAsync(StoreRig.Turn("call", sentence, second) with { Actions = [new($"do-{sentence}", null)] });
        }

        Assert.Equal(["0", "2", "9", "10", "100", "9223372036854775807"], (await rig.ReadAsync("call")).Select(turn => turn.SentenceId));
        Assert.Equal(written.Select(sentence => $"do-{sentence}"), Assert.Single(await rig.ListAsync()).Actions);
    }

    [Theory]
    [InlineData("b", "a", "c")]
    [InlineData("2", "x", "1")]
    [InlineData("-1", "1.5", "18446744073709551616")]
    [InlineData(null, "1", null)]
    [InlineData(null, null, null)]
    public async Task Write_OtherSentences_AreReadInTheOrderOfTheirTime(params string?[] sentences)
    {
        var rig = await RigAsync();
        foreach (var (sentence, second) in sentences.Select((sentence, second) => (sentence, second)))
        {
            await rig.WriteAsync(StoreRig.Turn("call", sentence, second));
        }

        Assert.Equal(sentences, (await rig.ReadAsync("call")).Select(turn => turn.SentenceId));
    }

    [Theory]
    [InlineData("/ \\ # ? % ' \" + & =")]
    [InlineData("..")]
    [InlineData("呼叫-☎️-\u202e-id")]
    [InlineData("!call")]
    [InlineData("a\u0000b\u001f\u007f\u009f\ud800")]
    [InlineData("' or PartitionKey ge '")]
    public async Task Write_HostileIds_AreCallsOfTheirOwn(string id)
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("other", "1"));

        await rig.WriteAsync(StoreRig.Turn(TableKey.Id(id), TableKey.Id(id)));

        var stored = Assert.Single(await rig.ReadAsync(id));
        Assert.Equal((TableKey.Id(id), TableKey.Id(id)), (stored.InstanceId, stored.SentenceId));
        Assert.Equal(2, (await rig.ListAsync()).Count);
    }

    [Fact]
    public async Task Write_VeryLongIds_AreToldApart()
    {
        var rig = await RigAsync();
        string[] ids = [new('x', 5000), new string('x', 4999) + "y", new('/', 512), new string('/', 511) + "#"];
        foreach (var id in ids)
        {
            await rig.WriteAsync(StoreRig.Turn(TableKey.Id(id), TableKey.Id(id)));
        }

        foreach (var id in ids)
        {
            Assert.Single(await rig.ReadAsync(id));
        }

        Assert.Equal(4, (await rig.ListAsync()).Count);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("你")]
    [InlineData("😀")]
    [InlineData("\"")]
    public async Task Write_TheLargestTurn_IsReadAsItWas(string unit)
    {
        var rig = await RigAsync();
        // One character before the pairs, so that every cut would halve one.
        var text = "." + string.Concat(Enumerable.Repeat(unit, (TurnTranscript.MaxText - 1) / unit.Length));
        var arguments = text[..TurnTranscript.MaxArguments];
        var turn = StoreRig.Turn(new string('/', 400), new string('?', 400)) with
        {
            ChannelId = new string('#', 400),
            Heard = text,
            Spoken = text,
            Actions = [.. Enumerable.Range(0, TurnTranscript.MaxActions).Select(index => new TranscribedAction(new string('n', 256), arguments))],
        };

        await rig.WriteAsync(turn);

        var stored = Assert.Single(await rig.ReadAsync(turn.InstanceId));
        Assert.Equal(text, stored.Heard);
        Assert.Equal(text, stored.Spoken);
        Assert.All(stored.Actions, action => Assert.Equal(StoredText.Clean(arguments), StoredText.Clean(action.Arguments!)));
    }

    [Fact]
    public async Task Write_ByManyAtOnce_LosesAndDoublesNothing()
    {
        var storage = await tables.OpenAsync();
        var rig = new StoreRig(storage);
        var instances = Enumerable.Range(0, 4).Select(_ => new StoreRig(storage, rig.Prefix)).ToList();

        await Task.WhenAll(instances.Select((instance, number) => Task.Run(async () =>
        {
            for (var sentence = 0; sentence < 5; sentence++)
            {
                var turn = StoreRig.Turn("call", $"{(sentence * 4) + number}", (sentence * 4) + number) with { Actions = [new($"{number}", null)] };
                await instance.WriteAsync(turn);
            }
        })));

        Assert.Equal(Enumerable.Range(0, 20).Select(sentence => $"{sentence}"), (await rig.ReadAsync("call")).Select(turn => turn.SentenceId));
        var call = Assert.Single(await rig.ListAsync());
        Assert.Equal(20, call.Turns);
        Assert.Equal(20, call.Actions.Count);
        Assert.Equal(StoreRig.Start.AddSeconds(19), call.LastTurnAt);
    }

    [Fact]
    public async Task Write_AnswerLostAtAnyRequest_LeavesOneRowThatCountsOne()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy);
        var turn = StoreRig.Turn("call", "1") with { Actions = [new("hangup", "{}")] };
        var requests = 0;
        for (var lost = 0; ; lost++)
        {
            requests = 0;
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
        Assert.Equal(1, Assert.Single(await rig.ReadAsync("call")).Requests);
        Assert.Equal(1, Assert.Single(await rig.ListAsync()).Turns);
        Assert.Equal(["hangup"], (await rig.ListAsync())[0].Actions);
    }

    [Fact]
    public async Task Write_ACall_HasItsPlaceAmongTheDaysBeforeItsFirstTurn()
    {
        await using var proxy = await TableProxy.StartAsync(await tables.OpenAsync());
        var rig = new StoreRig(proxy);
        proxy.Decide = request => ValueTask.FromResult(TableProxy.IsWrite(request) ? ProxyAction.Drop : ProxyAction.Forward);

        await Assert.ThrowsAnyAsync<Azure.RequestFailedException>(() => rig.WriteAsync(StoreRig.Turn("call", "1")));

        // Retention would find it; a list of calls leaves it out.
        Assert.Single(await CountAsync(rig.Tables.Days));
        Assert.Empty(await rig.ListAsync());
        Assert.Empty(await rig.ReadAsync("call"));
    }

    private static async Task<List<TableEntity>> CountAsync(TableClient table)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Cancelled))
        {
            rows.Add(row);
        }

        return rows;
    }

    private async Task<StoreRig> RigAsync() => new(await tables.OpenAsync());
}

public sealed class TurnStoreInTablesTests(SharedAzurite azurite) : TurnStoreTests(azurite);

public sealed class TurnStoreInMemoryTests() : TurnStoreTests(new TablesInMemory());
