using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Http;

/// <summary>What a list tells of a call, and how the one that went wrong is found.</summary>
public abstract class CallSearchTests(TestTables tables)
{
    private const string Day = "day=2026-11-24";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("completed", "completed")]
    [InlineData("completed failed completed", "failed")]
    [InlineData("completed apologised completed caller_left", "apologised")]
    [InlineData("apologised failed", "failed")]
    [InlineData("stopped apologised", "apologised")]
    [InlineData("refused stopped completed", "stopped")]
    [InlineData("caller_left refused completed", "refused")]
    [InlineData("caller_left completed", "caller_left")]
    [InlineData("from_the_future completed", "completed")]
    public async Task Outcome_OfACall_IsTheWorstOfItsTurns(string turns, string worst)
    {
        var rig = await RigAsync();
        foreach (var (outcome, second) in turns.Split(' ').Select((outcome, second) => (outcome, second)))
        {
            await rig.WriteAsync(StoreRig.Turn("call", $"{second}", second) with { Outcome = outcome });
        }

        Assert.Equal(worst, Assert.Single(await rig.ListAsync()).Outcome);
    }

    [Theory]
    [InlineData("caller_left", "completed", "completed")]
    [InlineData("failed", "completed", "failed")]
    [InlineData("failed", "apologised", "failed")]
    [InlineData("completed", "failed", "failed")]
    public async Task Outcome_ATurnThatIsAskedForAgain_CountsAsItWentWrong(string first, string second, string worst)
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Heard = "I want", Outcome = first, IsCut = first == "caller_left" });

        await rig.WriteAsync(StoreRig.Turn("call", "1", 1) with { Heard = "I want a room", Outcome = second });
        await rig.WriteAsync(StoreRig.Turn("call", "2", 2) with { Heard = "Thank you" });

        var call = Assert.Single(await rig.ListAsync());
        Assert.Equal((worst, 2, "I want a room"), (call.Outcome, call.Turns, call.FirstWords));
    }

    // Two of them at once, of which one loses the race and reads the call again.
    [Fact]
    public async Task Outcome_OfACallThatTwoInstancesWrite_IsTheWorst()
    {
        var storage = await tables.OpenAsync();
        var one = new StoreRig(storage);
        var other = new StoreRig(storage, one.Prefix);
        await one.WriteAsync(StoreRig.Turn("call", "1"));
        await other.WriteAsync(StoreRig.Turn("call", "2", 1) with { Outcome = "failed" });
        await one.WriteAsync(StoreRig.Turn("call", "3", 2));

        Assert.Equal(("failed", 3), await one.ListAsync() is [var call] ? (call.Outcome, call.Turns) : default);
    }

    // As the former version wrote them: the outcome of the last turn, and nothing else of the kind.
    [Fact]
    public async Task List_ACallOfTheFormerVersion_TellsWhatIsKnownAndGoesOn()
    {
        var rig = await RigAsync();
        await rig.Tables.CreateAsync(Cancelled);
        var former = CallSummary.Before(StoreRig.Turn("call", "1") with { Outcome = "apologised" }) with { Turns = 2, Model = "demo" };
        await rig.Tables.Turns.AddEntityAsync(Without(former.ToRow()), Cancelled);
        await rig.Tables.Days.AddEntityAsync(Without(former.ToEntry(isOpen: false)), Cancelled);
        var listed = Assert.Single(await rig.ListAsync());
        Assert.Equal(("apologised", null, null, null), (listed.Outcome, listed.LengthMs, listed.FirstWords, listed.SlowestAnswerMs));

        await rig.WriteAsync(StoreRig.Turn("call", "3", 4) with { Heard = "not the first", DurationMs = 1000 });
        await rig.WriteAsync(StoreRig.Turn("call", "4", 8) with { Heard = "nor that", DurationMs = 1000 });

        listed = Assert.Single(await rig.ListAsync());
        Assert.Equal(("apologised", 9000.0, null, 4), (listed.Outcome, listed.LengthMs, listed.FirstWords, listed.Turns));

        static TableEntity Without(TableEntity row)
        {
            foreach (var column in (string[])["Outcomes", "EndedAt", "FirstWords", "FirstRow", "SlowestAnswerMs", "Caller"])
            {
                row.Remove(column);
            }

            return row;
        }
    }

    [Fact]
    public async Task List_ACall_TellsLengthFirstWordsAndSlowestAnswer()
    {
        await using var host = await HostAsync();
        var rig = await RigAsync(host);
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Heard = "", FirstSpeechMs = 300, DurationMs = 800 });
        await rig.WriteAsync(StoreRig.Turn("call", "2", 5) with { Heard = $"  Good\nevening {new string('x', 300)}", FirstSpeechMs = 200, FirstAnswerMs = 2400, DurationMs = 3000 });
        await rig.WriteAsync(StoreRig.Turn("call", "3", 60) with { Heard = "Bye", FirstSpeechMs = 900, FirstAnswerMs = 950, DurationMs = 1500 });

        var call = Assert.Single(await ListAsync(host, Day));

        Assert.Equal((61_500, 2400), (call.GetProperty("lengthMs").GetDouble(), call.GetProperty("slowestAnswerMs").GetDouble()));
        Assert.Equal($"Good evening {new string('x', 106)}…", call.GetProperty("firstWords").GetString());
        Assert.Equal(JsonValueKind.Null, call.GetProperty("caller").ValueKind);
    }

    // Of each turn: how it ended, the first words, which a filler or an apology may be, the first of an answer, and the end.
    [Theory]
    [InlineData("completed 200 200 900, completed 1000 2400 3000", 2400.0)]
    [InlineData("completed 200 200 900, apologised 1001 - 4010", 200.0)]
    [InlineData("apologised 1001 - 4010", null)]
    [InlineData("apologised 11 - 12", null)]
    [InlineData("failed - - 9000", null)]
    [InlineData("failed 300 1300 1400", 1300.0)]
    [InlineData("caller_left 1000 - 1500", null)]
    [InlineData("refused - - 1", null)]
    public async Task SlowestAnswer_OfACall_IsOfTheTurnsThatHadAnAnswer(string turns, double? slowest)
    {
        var rig = await RigAsync();
        foreach (var (turn, index) in turns.Split(", ").Select((turn, index) => (turn.Split(' '), index)))
        {
            await rig.WriteAsync(StoreRig.Turn("call", $"{index}", 10 * index) with { Outcome = turn[0], FirstSpeechMs = Time(turn[1]), FirstAnswerMs = Time(turn[2]), DurationMs = Time(turn[3])!.Value });
        }

        Assert.Equal(slowest, Assert.Single(await rig.ListAsync()).SlowestAnswerMs);

        static double? Time(string text) => text == "-" ? null : double.Parse(text, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("inboundPhoneCall", "********5678")]
    [InlineData("outboundPhoneCall", "********5678")]
    public async Task List_ACallFromAPhone_TellsTheEndOfThePersonsNumber(string type, string caller)
    {
        await using var host = await HostAsync();
        using var response = await host.App.PostAsync(Json.Request("demo", "Hello", more:
            $$$""","call":{"id":"call-1","orgId":"o","type":"{{{type}}}","customer":{"number":"+49301235678"},"phoneNumber":{"number":"+15550001111"}}"""));
        await response.Content.ReadAsStringAsync(Cancelled);
        await host.StoredAsync(1);

        var call = Assert.Single(await ListAsync(host, ""));

        Assert.Equal(caller, call.GetProperty("caller").GetString());
        Assert.DoesNotContain("49301235678", call.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outcome=failed", "d")]
    [InlineData("outcome=failed,apologised", "d c")]
    [InlineData("outcome=failed&outcome=completed", "d b a")]
    [InlineData("failed=*", "c b")]
    [InlineData("failed=A.example.com", "c b")]
    [InlineData("failed=b.example.com:8443", "c")]
    [InlineData("failed=b.example.com", "")]
    [InlineData("failed=*&outcome=completed", "b")]
    [InlineData("failed=&outcome=completed", "b a")]
    [InlineData("model=RECEPTION", "c b")]
    [InlineData("action=transfer", "b a")]
    [InlineData("action=Transfer&model=reception", "b")]
    [InlineData("outcome=completed&model=reception&action=transfer&q=zimmer", "b")]
    [InlineData("q=ZIMMER", "b a")]
    [InlineData("q=zimmer&outcome=failed", "")]
    [InlineData("q=strasse", "")]
    [InlineData("q=stra%C3%9Fe", "c")]
    [InlineData("q=%C3%84RGER", "c")]
    [InlineData("q=%E4%BD%A0%E5%A5%BD", "d")]
    [InlineData("q=req_find-me", "d")]
    [InlineData("q=req_earlier", "a")]
    [InlineData("q=channel-7", "a")]
    [InlineData("q=s-77", "b")]
    [InlineData("q=told+by+the+platform", "a")]
    [InlineData("q=%27+or+PartitionKey+ne+%27", "")]
    [InlineData("model=%27+or+PartitionKey+ne+%27", "")]
    [InlineData("action=%27%29+or+%28RowKey+ne+%27", "")]
    [InlineData("q=it%27s", "d")]
    [InlineData("q=%25", "")]
    [InlineData("q=.%2A", "")]
    [InlineData("q=", "d c b a")]
    [InlineData("outcome=&model=&action=", "d c b a")]
    [InlineData("code=function-key&clientId=default", "d c b a")]
    public async Task Search_ByWhatWasSaidAndHowItEnded_FindsThoseCalls(string query, string found)
    {
        await using var host = await HostAsync();
        var rig = await RigAsync(host);
        await rig.WriteAsync(StoreRig.Turn("a", "1") with { ChannelId = "channel-7", RequestId = "req_earlier", IsCut = true, Outcome = "caller_left" });
        await rig.WriteAsync(StoreRig.Turn("a", "1", 1) with { ChannelId = "channel-7", Spoken = "Ein Zimmer ist frei.", Actions = [new("transfer", """{"number":"+4930"}""")] });
        await new CallEventStore(rig.Tables).WriteAsync([new CallEvent { InstanceId = "a", SentenceId = "1", ReceivedAt = StoreRig.Start, Lines = [new("l", IsCallers: true, "Told by the platform", 20, null)] }], Cancelled);
        await rig.WriteAsync(StoreRig.Turn("b", "s-77", 10) with { Heard = "ein zimmer bitte", Model = "reception", Actions = [new("transfer", null)], UpstreamFailures = [new("a.example.com", "silent")] });
        await rig.WriteAsync(StoreRig.Turn("c", "1", 20) with { Model = "reception" });
        await rig.WriteAsync(StoreRig.Turn("c", "2", 21) with { Heard = "So ein \u00e4rger, die Stra\u00dfe ist zu", Model = "reception", Outcome = "apologised", Actions = [new("hangup", "{}")], UpstreamFailures = [new("a.example.com", "status 500"), new("b.example.com:8443", "status 429")] });
        await rig.WriteAsync(StoreRig.Turn("d", "1", 30) with { Heard = "\u4f60\u597d, it's me", RequestId = "req_find-me", Outcome = "failed" });
        await rig.WriteAsync(StoreRig.Turn("d", "2", 31));

        var calls = await ListAsync(host, $"{Day}&{query}");

        Assert.Equal(found, string.Join(' ', calls.Select(call => call.GetProperty("instanceId").GetString())));
    }

    [Theory]
    [InlineData("outcome", "broken")]
    [InlineData("outcome", "failed,broken")]
    [InlineData("outcome", "Failed")]
    [InlineData("q", "   ")]
    [InlineData("q", null)]
    [InlineData("model", null)]
    [InlineData("failed", null)]
    [InlineData("action", null)]
    [InlineData("outcom", "failed")]
    [InlineData("$filter", "Outcome eq 'failed'")]
    public async Task Search_BadParameter_IsNamed(string name, string? value)
    {
        await using var host = await HostAsync();
        using var response = await host.Operator.GetAsync($"/calls?{Day}&{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value ?? new string('x', 201))}", Cancelled);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(name, (await Json.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("q=a&q=b", "q")]
    [InlineData("model=a&model=b", "model")]
    [InlineData("failed=a&failed=b", "failed")]
    public async Task Search_ParameterTwice_IsNamed(string query, string name)
    {
        await using var host = await HostAsync();
        using var response = await host.Operator.GetAsync($"/calls?{Day}&{query}", Cancelled);

        Assert.Equal((400, name), ((int)response.StatusCode, (await Json.ReadErrorAsync(response)).GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Search_OverManyCalls_GoesOnFromPageToPage()
    {
        await using var host = await HostAsync();
        var rig = await RigAsync(host);
        await Parallel.ForAsync(0, 230, Cancelled, async (call, _) => await rig.WriteAsync(StoreRig.Turn($"call-{call}", "1", call) with { Spoken = call % 2 == 0 ? "an even one" : "another" }));

        var (found, searched, query) = (new List<string?>(), 0, $"?{Day}&q=even+one");
        string? next;
        do
        {
            var page = await host.ListAsync(query);
            Assert.InRange(Ids(page).Count, 0, CallReader.PageSize);
            Assert.Equal(0, page.GetProperty("searchedInPart").GetInt32());
            found.AddRange(Ids(page));
            searched += page.GetProperty("searched").GetInt32();
            next = page.GetProperty("continue").GetString();
            query = $"?{Day}&q=even+one&continue={next}";
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(0, 115).Reverse().Select(call => $"call-{2 * call}"), found);
        Assert.Equal(230, searched);
    }

    // Each look at the clock takes it on by a second.
    [Fact]
    public async Task Search_ThatTakesTooLong_SaysHowFarItCameAndMissesNothingAfter()
    {
        var rig = await RigAsync();
        for (var call = 0; call < 150; call++)
        {
            await rig.WriteAsync(StoreRig.Turn($"call-{call}", "1", call) with { Spoken = call is 3 or 140 ? "needle" : "hay" });
        }

        var reader = new CallReader(rig.Tables, new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) });
        var (found, searched, pages) = (new List<string>(), 0, 0);
        string? after = null;
        do
        {
            var page = await reader.ListAsync(DateOnly.FromDateTime(StoreRig.Start.UtcDateTime), after, new CallSearch { Text = "needle" }, Cancelled);
            Assert.InRange(page.Searched, 1, 149);
            found.AddRange(page.Calls.Select(call => call.InstanceId));
            (searched, pages, after) = (searched + page.Searched, pages + 1, page.Next);
        }
        while (after is not null);

        Assert.Equal(["call-140", "call-3"], found);
        Assert.Equal(150, searched);
        Assert.InRange(pages, 2, 10);
    }

    [Fact]
    public async Task Search_CallThatIsTooLongToBeLookedAtWhole_IsCounted()
    {
        await using var host = await HostAsync();
        var rig = await RigAsync(host);
        await rig.WriteCallAsync("call", CallReader.MaxTurns + 1);

        var list = await host.ListAsync($"?{Day}&q=nobody+said+so");

        Assert.Equal((0, 1, 1), (Ids(list).Count, list.GetProperty("searched").GetInt32(), list.GetProperty("searchedInPart").GetInt32()));
    }

    [Fact]
    public async Task Search_WordsOfACallWithTheSameIdAndAnotherKey_FindsOnlyThatOne()
    {
        var rig = await RigAsync();
        await rig.WriteAsync(StoreRig.Turn("call", "1") with { Key = "11111111", Spoken = "needle" });
        await rig.WriteAsync(StoreRig.Turn("call", "1", 1) with { Key = "22222222", Spoken = "hay" });

        var page = await rig.Reader.ListAsync(DateOnly.FromDateTime(StoreRig.Start.UtcDateTime), null, new CallSearch { Text = "needle" }, Cancelled);

        Assert.Equal("11111111", Assert.Single(page.Calls).Key);
    }

    [Fact]
    public async Task Search_LeavesATrailWithoutWhatWasSearched()
    {
        await using var host = await HostAsync();
        await host.ListAsync($"?{Day}&q=secret-words&outcome=failed");

        var line = await host.App.WaitForLogAsync(528);

        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Contains("2026-11-24: 0 of 0 calls", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(host.App.Logs.GetSnapshot(), record => record.Message.Contains("secret-words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Search_WithoutAnOperatorsKey_IsRefused()
    {
        await using var host = await HostAsync();
        using var response = await host.App.Client.GetAsync("/calls?q=words", Cancelled);

        Assert.Equal(401, (int)response.StatusCode);
    }

    private static List<string?> Ids(JsonElement list) => [.. list.GetProperty("calls").EnumerateArray().Select(call => call.GetProperty("instanceId").GetString())];

    private static async Task<List<JsonElement>> ListAsync(TranscriptHost host, string query) => [.. (await host.ListAsync($"?{query}")).GetProperty("calls").EnumerateArray()];

    private async Task<TranscriptHost> HostAsync() => await TranscriptHost.StartAsync(await tables.OpenAsync());

    private async Task<StoreRig> RigAsync(TranscriptHost? host = null) => new(await tables.OpenAsync(), host?.Prefix);
}

public sealed class CallSearchInTablesTests(SharedAzurite azurite) : CallSearchTests(azurite);

public sealed class CallSearchInMemoryTests() : CallSearchTests(new TablesInMemory());
