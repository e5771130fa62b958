using Microsoft.Extensions.Time.Testing;
using Switchboard.Memory;
using static Switchboard.Tests.Memory.MemoryRig;

namespace Switchboard.Tests.Memory;

/// <summary>A turn that is asked for more than once is acted on once.</summary>
public sealed class RepeatedTurnTests
{
    /// <summary>The same words of a call, by platforms with and without an id of the turn, at its begin and later.</summary>
    public static TheoryData<string> Turns =>
    [
        Ims("call-1", "4", "user:A table, please."),
        Ims("call-1", "a/b", "assistant:Hello.", "user:Hi", "assistant:Yes?", "user:A table, please."),
        Vapi("call-1", "user:A table, please."),
        Vapi("call-1", "system:You book.", "assistant:Hello.", "user:Hi", "assistant:Yes?", "user:A table, please."),
    ];

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Post_AgainAfterTheConnectionBroke_GetsWhatTheToolFound(string body)
    {
        await using var rig = await StartAsync(new BookingModel());
        rig.Server.IsGated = true;
        await rig.LeaveDuringTheToolAsync(body);
        rig.Server.Release();

        Assert.Equal("booking 1", await rig.SayAsync(body));
        Assert.Equal("booking 1", await rig.SayAsync(body));
        Assert.Equal(1, rig.Server.Bookings);
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Post_AgainWhileTheToolRuns_WaitsForIt(string body)
    {
        var model = new BookingModel();
        await using var rig = await StartAsync(model);
        rig.Server.IsGated = true;
        var first = rig.SayAsync(body);
        await rig.Server.BegunAsync();
        var second = rig.SayAsync(body);
        _ = await model.NextAsync();
        _ = await model.NextAsync();

        rig.Server.Release();

        Assert.Equal(["booking 1", "booking 1"], await Task.WhenAll(first, second));
        Assert.Equal(1, rig.Server.Bookings);
    }

    [Fact]
    public async Task Post_LongerWordsInTheSamePlace_SupersedeAndDoNotActTwice()
    {
        var model = new BookingModel();
        await using var rig = await StartAsync(model);
        rig.Server.IsGated = true;
        var first = rig.SayAsync(Vapi("call-1", "user:Hi", "assistant:Yes?", "user:A table"));
        await rig.Server.BegunAsync();
        var second = rig.SayAsync(Vapi("call-1", "user:Hi", "assistant:Yes?", "user:A table for two"));

        // Nobody waits for it any more, and it is not taken back.
        Assert.Equal("", await first);
        rig.Server.Release();
        Assert.Equal("booking 1", await second);
        Assert.Equal(1, rig.Server.Bookings);
    }

    [Fact]
    public async Task Post_NextTurnWithTheSameWords_RunsTheToolAgain()
    {
        await using var rig = await StartAsync(new BookingModel());

        Assert.Equal("booking 1", await rig.SayAsync(Vapi("call-1", "user:Another one")));
        Assert.Equal("booking 2", await rig.SayAsync(Vapi("call-1", "user:Another one", "assistant:booking 1", "user:Another one")));
        Assert.Equal("booking 3", await rig.SayAsync(Ims("call-2", "1", "user:Another one")));
        Assert.Equal("booking 4", await rig.SayAsync(Ims("call-2", "2", "user:Another one")));
    }

    // A platform that sends the last records alone has as many messages in each turn.
    [Fact]
    public async Task Post_NextTurnOfACutHistoryWithTheSameWords_RunsTheToolAgain()
    {
        await using var rig = await StartAsync(new BookingModel());

        Assert.Equal("booking 1", await rig.SayAsync(Vapi("call-1", "user:One", "assistant:What?", "user:Another one")));
        Assert.Equal("booking 2", await rig.SayAsync(Vapi("call-1", "user:Another one", "assistant:booking 1", "user:Another one")));
    }

    // A platform without history and without ids of its turns: only the time tells a repeated request from the caller's next word.
    [Fact]
    public async Task Post_SameWordsAndNothingElseAfterAWhile_RunTheToolAgain()
    {
        var time = new FakeTimeProvider();
        await using var rig = await StartAsync(new BookingModel(), time);

        Assert.Equal("booking 1", await rig.SayAsync(Vapi("call-1", "user:Yes")));
        Assert.Equal("booking 1", await rig.SayAsync(Vapi("call-1", "user:Yes")));
        time.Advance(CallMemory.AloneLifetime + TimeSpan.FromSeconds(1));
        Assert.Equal("booking 2", await rig.SayAsync(Vapi("call-1", "user:Yes")));
    }

    [Fact]
    public async Task Post_TwoCallsInOneAnswer_AreTwoAndTheRepeatGetsBoth()
    {
        await using var rig = await StartAsync(new BookingModel(calls: 2));
        var body = Ims("call-1", "1", "user:Two tables");

        var heard = await rig.SayAsync(body);

        Assert.Equal(heard, await rig.SayAsync(body));
        Assert.Equal(2, rig.Server.Bookings);
    }

    [Fact]
    public async Task Post_OtherArguments_RunTheToolAgainAndTheirSpellingMakesNoDifference()
    {
        var asked = 0;
        Dictionary<string, object?>[] arguments =
        [
            new() { ["city"] = "Berlin", ["day"] = new Dictionary<string, object?> { ["month"] = 3, ["at"] = 7 } },
            new() { ["day"] = new Dictionary<string, object?> { ["at"] = 7.0, ["month"] = 3 }, ["city"] = "Berlin" },
            new() { ["city"] = "Bonn" },
        ];
        await using var rig = await StartAsync(new BookingModel { Arguments = _ => arguments[asked++] });
        var body = Ims("call-1", "1", "user:A table");

        Assert.Equal("booking 1", await rig.SayAsync(body));
        Assert.Equal("booking 1", await rig.SayAsync(body));
        Assert.Equal("booking 2", await rig.SayAsync(body));
    }

    [Fact]
    public async Task Post_OtherKeyWithTheSameIds_SharesNothing()
    {
        await using var rig = await StartAsync(new BookingModel(), settings: new() { ["Access:ApiKeys:1"] = TestHost.OtherKey });
        var body = Ims("call-1", "1", "user:A table");

        Assert.Equal("booking 1", await rig.SayAsync(body));
        Assert.Equal("booking 2", await rig.SayAsync(body, TestHost.OtherKey));
    }

    [Theory]
    [InlineData("Idempotency-Key")]
    [InlineData("X-Request-Id")]
    public async Task Post_WithoutACallButWithTheSameRequestId_GetsWhatTheToolFound(string header)
    {
        await using var rig = await StartAsync(new BookingModel(), settings: new() { ["Access:ApiKeys:1"] = TestHost.OtherKey });
        var body = Body(["user:A table"]);

        Assert.Equal("booking 1", await rig.SayAsync(body, headers: [(header, "r-1")]));
        Assert.Equal("booking 1", await rig.SayAsync(body, headers: [(header, "r-1")]));
        Assert.Equal("booking 2", await rig.SayAsync(body, headers: [(header, "r-2")]));
        Assert.Equal("booking 3", await rig.SayAsync(Body(["user:Another table"]), headers: [(header, "r-1")]));
        Assert.Equal("booking 4", await rig.SayAsync(body, TestHost.OtherKey, (header, "r-1")));
        Assert.Equal("booking 5", await rig.SayAsync(body));
    }

    [Fact]
    public async Task Post_RetryOfAClientLibraryThatCanMeanOneRequestOnly_GetsWhatTheToolFound()
    {
        await using var rig = await StartAsync(new BookingModel());
        var body = Body(["user:A table"]);
        rig.Server.IsGated = true;
        await rig.LeaveDuringTheToolAsync(body, ("x-stainless-retry-count", "0"));
        await rig.LeaveWaitingAsync(body, ("x-stainless-retry-count", "1"));
        rig.Server.Release();

        Assert.Equal("booking 1", await rig.SayAsync(body, headers: [("x-stainless-retry-count", "2")]));
        Assert.Equal(1, rig.Server.Bookings);
    }

    // Two callers may say the same. Who cannot be told from another has the tool run once more.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_RetryThatCouldBeAnotherCallers_SharesNothing(bool isAnswered)
    {
        await using var rig = await StartAsync(new BookingModel());
        var body = Body(["user:A table"]);
        if (isAnswered)
        {
            Assert.Equal("booking 1", await rig.SayAsync(body, headers: [("x-stainless-retry-count", "0")]));
        }
        else
        {
            rig.Server.IsGated = true;
            await rig.LeaveDuringTheToolAsync(body, ("x-stainless-retry-count", "0"));
            rig.Server.Release();
            Assert.Equal("booking 2", await rig.SayAsync(body, headers: [("x-stainless-retry-count", "0")]));
        }

        Assert.Equal($"booking {(isAnswered ? 2 : 3)}", await rig.SayAsync(body, headers: [("x-stainless-retry-count", "1")]));
    }

    [Fact]
    public async Task Post_TwoRetriesOfOneRequest_ShareNothingTwice()
    {
        await using var rig = await StartAsync(new BookingModel());
        var body = Body(["user:A table"]);
        rig.Server.IsGated = true;
        await rig.LeaveDuringTheToolAsync(body, ("x-stainless-retry-count", "0"));
        rig.Server.Release();

        Assert.Equal("booking 1", await rig.SayAsync(body, headers: [("x-stainless-retry-count", "1")]));
        Assert.Equal("booking 2", await rig.SayAsync(body, headers: [("x-stainless-retry-count", "1")]));
    }

    // The connection of the first may be closed after the retry came.
    [Fact]
    public async Task Post_RetryBeforeTheFirstIsSeenToBeLeft_WaitsForThat()
    {
        var time = new WatchedTime();
        var model = new BookingModel();
        await using var rig = await StartAsync(model, time);
        var body = Body(["user:A table"]);
        rig.Server.IsGated = true;
        using var leave = new CancellationTokenSource();
        var first = rig.PostAsync(body, headers: [("x-stainless-retry-count", "0")], leave: leave.Token);
        await rig.Server.BegunAsync();
        var second = rig.SayAsync(body, headers: [("x-stainless-retry-count", "1")]);
        await time.WaitForTimerAsync(wait => wait == TurnMemory.RetryPatience, TestContext.Current.CancellationToken);

        await leave.CancelAsync();
        rig.Server.Release();

        Assert.Equal("booking 1", await second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task Post_RetryWhileTheOtherGoesOn_IsAnotherCallers()
    {
        var time = new WatchedTime();
        await using var rig = await StartAsync(new BookingModel(), time);
        var body = Body(["user:A table"]);
        rig.Server.IsGated = true;
        var first = rig.SayAsync(body, headers: [("x-stainless-retry-count", "0")]);
        await rig.Server.BegunAsync();
        var second = rig.SayAsync(body, headers: [("x-stainless-retry-count", "1")]);
        await time.WaitForTimerAsync(wait => wait == TurnMemory.RetryPatience, TestContext.Current.CancellationToken);

        time.Advance(TurnMemory.RetryPatience);
        await rig.Server.BegunAsync();
        rig.Server.Release();

        Assert.Equal(["booking 1", "booking 2"], (await Task.WhenAll(first, second)).Order());
    }

    // After a tool of the client the platform asks once more about the same words: that is another step of the turn, and no repeat.
    [Fact]
    public async Task Post_AfterTheClientsTool_RunsTheToolAgain()
    {
        await using var rig = await StartAsync(new BookingModel());
        const string Called = """{"role":"assistant","content":null,"tool_calls":[{"id":"x","type":"function","function":{"name":"pay","arguments":"{}"}}]}""";
        const string Found = """{"role":"tool","tool_call_id":"x","content":"paid"}""";

        Assert.Equal("booking 1", await rig.SayAsync(Ims("call-1", "1", "user:A table")));
        Assert.Equal("booking 2", await rig.SayAsync(Ims("call-1", "1", "user:A table", Called, Found)));
        Assert.Equal("booking 2", await rig.SayAsync(Ims("call-1", "1", "user:A table", Called, Found)));
    }
}
