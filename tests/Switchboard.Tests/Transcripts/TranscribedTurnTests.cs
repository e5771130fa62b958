using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Switchboard.Tests.Transcripts;

/// <summary>What is kept of each kind of turn, as an operator reads it.</summary>
public abstract class TranscribedTurnTests(TestTables tables)
{
    private static readonly Dictionary<string, string?> Reception = new()
    {
        ["Models:0:Id"] = "reception",
        ["Models:0:Responder"] = "scripted",
        ["Models:0:Script:0:When"] = "bye",
        ["Models:0:Script:0:Say"] = "Thank you for calling. Goodbye!",
        ["Models:0:Script:0:Do"] = "hangup",
        ["Models:0:Script:1:Say"] = "Yes.",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_Completed_IsKeptAsTheContractSays(bool stream)
    {
        await using var host = await StartAsync(settings: Reception);

        await host.TurnAsync("call-1", "3", "That is all, bye", "reception", stream);

        var turn = await host.OnlyTurnAsync("call-1");
        Assert.Equal(
            [
                "sentenceId", "key", "requestId", "requests", "startedAt", "heard", "heardLength", "spoken", "spokenLength", "cut", "actions", "platform", "model", "responder", "upstream",
                "upstreamFailures", "outcome", "errorCode", "firstSpeechMs", "durationMs", "promptTokens", "cachedPromptTokens", "completionTokens",
                "firstAnswerMs", "cost", "settings", "keyName",
            ],
            turn.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("3", "That is all, bye", 16), (Text(turn, "sentenceId"), Text(turn, "heard"), turn.GetProperty("heardLength").GetInt32()));
        Assert.Equal(("Thank you for calling. Goodbye!", 31), (Text(turn, "spoken"), turn.GetProperty("spokenLength").GetInt32()));
        Assert.Equal("""[{"name":"hangup","arguments":"{}"}]""", turn.GetProperty("actions").GetRawText());
        Assert.Equal(("ims", "reception", "scripted", null), (Text(turn, "platform"), Text(turn, "model"), Text(turn, "responder"), Text(turn, "upstream")));
        Assert.Equal(("completed", null, false), (Text(turn, "outcome"), Text(turn, "errorCode"), turn.GetProperty("cut").GetBoolean()));
        Assert.StartsWith("req_", Text(turn, "requestId"), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Text(turn, "startedAt")!);
        Assert.InRange(turn.GetProperty("firstSpeechMs").GetDouble(), 0, turn.GetProperty("durationMs").GetDouble());
        // One clock, read once: who compares the log with the transcript finds the same numbers.
        var line = Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 100);
        Assert.Equal(
            (turn.GetProperty("durationMs").GetRawText(), turn.GetProperty("firstSpeechMs").GetRawText(), turn.GetProperty("firstSpeechMs").GetRawText()),
            (line.GetStructuredStateValue("TotalMs"), line.GetStructuredStateValue("FirstSpeechMs"), line.GetStructuredStateValue("FirstAnswerMs")));
        Assert.Equal(turn.GetProperty("firstSpeechMs").GetRawText(), turn.GetProperty("firstAnswerMs").GetRawText());
        Assert.Equal((4, 5), (turn.GetProperty("promptTokens").GetInt32(), turn.GetProperty("completionTokens").GetInt32()));

        var call = Assert.Single((await host.ListAsync()).GetProperty("calls").EnumerateArray());
        Assert.Equal(
            [
                "instanceId", "channelId", "key", "keyName", "startedAt", "lastTurnAt", "turns", "model", "outcome", "lengthMs", "caller", "firstWords", "slowestAnswerMs", "actions", "failedUpstreams",
                "promptTokens", "cachedPromptTokens", "completionTokens", "cost",
            ],
            call.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("call-1", "c1", 1), (Text(call, "instanceId"), Text(call, "channelId"), call.GetProperty("turns").GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Turn_ActionThatThePlatformHasNoFormFor_SaysSo(bool redact)
    {
        await using var host = await StartAsync(settings: new Dictionary<string, string?>(Reception) { ["Transcripts:Redact"] = redact ? "true" : "false" });

        using var answer = await PlatformRequests.Zego.For("reception").With(body => body["messages"]![2]!["content"] = "bye").SendAsync(host.App);
        await answer.Content.ReadAsStringAsync(Cancelled);

        var turn = await host.OnlyTurnAsync("1912405");
        Assert.Equal($$"""[{"name":"hangup (not possible)","arguments":{{(redact ? "null" : "\"{}\"")}}}]""", turn.GetProperty("actions").GetRawText());
        Assert.Equal("hangup (not possible)", Assert.Single((await host.ListAsync()).GetProperty("calls").EnumerateArray()).GetProperty("actions")[0].GetString());
    }

    [Fact]
    public async Task Turn_CallerLeavesInTheMiddle_KeepsWhatWentOut()
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        responder.Say("One ");
        using (var response = await host.App.PostAsync(Request("call")))
        using (var stream = await EventReader.OpenAsync(response))
        {
            await stream.NextAsync();
            Assert.Equal("One ", await stream.NextTextAsync());
        }

        await responder.Cancelled;
        responder.Say("two.");
        responder.End();

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(("One ", true, "caller_left"), (Text(turn, "spoken"), turn.GetProperty("cut").GetBoolean(), Text(turn, "outcome")));
    }

    [Fact]
    public async Task Turn_Superseded_KeepsWhatWentOut()
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        responder.Say("One ");
        using var first = await EventReader.OpenAsync(await host.App.PostAsync(Request("call", "1")));
        await first.NextAsync();
        Assert.Equal("One ", await first.NextTextAsync());

        await host.TurnAsync("call", "2");
        await first.RestAsync();
        await host.StoredAsync(2);

        var turns = await host.CallAsync("call");
        Assert.Equal(["1", "2"], turns.Select(turn => Text(turn, "sentenceId")));
        Assert.Equal(("One ", true, "caller_left"), (Text(turns[0], "spoken"), turns[0].GetProperty("cut").GetBoolean(), Text(turns[0], "outcome")));
        Assert.Equal(("Hello there, caller.", false), (Text(turns[1], "spoken"), turns[1].GetProperty("cut").GetBoolean()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_FailsBeforeTheFirstWord_KeepsTheError(bool stream)
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        responder.Fail(new InvalidOperationException());

        await host.TurnAsync("call", "1", model: "fake", stream: stream);

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(("failed", "upstream_error", "", "Hello"), (Text(turn, "outcome"), Text(turn, "errorCode"), Text(turn, "spoken"), Text(turn, "heard")));
        Assert.Equal(JsonValueKind.Null, turn.GetProperty("firstSpeechMs").ValueKind);
        Assert.Equal(JsonValueKind.Null, turn.GetProperty("promptTokens").ValueKind);
    }

    [Fact]
    public async Task Turn_FailsInTheMiddle_KeepsWhatWasSaidAndTheError()
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder);
        responder.Say("One ");
        responder.Fail(new InvalidOperationException());

        await host.TurnAsync("call", "1", model: "fake");

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(("failed", "upstream_error", "One ", false), (Text(turn, "outcome"), Text(turn, "errorCode"), Text(turn, "spoken"), turn.GetProperty("cut").GetBoolean()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_Apologised_KeepsTheApology(bool stream)
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder, new() { ["Models:1:Apology"] = "Sorry." });
        responder.Say("One");
        responder.Fail(new InvalidOperationException());

        await host.TurnAsync("call", "1", model: "fake", stream: stream);

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(("apologised", "upstream_error", "One Sorry."), (Text(turn, "outcome"), Text(turn, "errorCode"), Text(turn, "spoken")));
    }

    [Fact]
    public async Task Turn_OfAModelThatIsNotThere_IsRefused()
    {
        await using var host = await StartAsync(new GatedChatClient());

        await host.TurnAsync("call", "1", model: "nobody");

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(("refused", "model_not_found", "nobody", null), (Text(turn, "outcome"), Text(turn, "errorCode"), Text(turn, "model"), Text(turn, "responder")));
    }

    // What is too long is not kept either, and what has the wrong type is not there.
    public static TheoryData<string, string, string?, string?> Unreadable => new()
    {
        { "[]", "\"sentenceId\":\"4\"", "4", null },
        { "[{\"role\":\"user\",\"content\":\"Hi\"}]", $"\"sentenceId\":\"4\",\"channelId\":\"{new string('c', 300)}\"", "4", null },
        { "[{\"role\":\"user\",\"content\":\"Hi\"}]", $"\"sentenceId\":\"{new string('4', 300)}\",\"channelId\":\"c\"", null, "c" },
        { "[{\"role\":\"user\",\"content\":\"Hi\"}]", $"\"sentenceId\":4,\"callerNumber\":\"{new string('1', 300)}\"", "4", null },
        { "[{\"role\":\"user\",\"content\":\"Hi\"}]", "\"sentenceId\":{},\"channelId\":\"c\"", null, "c" },
        { "[{\"role\":\"user\",\"content\":\"Hi\"}]", "\"sentenceId\":\"4\",\"calleeNumber\":[1]", "4", null },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Turn_ThatCannotBeRead_IsFoundAsRefused(string messages, string data, string? sentence, string? channel)
    {
        await using var host = await StartAsync();
        using var response = await host.App.PostAsync($$$"""{"model":"demo","messages":{{{messages}}},"extendData":{"instanceId":"call",{{{data}}}}}""");
        Assert.Equal(400, (int)response.StatusCode);

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(("refused", "invalid_value", sentence, "demo", ""), (Text(turn, "outcome"), Text(turn, "errorCode"), Text(turn, "sentenceId"), Text(turn, "model"), Text(turn, "heard")));
        var call = Assert.Single((await host.ListAsync("?outcome=refused")).GetProperty("calls").EnumerateArray());
        Assert.Equal(("refused", channel), (Text(call, "outcome"), Text(call, "channelId")));
    }

    [Fact]
    public async Task Turn_ThatTheDefaultAnswers_NamesItInTheLogToo()
    {
        await using var host = await StartAsync();

        await host.TurnAsync("call", "1", model: "receptoin");
        await host.TurnAsync("call", "2", model: "receptoin");
        await host.StoredAsync(2);

        Assert.All(await host.CallAsync("call"), turn => Assert.Equal("demo", Text(turn, "model")));
        Assert.Equal(["demo", "demo"], host.App.Logs.GetSnapshot().Where(record => record.Id.Id == 100).Select(record => record.GetStructuredStateValue("Model")));
        Assert.Equal("receptoin", Assert.Single(host.App.Logs.GetSnapshot(), record => record.Id.Id == 105).GetStructuredStateValue("Asked"));
    }

    [Fact]
    public async Task Turn_WithoutACall_IsACallOfItsOwn()
    {
        await using var host = await StartAsync();
        using var response = await host.App.PostAsync(Json.Request());
        await response.Content.ReadAsStringAsync(Cancelled);
        await host.StoredAsync(1);

        var id = Assert.Single(response.Headers.GetValues("x-request-id"));

        var turn = Assert.Single(await host.CallAsync(id));
        Assert.Equal((id, null), (Text(turn, "requestId"), Text(turn, "sentenceId")));
        Assert.Equal(id, Text(Assert.Single((await host.ListAsync()).GetProperty("calls").EnumerateArray()), "instanceId"));
    }

    [Theory]
    [InlineData("hangup", null, """{"name":"hangup","arguments":"{}"}""")]
    [InlineData("hangup", "Directive", """{"name":"hangup","arguments":"{}"}""")]
    [InlineData("transfer", null, """{"name":"transfer","arguments":"{\u0022number\u0022:\u0022\u002B4930123456\u0022}"}""")]
    public async Task Turn_CallAction_IsKeptByItsName(string name, string? form, string expected)
    {
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder, new()
        {
            ["Models:1:Actions:0:Name"] = name,
            ["Models:1:Actions:0:As"] = form,
            ["Models:1:Actions:0:Function"] = "act",
            ["Models:1:Actions:0:Numbers:0"] = name == "transfer" ? "+4930123456" : null,
        });
        responder.Say("Goodbye.");
        responder.Yield(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("1", "act", new Dictionary<string, object?> { ["number"] = "+49 30 123456" })]));
        responder.End();

        var answer = await host.TurnAsync("call", "1", model: "fake");

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal($"[{expected}]", turn.GetProperty("actions").GetRawText());
        Assert.StartsWith("Goodbye.", Text(turn, "spoken"), StringComparison.Ordinal);
        // What carries it is kept where it is: in the text, as it was written to the client, or beside it.
        Assert.Equal(answer.Contains("imsagent", StringComparison.Ordinal), Text(turn, "spoken")!.Contains("<imsagent_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Turn_Redacted_KeepsLengthsAndNamesOnly()
    {
        await using var host = await StartAsync(settings: new(Reception) { ["Transcripts:Redact"] = "true" });

        await host.TurnAsync("call", "1", "That is all, bye", "reception");

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal((null, 16, null, 31), (Text(turn, "heard"), turn.GetProperty("heardLength").GetInt32(), Text(turn, "spoken"), turn.GetProperty("spokenLength").GetInt32()));
        Assert.Equal("""[{"name":"hangup","arguments":null}]""", turn.GetProperty("actions").GetRawText());
    }

    [Fact]
    public async Task Turn_RepeatedByThePlatform_IsOneTurn()
    {
        await using var host = await StartAsync();
        await host.TurnAsync("call", "1");
        await host.TurnAsync("call", "1");
        await host.StoredAsync(2);

        Assert.Equal(2, Assert.Single(await host.CallAsync("call")).GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task Turn_Times_AreThoseOfTheLog()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 23, 59, 59, 900, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };
        var responder = new GatedChatClient();
        await using var host = await StartAsync(responder, time: time);
        var answer = host.App.PostAsync(Request("call"));
        await responder.Asked;
        time.Advance(TimeSpan.FromMilliseconds(250));
        responder.Say("word");
        using var stream = await EventReader.OpenAsync(await answer);
        await stream.NextAsync();
        await stream.NextTextAsync();
        time.Advance(TimeSpan.FromMilliseconds(750));
        responder.End();
        await stream.RestAsync();

        var turn = await host.OnlyTurnAsync("call");
        Assert.Equal(("2026-11-24T23:59:59.900Z", 250, 1000), (Text(turn, "startedAt"), turn.GetProperty("firstSpeechMs").GetDouble(), turn.GetProperty("durationMs").GetDouble()));
        // The call belongs to the day that it began on.
        Assert.Equal("2026-11-25", Text(await host.ListAsync(), "day"));
        Assert.Empty((await host.ListAsync()).GetProperty("calls").EnumerateArray());
        Assert.Single((await host.ListAsync("?day=2026-11-24")).GetProperty("calls").EnumerateArray());
    }

    private static string Request(string call, string sentence = "1") =>
        Json.Request("fake", more: $$""","extendData":{"instanceId":"{{call}}","channelId":"c1","sentenceId":"{{sentence}}"}""");

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();

    private async Task<TranscriptHost> StartAsync(IChatClient? responder = null, Dictionary<string, string?>? settings = null, TimeProvider? time = null) =>
        await TranscriptHost.StartAsync(await tables.OpenAsync(), responder, settings, time);
}

public sealed class TranscribedTurnInTablesTests(SharedAzurite azurite) : TranscribedTurnTests(azurite);

public sealed class TranscribedTurnInMemoryTests() : TranscribedTurnTests(new TablesInMemory());
