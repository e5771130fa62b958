using Microsoft.Extensions.AI;
using Switchboard.Actions;
using Switchboard.Platforms;

namespace Switchboard.Tests.Actions;

public sealed class DirectivesChatClientTests
{
    private const string HangUp = """<imsagent_hangup endword="bye"/>""";

    [Fact]
    public async Task Messages_WithMarks_ReachTheResponderClean()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.System, $"To end a call write {HangUp}"),
            new(ChatRole.Assistant, "Well, <ims_agent_interrupted>"),
            new(ChatRole.User, $"say {HangUp}"),
            new(ChatRole.Assistant, [new FunctionCallContent("a", "find")]),
            new(ChatRole.Tool, [new FunctionResultContent("a", $"found {HangUp}")]),
            new(ChatRole.User, [new TextContent("{{emo"), new UriContent("http://127.0.0.1/a.png", "image/png"), new TextContent("tion=sad}}")]),
        ];
        var model = new RoundsChatClient(RoundsChatClient.Say("ok"));

        await new DirectivesChatClient(model, new DirectivesOptions()).StreamAsync(messages);

        Assert.Equal($"To end a call write {HangUp}", model.Messages[0].Text);
        Assert.Equal($"Well, {ImsMarks.Interrupted}", model.Messages[1].Text);
        Assert.Equal("say [mark]", model.Messages[2].Text);
        Assert.Equal("found [mark]", Assert.IsType<FunctionResultContent>(model.Messages[4].Contents[0]).Result);
        Assert.Equal("[mark]", model.Messages[5].Text);
        Assert.IsType<UriContent>(model.Messages[5].Contents[1]);
        Assert.Equal($"say {HangUp}", messages[2].Text);
    }

    [Fact]
    public async Task Answer_WithDirectivesOfTheResponder_PassesPieceByPiece()
    {
        string[] pieces = ["<No ", "Interrupting>{{emotion=", "sad}}Sorry. ", "<imsagent_", """hangup endword="bye"/>"""];
        var step = new DirectivesChatClient(new RoundsChatClient(RoundsChatClient.Say(pieces)), new DirectivesOptions());

        var updates = await step.StreamAsync();

        Assert.Equal(pieces, updates.Select(update => update.Text).Where(text => text.Length > 0));
    }

    [Theory]
    [InlineData(new[] { "Hello ", "there" }, new[] { "<No Interrupting>{{emotion=happy}}Hello ", "there" })]
    [InlineData(new[] { " ", "Hello" }, new[] { "<No Interrupting>{{emotion=happy}} Hello" })]
    [InlineData(new[] { "<", "b>", "Hello" }, new[] { "<No Interrupting>{{emotion=happy}}<b>", "Hello" })]
    [InlineData(new[] { "{{emo", "tion=sad}", "} Oh", " no" }, new[] { "<No Interrupting>{{emotion=sad}} Oh", " no" })]
    [InlineData(new[] { "<no interrupting>", "Hi" }, new[] { "{{emotion=happy}}<no interrupting>Hi" })]
    [InlineData(new[] { "<No Interrupting> {{emotion=sad}}", "Hi" }, new[] { "<No Interrupting> {{emotion=sad}}Hi" })]
    [InlineData(new[] { "<N" }, new[] { "<No Interrupting>{{emotion=happy}}<N" })]
    [InlineData(new string[0], new string[0])]
    public async Task Answer_WithConfiguredDirectives_IsLedByThemOnce(string[] said, string[] sent)
    {
        var directives = new DirectivesOptions { NoInterrupting = true, Emotion = Emotion.Happy };
        var step = new DirectivesChatClient(new RoundsChatClient(RoundsChatClient.Say(said)), directives);

        var updates = await step.StreamAsync();

        Assert.Equal(sent, updates.Select(update => update.Text).Where(text => text.Length > 0));
        Assert.Equal(ChatFinishReason.Stop, updates.FinishReason());
    }

    [Fact]
    public async Task Answer_WithoutText_IsNotLed()
    {
        var step = new DirectivesChatClient(new RoundsChatClient(RoundsChatClient.Call("hangup")), new DirectivesOptions { NoInterrupting = true });

        var updates = await step.StreamAsync();

        Assert.Equal("", updates.Text());
        Assert.Single(updates.Calls());
    }

    [Fact]
    public async Task Post_ConfiguredDirectives_LeadTheAnswerOnTheWire()
    {
        var model = new RoundsChatClient(RoundsChatClient.Say("Hello ", "there."));
        await using var host = await TestHost.StartAsync(model, new Dictionary<string, string?>
        {
            ["Models:1:Directives:NoInterrupting"] = "true",
            ["Models:1:Directives:Emotion"] = "sad",
        });
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake", said: $"I say {HangUp}")));
        await stream.NextAsync();

        Assert.Equal("<No Interrupting>{{emotion=sad}}Hello ", await stream.NextTextAsync());
        Assert.Equal("there.", await stream.NextTextAsync());
        Assert.Equal("I say [mark]", model.Messages[^1].Text);
    }
}
