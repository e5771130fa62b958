using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Actions;
using Switchboard.Contract;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Actions;

public sealed class CallActionsChatClientTests
{
    private const string TransferTo2 = """<imsagent_transfer_call caller="+49400", callee="+49302", err_msg="", msg=""/>""";

    private static readonly ActionOptions HangUp = new() { Name = "hangup" };
    private static readonly ActionOptions Transfer = new() { Name = "transfer", Numbers = { "+49301", "+49302" } };
    private static readonly CallContext Phone = new() { CalleeNumber = "+49400" };

    private readonly FakeLogger<CallActionsChatClient> _logger = new();

    [Fact]
    public async Task Actions_AreOfferedAsTools()
    {
        var model = new RoundsChatClient(Say("Hi"));

        await Step(model, HangUp, Transfer, new ActionOptions { Name = "transfer", Function = "to_night", Description = "At night.", Numbers = { "+49309" } }).StreamAsync();

        var tools = model.Options!.Tools!.Cast<AIFunctionDeclaration>().ToList();
        Assert.Equal(["hangup", "transfer", "to_night"], tools.Select(tool => tool.Name));
        Assert.All(tools, tool => Assert.NotEmpty(tool.Description));
        Assert.Equal("""{"type":"object","properties":{},"additionalProperties":false}""", tools[0].JsonSchema.GetRawText());
        Assert.Equal("""["number"]""", tools[1].JsonSchema.GetProperty("required").GetRawText());
        Assert.Equal(["+49301", "+49302"], tools[1].JsonSchema.GetProperty("properties").GetProperty("number").GetProperty("enum").EnumerateArray().Select(number => number.GetString()));
        Assert.Equal("At night.", tools[2].Description);
        Assert.Equal("[]", tools[2].JsonSchema.GetProperty("required").GetRawText());
    }

    [Fact]
    public async Task HangUp_AsToolCall_FollowsAllTextOnce()
    {
        var model = new RoundsChatClient(
        [
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("c1", "hangup", new Dictionary<string, object?> { ["reason"] = "done" })]),
            .. Then(["Good", "bye."], ChatFinishReason.ToolCalls, new FunctionCallContent("c2", "hangup")),
        ]);

        var updates = await Step(model, HangUp).StreamAsync();

        Assert.Equal("Goodbye.", updates.Text());
        var call = Assert.Single(updates[^1].Contents.OfType<FunctionCallContent>());
        Assert.Equal(("c1", "hangup", "{}"), (call.CallId, call.Name, ToolCallJson.Arguments(call)));
        Assert.Single(updates.Calls());
        Assert.Single(updates, update => update.FinishReason is not null);
        Assert.Equal(ChatFinishReason.ToolCalls, updates.FinishReason());
        Assert.Equal(2, updates.SelectMany(update => update.Contents).OfType<UsageContent>().Single().Details.OutputTokenCount);
    }

    [Fact]
    public async Task Text_BeforeAnAction_IsNotHeldBack()
    {
        var model = new GatedChatClient();
        await using var updates = Step(model, HangUp).GetStreamingResponseAsync([], new TurnOptions(Phone), TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        model.Say("Good");

        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("Good", updates.Current.Text);
    }

    [Theory]
    [InlineData(null, "Goodbye.", "Goodbye.")]
    [InlineData("Bye!", "Goodbye.", "Goodbye.")]
    [InlineData("Bye!", "", "Bye!")]
    public async Task HangUp_AsToolCall_SaysTheEndWordOnlyIntoSilence(string? endWord, string said, string heard)
    {
        var updates = await Step(new RoundsChatClient(Call("hangup", said)), new ActionOptions { Name = "hangup", EndWord = endWord }).StreamAsync();

        Assert.Equal(heard, updates.Text());
        Assert.IsType<FunctionCallContent>(updates[^1].Contents[^1]);
    }

    [Fact]
    public async Task HangUp_AsDirective_IsTheLastText()
    {
        var action = new ActionOptions { Name = "hangup", As = ActionForm.Directive, Function = "end_call", EndWord = "Bye!" };

        var updates = await Step(new RoundsChatClient(Call("end_call", "Thank you. ")), action).StreamAsync();

        Assert.Equal("""Thank you. <imsagent_hangup endword="Bye!"/>""", updates.Text());
        Assert.Empty(updates.Calls());
        Assert.Equal(ChatFinishReason.Stop, updates.FinishReason());
    }

    [Fact]
    public async Task Function_OtherThanTheName_IsWhatThePlatformGets()
    {
        var step = Step(new RoundsChatClient(Call("hangup", "Bye.")), new ActionOptions { Name = "hangup", Function = "end_call" });

        Assert.Equal("end_call", Assert.Single((await step.StreamAsync()).Calls()).Name);
    }

    [Theory]
    [InlineData("+49302")]
    [InlineData("+49 (30) 2")]
    public async Task Transfer_NumberOfTheList_BecomesTheDirective(string number)
    {
        var updates = await Step(new RoundsChatClient(CallTransfer(number, "One moment. ")), Transfer).StreamAsync(call: Phone);

        Assert.Equal($"One moment. {TransferTo2}", updates.Text());
        Assert.Empty(updates.Calls());
        Assert.Equal(ChatFinishReason.Stop, updates.FinishReason());
    }

    [Fact]
    public async Task Transfer_OneNumberAndEverySetting_NeedsNoArgument()
    {
        var action = new ActionOptions { Name = "transfer", Numbers = { "+49309" }, Caller = "+49111", ErrorMessage = "Nobody is there.", Message = "Hold the line." };

        var updates = await Step(new RoundsChatClient(Call("transfer")), action).StreamAsync(call: Phone);

        Assert.Equal("""<imsagent_transfer_call caller="+49111", callee="+49309", err_msg="Nobody is there.", msg="Hold the line."/>""", updates.Text());
    }

    [Theory]
    [InlineData("+900555")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("+49302\", callee=\"+900555")]
    public async Task Transfer_NumberNotOfTheList_IsRefusedAndTheCallerHearsTheReply(string? number)
    {
        var model = new RoundsChatClient(CallTransfer(number, "I put you through."), Say("Which department", " do you want?"));

        var updates = await Step(model, Transfer).StreamAsync();

        Assert.Equal("I put you through. Which department do you want?", updates.Text());
        Assert.Empty(updates.Calls());
        Assert.Equal([ChatFinishReason.Stop], updates.Where(update => update.FinishReason is not null).Select(update => update.FinishReason!.Value));
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool], model.Messages.Select(message => message.Role));
        Assert.Equal("I put you through.", model.Messages[1].Text);
        var result = Assert.IsType<FunctionResultContent>(Assert.Single(model.Messages[2].Contents));
        Assert.Equal("call-transfer", result.CallId);
        Assert.Contains("'number' must be one of +49301, +49302", (string)result.Result!, StringComparison.Ordinal);
        Assert.Contains("asked again", Assert.Single(_logger.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"number": """)]
    [InlineData("""{"number":"\ud83d"}""")]
    [InlineData("""["+49309"]""")]
    public async Task Transfer_ArgumentsThatAreNoJson_AreRefused(string arguments)
    {
        var call = ToolCallJson.ToContent("c", "transfer", arguments);
        var model = new RoundsChatClient(Then([], ChatFinishReason.ToolCalls, call), Say("Sorry."));

        Assert.Equal("Sorry.", (await Step(model, new ActionOptions { Name = "transfer", Numbers = { "+49309" } }).StreamAsync()).Text());
    }

    [Fact]
    public async Task Transfer_RefusedThenCorrected_IsPerformed()
    {
        var model = new RoundsChatClient(CallTransfer("1", "Wait."), CallTransfer("+49302", "Here you go. "));

        Assert.Equal($"Wait. Here you go. {TransferTo2}", (await Step(model, Transfer).StreamAsync(call: Phone)).Text());
    }

    [Fact]
    public async Task Transfer_RefusedAgainAndAgain_EndsWithARoundThatOnlyTalks()
    {
        var model = new RoundsChatClient(CallTransfer("1"), CallTransfer("2"), CallTransfer("3", "It is not possible."));

        var updates = await Step(model, Transfer).StreamAsync();

        Assert.Equal("It is not possible.", updates.Text());
        Assert.Empty(updates.Calls());
        Assert.Equal(3, model.Asked.Count);
        Assert.Null(model.Asked[1].Options!.ToolMode);
        Assert.Same(ChatToolMode.None, model.Asked[2].Options!.ToolMode);
        Assert.Equal(ChatFinishReason.Stop, updates.FinishReason());
        Assert.Contains("dropped", _logger.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transfer_RefusedAfterALongReply_OnlyItsBeginningGoesBack()
    {
        var model = new RoundsChatClient(
            Then([.. Enumerable.Repeat(new string('a', 1000), 100)], ChatFinishReason.ToolCalls, TransferCall("a", "1")), Say("Sorry."));

        var updates = await Step(model, Transfer).StreamAsync();

        Assert.EndsWith("a Sorry.", updates.Text(), StringComparison.Ordinal);
        Assert.Equal(AnswerText.MaxSaid, model.Messages[1].Text.Length);
    }

    [Fact]
    public async Task Transfer_RefusedAfterALongReplyOfPairs_NoPairIsHalved()
    {
        var model = new RoundsChatClient(
            Then(["a", .. Enumerable.Repeat(string.Concat(Enumerable.Repeat("🎶", 500)), 20)], ChatFinishReason.ToolCalls, TransferCall("a", "1")), Say("Sorry."));

        await Step(model, Transfer).StreamAsync();

        Assert.Equal(AnswerText.MaxSaid - 1, model.Messages[1].Text.Length);
        Assert.False(char.IsHighSurrogate(model.Messages[1].Text[^1]));
    }

    [Fact]
    public async Task SeveralActions_TheFirstWins()
    {
        var model = new RoundsChatClient(Then(["Bye. "], ChatFinishReason.ToolCalls, TransferCall("a", "+49302"), new FunctionCallContent("b", "hangup"), TransferCall("c", "+49301")));

        var updates = await Step(model, HangUp, Transfer).StreamAsync(call: Phone);

        Assert.Equal($"Bye. {TransferTo2}", updates.Text());
        Assert.Empty(updates.Calls());
    }

    [Fact]
    public async Task SeveralActions_TheFirstRefused_NoneIsPerformedAndEveryCallIsAnswered()
    {
        var model = new RoundsChatClient(Then([], ChatFinishReason.ToolCalls, TransferCall("a", "1"), new FunctionCallContent("b", "hangup")), Say("Which one?"));

        var updates = await Step(model, HangUp, Transfer).StreamAsync();

        Assert.Equal("Which one?", updates.Text());
        Assert.Empty(updates.Calls());
        Assert.Equal(["a", "b"], model.Messages[^1].Contents.Cast<FunctionResultContent>().Select(result => result.CallId));
    }

    [Fact]
    public async Task ClientTool_Call_IsReturnedAsItCame()
    {
        var call = ToolCallJson.ToContent("c", "weather", """{ "city" : "Berlin" }""");
        var model = new RoundsChatClient(Then(["Let me see."], ChatFinishReason.ToolCalls, call));

        var updates = await Step(model, HangUp).StreamAsync(options: WithTools("weather"));

        Assert.Same(call, Assert.Single(updates.Calls()));
        Assert.Equal(["weather", "hangup"], model.Options!.Tools!.Select(tool => tool.Name));
        Assert.Equal(ChatFinishReason.ToolCalls, updates.FinishReason());
    }

    [Fact]
    public async Task ClientTool_BesideAnAction_GoesFirstAndTheActionLast()
    {
        var model = new RoundsChatClient(Then(["Bye."], ChatFinishReason.ToolCalls, new FunctionCallContent("a", "hangup"), new FunctionCallContent("b", "note")));

        Assert.Equal(["note", "hangup"], (await Step(model, HangUp).StreamAsync(options: WithTools("note"))).Calls().Select(call => call.Name));
    }

    [Fact]
    public async Task ClientTool_BesideARefusedAction_EndsTheTurnForTheClientToAnswer()
    {
        var model = new RoundsChatClient(Then([], ChatFinishReason.ToolCalls, TransferCall("a", "1"), new FunctionCallContent("b", "note")));

        var updates = await Step(model, Transfer).StreamAsync(options: WithTools("note"));

        Assert.Equal("note", Assert.Single(updates.Calls()).Name);
        Assert.Equal(ChatFinishReason.ToolCalls, updates.FinishReason());
        Assert.Single(model.Asked);
    }

    [Fact]
    public async Task ClientTool_WithTheNameOfAnAction_IsTheClients()
    {
        var action = new ActionOptions { Name = "hangup", Function = "note", As = ActionForm.Directive };
        var call = new FunctionCallContent("c", "note", new Dictionary<string, object?> { ["why"] = "x" });
        var model = new RoundsChatClient(Then(["Bye."], ChatFinishReason.ToolCalls, call));

        var updates = await Step(model, action).StreamAsync(options: WithTools("note"));

        Assert.Same(call, Assert.Single(updates.Calls()));
        Assert.Equal("Bye.", updates.Text());
        Assert.IsType<ClientTool>(Assert.Single(model.Options!.Tools!));
    }

    [Fact]
    public async Task GetResponse_WithAnAction_IsTheStreamPutTogether()
    {
        var step = Step(new RoundsChatClient(Call("hangup", "Bye.")), HangUp);

        var response = await step.GetResponseAsync([new ChatMessage(ChatRole.User, "bye")], new TurnOptions(Phone), TestContext.Current.CancellationToken);

        Assert.Equal("Bye.", response.Text);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    private static ChatResponseUpdate[] CallTransfer(string? number, string said = "") =>
        Call("transfer", said, number is null ? null : new Dictionary<string, object?> { ["number"] = number });

    private static FunctionCallContent TransferCall(string id, string number) => new(id, "transfer", new Dictionary<string, object?> { ["number"] = number });

    private static TurnOptions WithTools(params string[] names) =>
        new(Phone) { Tools = [.. names.Select(name => new ClientTool(name, null, JsonElement.Parse("{}"), null))] };

    private CallActionsChatClient Step(IChatClient model, params ActionOptions[] actions) => new(model, [.. actions.Select(CallActions.Create)], areToolsRunBelow: false, _logger);
}
