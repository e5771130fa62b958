using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Switchboard.Common;

namespace Switchboard.Tests.Turn;

/// <summary>Two times of a turn: the first that the caller hears, of whatever kind, and the first that the responder says.</summary>
public sealed class FirstAnswerTests
{
    private static readonly TimeSpan Filler = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_FillerBeforeTheAnswer_TellsBoth(bool hasDirectives)
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(
            responder,
            [("Filler:After", $"{Filler}"), ("Filler:Text:0", "One moment."), ("FirstSpeech:Deadline", "00:01:00"), .. hasDirectives ? [("Directives:NoInterrupting", "true")] : Array.Empty<(string, string)>()]);
        using var answers = new MetricCollector<double>(rig.Host.Services.GetRequiredService<IMeterFactory>(), SwitchboardSource.Name, "switchboard.turn.first_answer");
        var posting = rig.PostAsync();
        await rig.Time.WaitForTimerAsync(due => due == Filler, Cancelled);
        rig.Time.Advance(Filler);
        using var reader = await AnswerReader.OpenAsync(posting);
        await reader.ReadTextAsync("One moment.".Length);
        await responder.Asked.WaitAsync(Cancelled);
        rig.Time.Advance(Wait - Filler);
        responder.Say("Breakfast is at seven.");
        responder.End();
        await reader.ReadToEndAsync();

        var line = await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(("1000", "3000"), (line.GetStructuredStateValue("FirstSpeechMs"), line.GetStructuredStateValue("FirstAnswerMs")));
        Assert.Equal(Wait.TotalSeconds, Assert.Single(answers.GetMeasurementSnapshot()).Value);
    }

    // An apology is heard, and no answer; what is said before it, one.
    [Theory]
    [InlineData(true, "", null)]
    [InlineData(false, "", null)]
    [InlineData(true, "Hello ", "0")]
    [InlineData(false, "Hello ", "0")]
    public async Task Post_Apology_IsNoAnswer(bool stream, string said, string? answer)
    {
        await using var upstream = FaultyUpstream.Start(said.Length > 0 ? Failures.InvalidJson() : Failures.Status(500));
        await using var rig = await TurnRig.StartAsync([upstream], ("Apology", TurnRig.Apology));

        await rig.AskAsync(stream);

        var line = await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(("0", answer), (line.GetStructuredStateValue("FirstSpeechMs"), line.GetStructuredStateValue("FirstAnswerMs")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_AToolCallAlone_IsNeither(bool stream)
    {
        var responder = new GatedChatClient();
        await using var rig = await TurnRig.StartAsync(responder);
        responder.Yield(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("call-1", "lookup", new Dictionary<string, object?>())]));
        responder.End();

        await rig.AskAsync(stream);

        var line = await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal((null, null, "completed"), (line.GetStructuredStateValue("FirstSpeechMs"), line.GetStructuredStateValue("FirstAnswerMs"), line.GetStructuredStateValue("Outcome")));
        Assert.Contains(", first speech none, first answer none, total ", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SecondUpstreamAnswers_TheLineNamesItAndThatOfTheFirstNamesCallAndRequest()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(500));
        await using var second = FaultyUpstream.Start(Failures.Answer("Hello."));
        await using var rig = await TurnRig.StartAsync([first, second]);

        (await rig.AskAsync(call: "call-1")).AssertSays("Hello.");

        var line = await rig.Host.WaitForTurnEndAsync("voice");
        Assert.Equal(second.BaseUrl.Authority, line.GetStructuredStateValue("Upstream"));
        var request = line.GetStructuredStateValue("RequestId");
        Assert.EndsWith($"; call call-1, request {request}", Assert.Single(rig.Logged(110)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ResponderAnswers_TheLineNamesIt()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(Json.Request("demo"));
        await response.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal("simulated", (await host.WaitForTurnEndAsync()).GetStructuredStateValue("Upstream"));
    }
}
