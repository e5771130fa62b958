using Microsoft.Extensions.AI;

namespace Switchboard.Speech.Tests;

public sealed class SpokenTextChatClientTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Hi")];

    [Fact]
    public async Task GetStreamingResponseAsync_Prose_PassesTheUpdatesThemselves()
    {
        ChatResponseUpdate[] updates = [Text("Hello"), Text(" there"), Text(".")];

        var answer = await AnswerAsync(updates);

        Assert.Equal(updates, answer);
        Assert.Equal([" there"], answer[1].Contents.OfType<TextContent>().Select(content => content.Text));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_MarkedText_StreamsSpeakableText()
    {
        var answer = await AnswerAsync([Text("Your *"), Text("*orde"), Text("r** is [he"), Text("re](http://a.b)."), Finish()]);

        Assert.Equal("Your order is here.", string.Concat(answer.Select(update => update.Text)));
        Assert.DoesNotContain(answer, update => update.Contents.Count == 0 && update.FinishReason is null);
        Assert.Equal(ChatFinishReason.Stop, answer[^1].FinishReason);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_UpdatesOfTheRespondersCache_StayAsTheyAre()
    {
        ChatResponseUpdate[] cache = [Text("A **b"), Text("** <b>"), new(ChatRole.Assistant, [new TextContent("*c"), new UsageContent(new())]), Text("<b>"), Finish()];
        var before = cache.Select(update => string.Join('|', update.Contents.Select(content => $"{content.GetType().Name} {content}"))).ToList();

        var first = (await AnswerAsync(cache)).Select(update => update.Text).ToList();
        var second = (await AnswerAsync(cache)).Select(update => update.Text).ToList();

        Assert.Equal(first, second);
        Assert.Equal(before, cache.Select(update => string.Join('|', update.Contents.Select(content => $"{content.GetType().Name} {content}"))));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_TextHeldBeforeAFunctionCall_IsSpokenFirst()
    {
        var answer = await AnswerAsync([Text("Goodbye [now"), new(ChatRole.Assistant, [new FunctionCallContent("1", "hangup")]), Text("*x*"), Finish()]);

        var contents = answer.SelectMany(update => update.Contents).ToList();
        Assert.Equal("Goodbye ", Assert.IsType<TextContent>(contents[0]).Text);
        Assert.Equal("[now", Assert.IsType<TextContent>(contents[1]).Text);
        Assert.IsType<FunctionCallContent>(contents[2]);
        Assert.Equal("x", string.Concat(contents.Skip(3).OfType<TextContent>().Select(content => content.Text)));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_OtherContents_StayInOrder()
    {
        var usage = new UsageContent(new UsageDetails { OutputTokenCount = 3 });
        var reasoning = new TextReasoningContent("**hm**");

        var answer = await AnswerAsync([new(ChatRole.Assistant, [reasoning, new TextContent("**a**"), usage, new TextContent("_b_.")]) { ResponseId = "r" }]);

        Assert.Collection(
            Assert.Single(answer).Contents,
            content => Assert.Same(reasoning, content),
            content => Assert.Equal("a", Assert.IsType<TextContent>(content).Text),
            content => Assert.Same(usage, content),
            content => Assert.Equal("b.", Assert.IsType<TextContent>(content).Text));
        Assert.Equal("**hm**", reasoning.Text);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_NoFinishReason_SpeaksWhatWasHeldAtTheEnd()
    {
        var answer = await AnswerAsync([new ChatResponseUpdate(ChatRole.Assistant, "see [docs") { ResponseId = "r", MessageId = "m", ModelId = "x" }]);

        Assert.Equal("see [docs", string.Concat(answer.Select(update => update.Text)));
        Assert.Equal(("r", "m", "x", ChatRole.Assistant), (answer[^1].ResponseId, answer[^1].MessageId, answer[^1].ModelId, answer[^1].Role));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_FinishReasonInTheTextUpdate_SpeaksWhatWasHeldInIt()
    {
        var answer = await AnswerAsync([new ChatResponseUpdate(ChatRole.Assistant, "see [docs") { FinishReason = ChatFinishReason.Length }]);

        Assert.Equal("see [docs", Assert.Single(answer).Text);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_NewMessage_StartsANewText()
    {
        var answer = await AnswerAsync([
            new ChatResponseUpdate(ChatRole.Assistant, "```\ncode") { MessageId = "1" },
            new ChatResponseUpdate(ChatRole.Assistant, "# Hello") { MessageId = "2" }]);

        Assert.Equal("Hello", string.Concat(answer.Select(update => update.Text)));
        Assert.All(answer, update => Assert.Equal("2", update.MessageId));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_UnspokenUpdate_IsNotSent()
    {
        var answer = await AnswerAsync([Text("<think>a"), Text("b"), Text("</think>Hi"), Finish()]);

        Assert.Equal(["Hi", ""], answer.Select(update => update.Text));
    }

    [Fact]
    public async Task GetResponseAsync_MarkedText_IsSpeakable()
    {
        using var client = Client([Text("**Hello** [the"), Text("re](x)"), Finish()]);

        var response = await client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Hello there", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task GetResponseAsync_CodePhrase_IsSaidOncePerBlock()
    {
        using var client = Client([Text("Run:\n```sh\nls\n```\nor\n```\npwd\n```\nBye.")], new SpokenTextOptions { CodePhrase = "I'll send you the code." });

        var response = await client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Run:\nI'll send you the code.\nor\nI'll send you the code.\nBye.", response.Text);
    }

    private static async Task<List<ChatResponseUpdate>> AnswerAsync(ChatResponseUpdate[] updates)
    {
        using var client = Client(updates);
        return await client.GetStreamingResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    private static IChatClient Client(ChatResponseUpdate[] updates, SpokenTextOptions? options = null) =>
        new ChatClientBuilder(new StreamChatClient(updates)).Use(inner => inner.UseSpokenText(options)).Build();

    private static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    private static ChatResponseUpdate Finish() => new(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop };
}
