using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Contract;
using Switchboard.Responders;

namespace Switchboard.Tests.Responders;

public sealed class ScriptedChatClientTests
{
    private static readonly ScriptRule[] Script =
    [
        new() { When = @"my name is (?<name>\w+)", Say = "Nice to meet you, {{match.name}}." },
        new() { When = "who am i", Say = "You call from {{call.callerNumber}} and are {{call.userData.user.name}}, aged {{call.userData.user.age}}." },
        new() { When = "raw data", Say = "Data: {{call.userData}}" },
        new() { When = "^$", Say = "Hello!" },
        new() { When = "bye", Say = "Goodbye.", Do = "hangup" },
        new() { When = "silent", Do = "hangup" },
        new() { When = "vip", Say = "{{#if call.userData.vip}}{{lookup call}}{{else}}Welcome.{{/if}}" },
        new() { When = "everything", Say = "{{call}}" },
        new() { When = "one value", Say = "It is {{call.userData.value}}." },
        new() { When = "groups? (?<word>.*)", Say = "{{match}}" },
        new() { When = "nobody", Say = " {{call.calleeNumber}} {{call.GetType}}\n" },
    ];

    [Theory]
    [InlineData("Hi, MY NAME IS Ada.", "Nice to meet you, Ada.")]
    [InlineData("", "Hello!")]
    [InlineData("my name is bye", "Nice to meet you, bye.")]
    [InlineData("something else", ScriptedChatClient.NoMatch)]
    public async Task GetResponse_FirstMatchingRule_GivesTheReply(string heard, string reply)
    {
        var response = await AskAsync(heard);

        Assert.Equal(reply, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(SpeechPieces.Split(reply).Count, response.Usage?.OutputTokenCount);
    }

    [Theory]
    [InlineData("okay bye", "Goodbye.")]
    [InlineData("silent", "")]
    public async Task GetResponse_RuleWithAction_CallsItOnceAfterTheText(string heard, string reply)
    {
        var response = await AskAsync(heard);

        Assert.Equal(reply, response.Text);
        var call = Assert.IsType<FunctionCallContent>(response.Messages[^1].Contents[^1]);
        Assert.Equal("hangup", call.Name);
        Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task GetResponse_TemplateOverTheCall_InsertsItsValuesAsData()
    {
        var call = new CallContext { CallerNumber = "+4930<&>", UserData = """{"user":{"name":"{{call.callerNumber}}","age":36}}""" };

        var response = await AskAsync("Who am I?", call);

        Assert.Equal("You call from +4930<&> and are {{call.callerNumber}}, aged 36.", response.Text);
    }

    [Fact]
    public async Task GetResponse_UserDataThatIsNoJson_IsText() =>
        Assert.Equal("Data: plain {{x}}", (await AskAsync("raw data", new CallContext { UserData = "plain {{x}}" })).Text);

    [Theory]
    [InlineData("""{"name":"\ud83d"}""", """{"name":"\ufffd"}""")]
    [InlineData("""{"list":[1,{"\udc00":1}]}""", """{"list":[1,{"\ufffd":1}]}""")]
    public async Task GetResponse_UserDataWithHalfASurrogatePair_HasAReplacementInItsPlace(string userData, string whole) =>
        Assert.Equal($"Data: {Regex.Unescape(whole)}", (await AskAsync("raw data", new CallContext { UserData = userData })).Text);

    [Fact]
    public async Task GetResponse_TemplateThatFailsOnThisCall_SaysNoMatchWithAWarning()
    {
        var logger = new FakeLogger<ScriptedChatClient>();

        Assert.Equal("Welcome.", (await AskAsync("vip", new CallContext { UserData = "{}" }, logger)).Text);
        Assert.Empty(logger.Collector.GetSnapshot());
        Assert.Equal(ScriptedChatClient.NoMatch, (await AskAsync("vip", new CallContext { UserData = """{"vip":"secret"}""" }, logger)).Text);

        var warning = Assert.Single(logger.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("rule 6 of model m", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning.Message, StringComparison.Ordinal);
        Assert.Null(warning.Exception);
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("1.50", "1.50")]
    [InlineData("null", "")]
    [InlineData(""" "a\u00e9" """, "aé")]
    [InlineData("""{"a":[1.50,null,true,{"b":"<é>"}],"c":{}}""", """{"a":[1.50,null,true,{"b":"<é>"}],"c":{}}""")]
    [InlineData("""[1,"x",false]""", """[1,"x",false]""")]
    public async Task GetResponse_ValueOfUserData_IsSaidAsItsJsonText(string value, string said)
    {
        var call = new CallContext { UserData = $$"""{"value":{{value}}}""" };

        Assert.Equal($"It is {said}.", (await AskAsync("one value", call)).Text);
    }

    [Fact]
    public async Task GetResponse_WholeObjectInATemplate_IsSaidAsJson()
    {
        var call = new CallContext { InstanceId = "i1", UserData = """{"vip":true}""" };

        Assert.Equal("""Data: {"vip":true}""", (await AskAsync("raw data", call)).Text);
        Assert.Equal(
            """{"instanceId":"i1","channelId":null,"sentenceId":null,"userData":{"vip":true},"callerNumber":null,"calleeNumber":null,"taskId":null,"roomId":null,"platform":null,"userId":null,"agentId":null,"appId":null,"direction":null}""",
            (await AskAsync("everything", call)).Text);
        Assert.Equal("""{"0":"groups a","word":"a"}""", (await AskAsync("groups a")).Text);
    }

    [Fact]
    public async Task GetResponse_TurnEndsWhilePatternsTakeTheirTime_LooksAtNoFurtherRule()
    {
        using var turn = new CancellationTokenSource();
        var log = FakeLogCollector.Create(new FakeLogCollectorOptions { OutputSink = _ => turn.Cancel() });
        var script = Enumerable.Repeat(new ScriptRule { When = "(a+)+$", Say = "x" }, 50);
        var client = new ScriptedChatClient("m", script, new FakeLogger<ScriptedChatClient>(log));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GetResponseAsync([new ChatMessage(ChatRole.User, $"{new string('a', 40)}!")], cancellationToken: turn.Token));

        Assert.Single(log.GetSnapshot());
    }

    [Fact]
    public async Task GetResponse_ReplyWithNothingToHear_IsNoMatch() =>
        Assert.Equal(ScriptedChatClient.NoMatch, (await AskAsync("nobody")).Text);

    [Fact]
    public async Task GetResponse_LastUserMessage_IsWhatCounts()
    {
        var client = new ScriptedChatClient("m", Script, new FakeLogger<ScriptedChatClient>());
        var response = await client.GetResponseAsync(
            [
                new ChatMessage(ChatRole.User, "my name is Ada"),
                new ChatMessage(ChatRole.Assistant, "bye"),
                new ChatMessage(ChatRole.User, [new TextContent("my name "), new TextContent("is Bob")]),
                new ChatMessage(ChatRole.Assistant, "my name is Eve"),
            ],
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Nice to meet you, Bob.", response.Text);
    }

    [Fact]
    public async Task GetResponse_PatternThatBacktracksWithoutEnd_IsPassedOverWithAWarning()
    {
        var logger = new FakeLogger<ScriptedChatClient>();
        var client = new ScriptedChatClient("m", [new ScriptRule { When = @"^(\w+\s?)+$", Say = "never" }, new ScriptRule { Say = "next" }], logger);
        var heard = $"{string.Join("", Enumerable.Repeat("word ", 40))}!";

        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, heard)], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("next", response.Text);
        var warning = Assert.Single(logger.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("rule 0 of model m", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("word", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_ResultOfItsOwnAction_EndsWithoutAWord()
    {
        var client = new ScriptedChatClient("m", Script, new FakeLogger<ScriptedChatClient>());
        ChatMessage said = new(ChatRole.User, "bye");
        var first = await client.GetResponseAsync([said], cancellationToken: TestContext.Current.CancellationToken);
        var call = first.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single();
        ChatMessage result = new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "done")]);

        var second = await client.GetResponseAsync([said, .. first.Messages, result], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(second.Text);
        Assert.DoesNotContain(second.Messages.SelectMany(message => message.Contents), content => content is FunctionCallContent);
        Assert.Equal(ChatFinishReason.Stop, second.FinishReason);
    }

    [Fact]
    public async Task GetResponse_CallerSpeaksAfterTheResult_IsAnswered()
    {
        var client = new ScriptedChatClient("m", Script, new FakeLogger<ScriptedChatClient>());
        var response = await client.GetResponseAsync(
            [
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "hangup")]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "failed")]),
                new ChatMessage(ChatRole.User, "bye"),
            ],
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Goodbye.", response.Text);
    }

    [Fact]
    public async Task GetResponse_ResultOfAnotherTool_IsAnswered()
    {
        var client = new ScriptedChatClient("m", Script, new FakeLogger<ScriptedChatClient>());
        var response = await client.GetResponseAsync(
            [
                new ChatMessage(ChatRole.User, "bye"),
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "look_up")]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "found")]),
            ],
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Goodbye.", response.Text);
    }

    private static Task<ChatResponse> AskAsync(string heard, CallContext? call = null, FakeLogger<ScriptedChatClient>? logger = null) =>
        new ScriptedChatClient("m", Script, logger ?? new FakeLogger<ScriptedChatClient>()).GetResponseAsync(
            [new ChatMessage(ChatRole.User, heard)],
            new TurnOptions(call ?? new CallContext()),
            TestContext.Current.CancellationToken);
}
