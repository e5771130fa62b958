using Microsoft.Extensions.AI;

namespace Switchboard.Tests.Turn;

/// <summary>Responders of one's own (AddResponder) that behave badly.</summary>
public sealed class UnrulyResponderTests
{
    public static TheoryData<bool, bool> Ways => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_IgnoresItsTokenBeforeTheFirstWord_EndsAtItsDeadlineAndGivesThePlaceBack(bool stream)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StartAsync(_ =>
        {
            isAsked.TrySetResult();
            return UnrulyResponders.IgnoreCancellationAsync("", end.Task);
        });
        var posting = rig.PostAsync(stream);
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
        await AssertPlaceAsync(rig, isFree: false);

        rig.Advance(TimeSpan.FromSeconds(2.5), before: () => Assert.False(posting.IsCompleted));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertFails("upstream_timeout");
        await rig.Host.WaitForTurnEndAsync("voice");
        await AssertPlaceAsync(rig, isFree: true);
        end.SetResult();
    }

    [Fact]
    public async Task Post_IgnoresItsTokenAfterAWord_EndsAtItsStallAndGivesThePlaceBack()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StartAsync(_ => UnrulyResponders.IgnoreCancellationAsync("Hello", end.Task));
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello");

        rig.Advance(TimeSpan.FromSeconds(10));

        (await reader.ReadToEndAsync()).AssertSays("Hello");
        await rig.Host.WaitForTurnEndAsync("voice");
        await AssertPlaceAsync(rig, isFree: true);
        end.SetResult();
    }

    [Fact]
    public async Task Post_IgnoresThatItsCallerLeft_GivesThePlaceBack()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StartAsync(_ => UnrulyResponders.IgnoreCancellationAsync("Hello", end.Task));
        using (var reader = await AnswerReader.OpenAsync(rig.PostAsync()))
        {
            await reader.ReadTextAsync("Hello");
        }

        Assert.Equal("caller_left", (await rig.Host.WaitForTurnEndAsync("voice")).GetStructuredStateValue("Outcome"));
        await AssertPlaceAsync(rig, isFree: true);
        end.SetResult();
    }

    // On the thread of a timer, what such a callback throws would end the process, and with it every call.
    [Theory]
    [InlineData("", 2.5, "upstream_timeout")]
    [InlineData("Hello.", 10, null)]
    public async Task Post_CallbackOfItsTokenThrowsAtADeadline_OnlyTheTurnEnds(string text, double seconds, string? error)
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StartAsync(token => UnrulyResponders.FailWhenCancelledAsync(text, new TaskCompletionSource().Task, isAsked, token));
        var opening = AnswerReader.OpenAsync(rig.PostAsync());
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
        await rig.Time.WaitForChangeAsync(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);

        rig.Advance(TimeSpan.FromSeconds(seconds));

        using var reader = await opening;
        var answer = await reader.ReadToEndAsync();
        if (error is null)
        {
            answer.AssertSays(text);
        }
        else
        {
            answer.AssertFails(error);
        }

        await rig.Host.WaitForTurnEndAsync("voice");
        await AssertPlaceAsync(rig, isFree: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_CallbackOfItsTokenThrowsWhenItsAnswerIsOver_IsWhole(bool stream)
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StartAsync(token => UnrulyResponders.FailWhenCancelledAsync("Hello", Task.CompletedTask, isAsked, token));

        (await rig.AskAsync(stream)).AssertSays("Hello");

        await rig.Host.WaitForTurnEndAsync("voice");
        rig.AssertNothingIsWarnedOf();
    }

    [Fact]
    public async Task Post_CallbackOfItsTokenThrowsWhenANewerTurnBegins_TheNewerOneIsAnswered()
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var turns = 0;
        await using var rig = await TurnRig.StartAsync(new LambdaChatClient(token => ++turns == 1
            ? UnrulyResponders.FailWhenCancelledAsync("", new TaskCompletionSource().Task, isAsked, token)
            : UnrulyResponders.SayAsync("Hello")));
        var older = rig.PostAsync(call: "call-1", sentence: "1");
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);

        using var newer = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "2"));

        (await newer.ReadToEndAsync()).AssertSays("Hello");
        (await older).Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Post_WrapsItsCancellationWhenTheCallerLeaves_IsNoError(bool stream, bool hasHeard)
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StartAsync(token => UnrulyResponders.WrapCancellationAsync(hasHeard ? "Hello" : "", isAsked, token));
        using var leave = new CancellationTokenSource();
        var posting = rig.PostUntilAsync(stream, null, null, leave.Token);
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
        if (stream && hasHeard)
        {
            (await posting).Dispose();
        }

        await leave.CancelAsync();

        Assert.Equal("caller_left", (await rig.Host.WaitForTurnEndAsync("voice")).GetStructuredStateValue("Outcome"));
        rig.AssertNothingIsWarnedOf();
    }

    // Streamed or not, and whether something was said before the call.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Post_ArgumentsCannotBeWritten_IsAnError(bool stream, bool hasSpoken)
    {
        await using var rig = await StartAsync(_ => CallAsync(hasSpoken));

        (await rig.AskAsync(stream)).AssertFails("upstream_error", stream && hasSpoken ? "Hello" : "");

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Single(rig.Logged(101));
        rig.AssertNothingSecretIsLogged();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Post_ArgumentsCannotBeWritten_IsApologisedFor(bool stream, bool hasSpoken)
    {
        await using var rig = await StartAsync(_ => CallAsync(hasSpoken), ("Apology", TurnRig.Apology));

        var answer = await rig.AskAsync(stream);

        answer.AssertSays(hasSpoken ? $"Hello {TurnRig.Apology}" : TurnRig.Apology);
        Assert.Empty(answer.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_Throws_TheLogNamesThePlace(bool isLate)
    {
        await using var rig = await StartAsync(_ => BreakAsync(isLate));

        (await rig.AskAsync()).AssertFails("upstream_error");

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.All([rig.Logged(101).Single(), rig.Logged(110).Single()], line => Assert.Contains(nameof(BreakAsync), line, StringComparison.Ordinal));
    }

    // Whether something was said before, and whether it is cancelled in the middle of a step.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Post_IsCancelledByItself_IsAnErrorWithItsPlace(bool hasSpoken, bool isLate)
    {
        await using var rig = await StartAsync(_ => UnrulyResponders.CancelItselfAsync(hasSpoken ? "Hello" : "", isLate));

        (await rig.AskAsync()).AssertFails("upstream_error", hasSpoken ? "Hello" : "");

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Contains(nameof(UnrulyResponders.CancelItselfAsync), rig.Logged(101).Single(), StringComparison.Ordinal);
        rig.AssertNothingSecretIsLogged();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello")]
    public async Task Post_ThrowsWhenItIsToldThatItsTimeIsUp_HarmsNothingElse(string text)
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StartAsync(token => UnrulyResponders.WhenToldAsync(text, ends: false, Throw, isAsked, token), ("/Logging:LogLevel:Switchboard", "Debug"));
        var posting = rig.PostAsync();
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
        if (text.Length > 0)
        {
            (await posting).Dispose();
            await rig.Host.WaitForTurnEndAsync("voice");
        }

        // On the system's clock what is thrown here ends the process.
        rig.Advance(TimeSpan.FromSeconds(2.5));

        if (text.Length == 0)
        {
            using var reader = await AnswerReader.OpenAsync(posting);
            (await reader.ReadToEndAsync()).AssertFails("upstream_timeout");
        }

        Assert.Contains(nameof(Throw), (await rig.Host.WaitForLogAsync(112)).Message, StringComparison.Ordinal);
        rig.AssertNothingSecretIsLogged();
    }

    [Fact]
    public async Task Post_ThrowsWhenItIsToldAfterItsEnd_TheAnswerIsWhole()
    {
        await using var rig = await StartAsync(token => UnrulyResponders.WhenToldAsync("Hello", ends: true, Throw, new TaskCompletionSource(), token));

        (await rig.AskAsync()).AssertSays("Hello");

        Assert.Equal("completed", (await rig.Host.WaitForTurnEndAsync("voice")).GetStructuredStateValue("Outcome"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_ThrowsOrWaitsWhenItIsToldOfANewerTurn_TheNewerOneIsAnswered(bool waits)
    {
        using var go = new ManualResetEventSlim();
        var asked = 0;
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await TurnRig.StartAsync(new LambdaChatClient(token => Interlocked.Increment(ref asked) == 1
            ? UnrulyResponders.WhenToldAsync("", ends: false, waits ? go.Wait : Throw, isAsked, token)
            : UnrulyResponders.SayAsync("Newer.")));
        var posting = rig.PostAsync(call: "call-1", sentence: "1");
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);

        using var newer = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "2"));
        (await newer.ReadToEndAsync()).AssertSays("Newer.");

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays("");
        go.Set();
    }

    private static void Throw() => throw new InvalidOperationException(TurnRig.Secret);

    private static async IAsyncEnumerable<ChatResponseUpdate> BreakAsync(bool isLate)
    {
        if (isLate)
        {
            await Task.Yield();
        }

        yield return new ChatResponseUpdate();
        throw new InvalidOperationException(TurnRig.Secret);
    }

    private static Task<TurnRig> StartAsync(Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> answer, params (string, string)[] settings) =>
        TurnRig.StartAsync(new LambdaChatClient(answer), [.. settings, ("/Limits:MaxConcurrentTurns", "1")]);

    private static async IAsyncEnumerable<ChatResponseUpdate> CallAsync(bool hasSpoken)
    {
        if (hasSpoken)
        {
            yield return LambdaChatClient.Text("Hello");
        }

        await Task.Yield();
        yield return LambdaChatClient.Call("note", new Dictionary<string, object?> { ["to"] = new Unwritable(TurnRig.Secret) });
    }

    private static async Task AssertPlaceAsync(TurnRig rig, bool isFree)
    {
        using var response = await rig.Host.PostAsync(Json.Request("demo"));
        Assert.Equal(isFree ? 200 : 429, (int)response.StatusCode);
    }

    /// <summary>A type that no serializer of the app knows.</summary>
    private sealed record Unwritable(string Text);
}
