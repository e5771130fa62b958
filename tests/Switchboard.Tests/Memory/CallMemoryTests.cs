using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Contract;
using Switchboard.Memory;

namespace Switchboard.Tests.Memory;

/// <summary>What is remembered is bounded, and is forgotten in its time.</summary>
public sealed class CallMemoryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CallMemory _memory;
    private int _runs;

    public CallMemoryTests() => _memory = new CallMemory(_time);

    [Fact]
    public async Task Enter_MoreCallsThanMayBe_ForgetsTheQuietest()
    {
        await RunAsync("first");
        for (var call = 1; call < CallMemory.MaxCalls; call++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await RunAsync($"{call}");
        }

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("1", await RunAsync("first"));
        await RunAsync("one more");

        Assert.Equal(CallMemory.MaxCalls, _memory.Count);
        Assert.Equal("1", await RunAsync("first"));
        Assert.Equal($"{_runs + 1}", await RunAsync("1"));
    }

    [Fact]
    public async Task Enter_RequestsWithoutACall_AreForgottenBeforeCalls()
    {
        await RunAsync("first");
        for (var request = 0; request < CallMemory.MaxCalls; request++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await RunAsync(null, said: $"{request}");
        }

        Assert.Equal("1", await RunAsync("first"));
    }

    [Fact]
    public async Task Run_MoreBytesThanMayBe_ForgetsTheQuietest()
    {
        var result = new string('x', 250_000);
        for (var call = 0; call < 400; call++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await RunAsync($"{call}", result: result);
        }

        Assert.InRange(_memory.Count, 100, (int)(CallMemory.MaxBytes / (2 * result.Length)));
        Assert.Equal(result, await RunAsync("399"));
    }

    [Fact]
    public async Task Run_MoreTurnsOfACallThanMayBe_ForgetsTheOldest()
    {
        for (var turn = 0; turn <= RememberedCall.MaxTurns; turn++)
        {
            await RunAsync("call", $"{turn}");
        }

        Assert.Equal("2", await RunAsync("call", "1"));
        Assert.Equal($"{RememberedCall.MaxTurns + 2}", await RunAsync("call", "0"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Enter_AgainAfterAWhile_IsANewTurn(int seconds, bool isKnown)
    {
        await RunAsync("call", "1");

        _time.Advance(CallMemory.RepeatLifetime + TimeSpan.FromSeconds(seconds));

        Assert.Equal(isKnown ? "1" : "2", await RunAsync("call", "1"));
        Assert.Equal(isKnown ? 1 : 2, (await RestoredAsync("call", "2")).Count(message => message.Role == ChatRole.Tool));
    }

    [Fact]
    public async Task Enter_CallThatWasQuietForLong_IsForgotten()
    {
        await RunAsync("call", "1");
        _time.Advance(CallMemory.Lifetime + TimeSpan.FromSeconds(1));

        Assert.DoesNotContain(await RestoredAsync("call", "2"), message => message.Role == ChatRole.Tool);
        Assert.Equal(1, _memory.Count);
    }

    // A late repeat of its last turn still books nothing twice.
    [Theory]
    [InlineData("call", 0, true)]
    [InlineData("call", 1, false)]
    [InlineData("other", 1, true)]
    public async Task Close_ACall_IsForgottenWhenItsTurnsCannotBeRepeated(string over, int seconds, bool isKnown)
    {
        await RunAsync("call", "1");

        _memory.Close(over);
        _time.Advance(CallMemory.RepeatLifetime + TimeSpan.FromSeconds(seconds));

        Assert.Equal(isKnown, (await RestoredAsync("call", "2")).Any(message => message.Role == ChatRole.Tool));
    }

    [Theory]
    [InlineData("call", false)]
    [InlineData("other", true)]
    public async Task Delete_Call_IsForgottenAtOnce(string deleted, bool isKnown)
    {
        await RunAsync("call", "1");

        _memory.Delete(deleted);

        Assert.Equal(isKnown ? 1 : 0, _memory.Count);
        Assert.Equal(isKnown, (await RestoredAsync("call", "2")).Any(message => message.Role == ChatRole.Tool));
    }

    [Fact]
    public async Task Close_CallThatGoesOn_IsRememberedAsBefore()
    {
        await RunAsync("call", "1");
        _memory.Close("call");
        await RunAsync("call", "2");

        _time.Advance(CallMemory.RepeatLifetime * 2);

        Assert.Equal(2, (await RestoredAsync("call", "3")).Count(message => message.Role == ChatRole.Tool));
    }

    [Fact]
    public async Task Enter_CallWhoseToolRunsForLong_IsNotForgotten()
    {
        var result = new TaskCompletionSource<ToolResult>();
        var turn = _memory.Enter([new(ChatRole.User, "Hi")], Options("call", "1"));
        var run = turn.RunAsync(Request(() => result.Task), CancellationToken.None);
        turn.Leave(isWhole: false);
        _time.Advance(CallMemory.Lifetime + TimeSpan.FromSeconds(1));

        Assert.Single(await RestoredAsync("call", "2"), message => message.Role == ChatRole.Tool);
        result.SetResult(new("booked", ToolEffect.Answered));
        Assert.Equal("booked", await run);
    }

    [Theory]
    [InlineData(ToolEffect.Answered, "1")]
    [InlineData(ToolEffect.Unknown, "1")]
    [InlineData(ToolEffect.None, "2")]
    internal async Task Run_AgainAfterAFailure_IsRunOnlyWhereNothingWasDone(ToolEffect effect, string expected)
    {
        await RunAsync("call", "1", effect: effect);

        Assert.Equal(expected, await RunAsync("call", "1"));
    }

    // What is an error in this app is no result.
    [Fact]
    public async Task Run_ThatThrows_IsRunAgain()
    {
        var turn = _memory.Enter([new(ChatRole.User, "Hi")], Options("call", "1"));
        await Assert.ThrowsAsync<FormatException>(() => turn.RunAsync(Request(() => throw new FormatException()), CancellationToken.None));
        turn.Leave(isWhole: false);

        Assert.Equal("1", await RunAsync("call", "1"));
    }

    [Fact]
    public async Task Run_ThatOthersWaitForAndThatReachedNobody_IsRunByThem()
    {
        var result = new TaskCompletionSource<ToolResult>();
        var first = _memory.Enter([new(ChatRole.User, "Hi")], Options("call", "1")).RunAsync(Request(() => result.Task), CancellationToken.None);
        var second = RunAsync("call", "1");

        result.SetResult(new("no connection", ToolEffect.None));

        Assert.Equal(["no connection", "1"], await Task.WhenAll(first, second));
    }

    private static TurnOptions Options(string? call, string? turn) =>
        new(new CallContext { InstanceId = call, SentenceId = turn }) { Origin = new RequestOrigin("owner", RepeatKey: null, Retries: 0) };

    private static ToolRequest Request(Func<Task<ToolResult>> run) => new(new("a", "book"), "server", 0, IsRepeatable: false, TimeSpan.FromSeconds(10), run);

    private async Task<IReadOnlyList<ChatMessage>> RestoredAsync(string call, string turn)
    {
        var entered = _memory.Enter([new(ChatRole.User, "Next")], Options(call, turn));
        entered.Leave(isWhole: true);
        return await entered.RestoreAsync(CancellationToken.None);
    }

    // The number of the run that was made, or was found.
    private async Task<string> RunAsync(string? call, string? turn = "1", string said = "Hi", string? result = null, ToolEffect effect = ToolEffect.Answered)
    {
        var entered = _memory.Enter([new(ChatRole.User, said)], Options(call, turn));
        var text = await entered.RunAsync(Request(() => Task.FromResult(new ToolResult(result ?? $"{++_runs}", effect))), CancellationToken.None);
        entered.Leave(isWhole: true);
        return text;
    }
}
