using Switchboard.Turn;

namespace Switchboard.Tests.Turn;

/// <summary>How a turn ended, told to a client that asks for it.</summary>
public sealed class OutcomeCommentTests
{
    private const string Apology = "Sorry, I did not get that.";

    [Theory]
    [InlineData(false, false, """data: \[DONE\]\n\n: outcome \{"outcome":"completed","error":null,"firstSpeechMs":[\d.]+,"firstAnswerMs":[\d.]+}\n\n$""")]
    [InlineData(true, true, """data: \[DONE\]\n\n: outcome \{"outcome":"apologised","error":"upstream_error","firstSpeechMs":[\d.]+,"firstAnswerMs":[\d.]+}\n\n$""")]
    [InlineData(true, false, """code":"upstream_error"}}\n\n: outcome \{"outcome":"failed","error":"upstream_error","firstSpeechMs":[\d.]+,"firstAnswerMs":[\d.]+}\n\n$""")]
    public async Task Post_AsksForTheOutcome_IsToldItBehindTheStream(bool fails, bool apologises, string end)
    {
        var told = await AskAsync(fails, apologises, request => request.Headers.Add(OutcomeComment.Header, "tell"));

        Assert.Matches(end, told);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_DoesNotAskForIt_GetsWhatItAlwaysGets(bool fails)
    {
        var told = await AskAsync(fails, apologises: true, _ => { });

        Assert.EndsWith("data: [DONE]\n\n", told, StringComparison.Ordinal);
        Assert.DoesNotContain("outcome", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_NotStreamed_IsTheAnswerAlone()
    {
        var told = await AskAsync(fails: true, apologises: true, request => request.Headers.Add(OutcomeComment.Header, "tell"), stream: false);

        using var json = System.Text.Json.JsonDocument.Parse(told);
        Assert.Contains(Apology, json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(bool fails, bool apologises, Action<HttpRequestMessage> change, bool stream = true)
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:1:Apology"] = apologises ? Apology : null });
        responder.Say("Hello. ");
        if (fails)
        {
            responder.Fail(new InvalidOperationException("The engine is on fire."));
        }
        else
        {
            responder.End();
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(Json.Request("fake", stream: stream)) };
        change(request);
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
