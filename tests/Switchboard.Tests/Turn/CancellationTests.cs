namespace Switchboard.Tests.Turn;

/// <summary>No request to an upstream outlives its caller, or the turn that the caller is in.</summary>
public sealed class CancellationTests
{
    private const string Vapi = "\"call\":{\"id\":\"call-1\"},\"assistant\":{\"id\":\"a\"}";

    private const string Ims = "\"extendData\":{\"instanceId\":\"call-1\",\"channelId\":\"c\",\"sentenceId\":1}";

    public static TheoryData<bool, bool> Ways => new() { { true, true }, { true, false }, { false, false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Post_CallerLeaves_TheUpstreamIsClosed(bool stream, bool hasHeard)
    {
        await using var upstream = FaultyUpstream.Start(hasHeard ? Failures.OneTokenThenSilence() : Failures.NeverAnswer());
        await using var rig = await TurnRig.StartAsync([upstream], ("Apology", TurnRig.Apology));
        using var leave = new CancellationTokenSource();
        var posting = rig.PostUntilAsync(stream, null, null, leave.Token);
        var asked = await TurnRig.NextTurnAsync(upstream);
        if (hasHeard)
        {
            using var reader = await AnswerReader.OpenAsync(posting);
            await reader.ReadTextAsync("Hello ");
        }

        await leave.CancelAsync();

        await asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("caller_left", (await rig.Host.WaitForTurnEndAsync("voice")).GetStructuredStateValue("Outcome"));
        Assert.Empty(rig.Logged(101));
        Assert.Empty(rig.Logged(110));
        Assert.Equal(TimeSpan.Zero, TurnLine.Of(rig.Host).Total);
    }

    [Fact]
    public async Task Post_CallerLeavesAnEndlessAnswer_TheUpstreamIsClosed()
    {
        await using var upstream = FaultyUpstream.Start(Failures.Endless());
        await using var rig = await TurnRig.StartAsync([upstream]);
        var posting = rig.PostAsync();
        var asked = await TurnRig.NextTurnAsync(upstream);
        using (var reader = await AnswerReader.OpenAsync(posting))
        {
            await reader.ReadTextAsync(100);
        }

        await asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("caller_left", (await rig.Host.WaitForTurnEndAsync("voice")).GetStructuredStateValue("Outcome"));
    }

    [Theory]
    [InlineData("1", "2")]
    [InlineData("9", "10")]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public async Task Post_NewerTurnOfTheCall_EndsTheOlderAsItStands(string older, string newer)
    {
        await using var upstream = FaultyUpstream.Start(Failures.OneTokenThenSilence(), Failures.Answer("Newer."));
        await using var rig = await TurnRig.StartAsync([upstream], ("Apology", TurnRig.Apology));
        var posting = rig.PostAsync(call: "call-1", sentence: older);
        var asked = await TurnRig.NextTurnAsync(upstream);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("Hello ");

        using var next = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: newer));

        (await reader.ReadToEndAsync()).AssertSays("Hello ");
        (await next.ReadToEndAsync()).AssertSays("Newer.");
        await asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        var outcomes = await OutcomesAsync(rig, 2);
        Assert.Equal(["caller_left", "completed"], outcomes.Order());
        Assert.Empty(rig.Logged(101));
    }

    // A platform without ids of its turns, and one that asks with the same id as soon as it has heard more.
    [Theory]
    [InlineData(Vapi, "user:A table", Vapi, "user:A table for two")]
    [InlineData(Vapi, "user:A table", Vapi, "user:A table|assistant:When?|user:Now")]
    [InlineData(Vapi, "user:Yes", Vapi, "user:Yes|assistant:When?|user:Yes")]
    [InlineData(Ims, "user:A table", Ims, "user:A table for two")]
    public async Task Post_OtherWordsOfTheCall_EndTheOlder(string older, string words, string newer, string moreWords)
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer(), Failures.Answer("Newer."));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var first = await StartAsync(rig, upstream, older, words);

        Assert.Equal("Newer.", await SayAsync(rig, newer, moreWords));

        Assert.True((await first.Answer).IsSuccessStatusCode);
        await first.Asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(Vapi, "user:A table", "user:A table")]
    [InlineData(Vapi, "user:A table|assistant:When?|user:Now", "user:A table")]
    [InlineData(Vapi, "user:A table", "user:A table|assistant:|tool:paid")]
    [InlineData(Ims, "user:A table", "user:A table")]
    [InlineData(Ims, "user:A table", "user:A table|assistant:|tool:paid")]
    public async Task Post_SameWordsOfTheCallAgainOrEarlierOnes_EndNothing(string platform, string words, string others)
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(
            Failures.Gated(gate, Sse.Role, Sse.Text("Hello there.") + Sse.Finish() + Sse.Done), Failures.Answer("Second."), Failures.Answer("Third."));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var first = await StartAsync(rig, upstream, platform, words);

        Assert.Equal("Second.", await SayAsync(rig, platform, others));
        gate.Release();

        using var reader = await AnswerReader.OpenAsync(first.Answer);
        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
    }

    // Both are of the words that the caller has gone on from.
    [Fact]
    public async Task Post_NewerTurnOfACallWithARepeatedOne_EndsBoth()
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer(), Failures.NeverAnswer(), Failures.Answer("Newer."));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var first = await StartAsync(rig, upstream, Ims, "user:A table");
        using var repeat = await StartAsync(rig, upstream, Ims, "user:A table");

        using var newer = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "2"));

        (await newer.ReadToEndAsync()).AssertSays("Newer.");
        await first.Asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        await repeat.Asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_NewerTurnBeforeTheFirstWord_EndsTheOlderEmpty(bool stream)
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer(), Failures.Answer("Newer."));
        await using var rig = await TurnRig.StartAsync([upstream], ("Apology", TurnRig.Apology));
        var older = rig.PostAsync(stream, "call-1", "1");
        var asked = await TurnRig.NextTurnAsync(upstream);

        using var newer = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "2"));

        using var reader = await AnswerReader.OpenAsync(older);
        (await reader.ReadToEndAsync()).AssertSays("");
        (await newer.ReadToEndAsync()).AssertSays("Newer.");
        await asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(rig.Logged(101));
        Assert.Empty(rig.Logged(110));
    }

    // ElevenLabs takes an empty answer for a failure and asks again.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_NewerTurnOfAPlatformThatAsksAgain_EndsTheOlderWithWordsThatItPassesOver(bool stream)
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer(), Failures.Answer("Newer."));
        await using var rig = await TurnRig.StartAsync([upstream]);
        string Body(string said) => $$"""
            {"model":"voice","stream":{{(stream ? "true" : "false")}},"elevenlabs_extra_body":{},
            "messages":[{"role":"system","content":"CALL_ID=conv_01h"},{"role":"user","content":"{{said}}"}]}
            """;
        var older = rig.Host.PostAsync(Body("A table"));
        await TurnRig.NextTurnAsync(upstream);

        using var newer = await AnswerReader.OpenAsync(rig.Host.PostAsync(Body("A table for two")));

        using var reader = await AnswerReader.OpenAsync(older);
        (await reader.ReadToEndAsync()).AssertSays("... ");
        (await newer.ReadToEndAsync()).AssertSays("Newer.");
    }

    [Fact]
    public async Task Post_TheCallsIdsWithAnotherKey_EndsNoTurn()
    {
        await using var upstream = FaultyUpstream.Start(Failures.OneTokenThenSilence(), Failures.Answer("Other."), Failures.Answer("Newer."));
        await using var rig = await TurnRig.StartAsync([upstream], ("/Access:ApiKeys:1", TestHost.OtherKey));
        var posting = rig.PostAsync(call: "call-1", sentence: "1");
        var asked = await TurnRig.NextTurnAsync(upstream);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("Hello ");

        using var other = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "2", key: TestHost.OtherKey));
        (await other.ReadToEndAsync()).AssertSays("Other.");
        Assert.False(asked.ClosedByClient.IsCompleted);

        using var newer = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "2"));
        (await newer.ReadToEndAsync()).AssertSays("Newer.");
        (await reader.ReadToEndAsync()).AssertSays("Hello ");
    }

    [Theory]
    [InlineData("call-1", "5", "5")]
    [InlineData("call-1", "5", "4")]
    [InlineData("call-2", "5", "6")]
    [InlineData(null, "5", "6")]
    public async Task Post_NoNewerTurnOfTheCall_LeavesTheFirstAlone(string? call, string first, string second)
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(
            Failures.Gated(gate, Sse.Role + Sse.Text("Hello "), Sse.Text("there.") + Sse.Finish() + Sse.Done), Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync(call: call is null ? null : "call-1", sentence: first));
        await reader.ReadTextAsync("Hello ");

        using var other = await AnswerReader.OpenAsync(rig.PostAsync(call: call, sentence: second));
        (await other.ReadToEndAsync()).AssertSays("Second.");
        gate.Release();

        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_NewerTurnAndAResponderThatWrapsItsCancellation_EndsTheOlderWithoutAnError(bool hasHeard)
    {
        var asked = 0;
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await TurnRig.StartAsync(new LambdaChatClient(token => Interlocked.Increment(ref asked) == 1
            ? UnrulyResponders.WrapCancellationAsync(hasHeard ? "Hello " : "", isAsked, token)
            : UnrulyResponders.SayAsync("Newer.")));
        var posting = rig.PostAsync(call: "call-1", sentence: "1");
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);

        using var newer = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "2"));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays(hasHeard ? "Hello " : "");
        (await newer.ReadToEndAsync()).AssertSays("Newer.");
        Assert.Empty(rig.Logged(101));
    }

    [Theory]
    [InlineData("""{"model":"voice","messages":[{"role":"boss","content":"a"}],""", 400)]
    [InlineData("""{"model":"voice","temperature":9,"messages":[{"role":"user","content":"a"}],""", 400)]
    [InlineData("""{"model":"nobody","messages":[{"role":"user","content":"a"}],""", 404)]
    public async Task Post_NewerTurnThatIsRefused_LeavesTheRunningOneAlone(string start, int status)
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role + Sse.Text("Hello "), Sse.Text("there.") + Sse.Finish() + Sse.Done));
        await using var rig = await TurnRig.StartAsync([upstream], ("/Models:0:Default", "false"));
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync(call: "call-1", sentence: "1"));
        await reader.ReadTextAsync("Hello ");

        using (var refused = await rig.Host.PostAsync(start + """ "extendData":{"instanceId":"call-1","channelId":"c","sentenceId":"2"}}"""))
        {
            Assert.Equal(status, (int)refused.StatusCode);
        }

        gate.Release();
        (await reader.ReadToEndAsync()).AssertSays("Hello there.");
    }

    private static async Task<string> SayAsync(TurnRig rig, string platform, string words)
    {
        using var reader = await AnswerReader.OpenAsync(rig.Host.PostAsync(Request(platform, words)));
        await reader.ReadToEndAsync();
        return reader.Text;
    }

    private static async Task<OpenRequest> StartAsync(TurnRig rig, FaultyUpstream upstream, string platform, string words)
    {
        var answer = rig.Host.PostAsync(Request(platform, words));
        return new OpenRequest(answer, await TurnRig.NextTurnAsync(upstream));
    }

    private static string Request(string platform, string words)
    {
        var messages = words.Split('|').Select(message => message.Split(':')).Select(parts => parts switch
        {
            ["assistant", ""] => """{"role":"assistant","content":null,"tool_calls":[{"id":"x","type":"function","function":{"name":"pay","arguments":"{}"}}]}""",
            ["tool", var found] => $$"""{"role":"tool","tool_call_id":"x","content":"{{found}}"}""",
            _ => $$"""{"role":"{{parts[0]}}","content":"{{parts[1]}}"}""",
        });
        return $$"""{"model":"voice","stream":true,"messages":[{{string.Join(',', messages)}}],{{platform}}}""";
    }

    private sealed record OpenRequest(Task<HttpResponseMessage> Answer, RecordedRequest Asked) : IDisposable
    {
        public void Dispose()
        {
            if (Answer.IsCompletedSuccessfully)
            {
                Answer.Result.Dispose();
            }
        }
    }

    private static async Task<List<string?>> OutcomesAsync(TurnRig rig, int count)
    {
        var outcomes = new List<string?>();
        await foreach (var record in rig.Host.Logs.GetLogsAsync(TestContext.Current.CancellationToken))
        {
            if (record.Id.Id == 100)
            {
                outcomes.Add(record.GetStructuredStateValue("Outcome"));
            }

            if (outcomes.Count == count)
            {
                break;
            }
        }

        return outcomes;
    }
}
