namespace Switchboard.Tests.Steps;

/// <summary>Silence inside an answer, and what is said in the place of a failure.</summary>
public sealed class ApologyTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(10);

    private static readonly (string Name, string Value) Apology = ("Apology", TurnRig.Apology);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_Stalls_EndsWithWhatWasSaid(bool withApology)
    {
        await using var upstream = FaultyUpstream.Start(Failures.OneTokenThenSilence());
        await using var rig = await TurnRig.StartAsync([upstream], withApology ? [Apology] : []);
        var posting = rig.PostAsync();
        var asked = await TurnRig.NextTurnAsync(upstream);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("Hello ");

        rig.Advance(Stall, before: () => Assert.False(asked.ClosedByClient.IsCompleted));

        (await reader.ReadToEndAsync()).AssertSays(withApology ? $"Hello {TurnRig.Apology}" : "Hello ");
        await asked.ClosedByClient.WaitAsync(TestContext.Current.CancellationToken);
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Contains("fell silent", Assert.Single(rig.Logged(101)), StringComparison.Ordinal);
        Assert.Equal(withApology ? "apologised" : "failed", TurnLine.Of(rig.Host).Outcome);
    }

    [Fact]
    public async Task Post_ASentenceEachTimeJustBeforeTheStall_IsHeardWhole()
    {
        using var gate = new SemaphoreSlim(0);
        await using var upstream = FaultyUpstream.Start(Failures.Gated(gate, Sse.Role + Sse.Text("One. "), Sse.Text("Two! "), Sse.Text("三。"), Sse.Finish() + Sse.Done));
        await using var rig = await TurnRig.StartAsync([upstream]);
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        foreach (var heard in new[] { "One. ", "One. Two! ", "One. Two! 三。" })
        {
            await reader.ReadTextAsync(heard);
            rig.Time.Advance(Stall - TimeSpan.FromMilliseconds(1));
            gate.Release();
        }

        (await reader.ReadToEndAsync()).AssertSays("One. Two! 三。");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_StallsNotStreamed_IsAnsweredWithWhatWasSaid(bool withApology)
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, withApology ? [Apology] : []);
        responder.Say("Hello there. ");
        var posting = rig.PostAsync(stream: false);

        // Of an answer that is not streamed, only the clock shows that its next piece is awaited.
        await rig.Time.WaitForChangeAsync(Stall, TestContext.Current.CancellationToken);
        rig.Advance(Stall, before: () => Assert.False(posting.IsCompleted));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays(withApology ? $"Hello there. {TurnRig.Apology}" : "Hello there. ");
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Contains("The responder fake fell silent in its answer.", Assert.Single(rig.Logged(101)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Post_TurnTimeoutBeforeTheFirstWord_SaysTheApology(bool stream, bool isUpstream)
    {
        await using var upstream = FaultyUpstream.Start(Failures.NeverAnswer());
        var responder = new GatedChatClient();
        (string, string)[] settings = [Apology, ("/Limits:TurnTimeout", "00:00:04"), ("FirstSpeech:Deadline", "00:00:05")];
        await using var rig = isUpstream ? await TurnRig.StartAsync([upstream], settings) : await TurnRig.StartAsync(responder, settings);
        var posting = rig.PostAsync(stream);
        await (isUpstream ? TurnRig.NextTurnAsync(upstream) : responder.Asked);

        rig.Advance(TimeSpan.FromSeconds(4), before: () => Assert.False(posting.IsCompleted));

        using var reader = await AnswerReader.OpenAsync(posting);
        (await reader.ReadToEndAsync()).AssertSays(TurnRig.Apology);
        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(("apologised", "upstream_timeout"), (TurnLine.Of(rig.Host).Outcome, TurnLine.Of(rig.Host).Error));
    }

    [Fact]
    public async Task Post_TurnTimeoutAfterAWord_SaysTheApology()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Apology, ("/Limits:TurnTimeout", "00:00:04"));
        responder.Say("Hello");
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Hello");

        rig.Advance(TimeSpan.FromSeconds(4));

        (await reader.ReadToEndAsync()).AssertSays($"Hello {TurnRig.Apology}");
    }

    [Fact]
    public async Task Post_ResponderThrowsAnything_SaysTheApology()
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder, Apology);
        responder.Fail(new InvalidOperationException(TurnRig.Secret));

        (await rig.AskAsync()).AssertSays(TurnRig.Apology);

        await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Contains("InvalidOperationException", Assert.Single(rig.Logged(101)), StringComparison.Ordinal);
        rig.AssertNothingSecretIsLogged();
    }
}
