using Microsoft.Extensions.AI;
using Switchboard.Platforms;
using Switchboard.Steps;

namespace Switchboard.Tests.Steps;

public sealed class HistoryChatClientTests
{
    // A message a word: s: system, u: user, a: assistant, c1,2: calls the tools 1 and 2, r1: the result of 1.
    [Theory]
    [InlineData(3, "s:x u:1 a:2 u:3 a:4 u:5", "s:x u:3 a:4 u:5")]
    [InlineData(2, "s:x s:y u:1 a:2 s:z u:3", "s:x s:y a:2 s:z u:3")]
    [InlineData(9, "s:x u:1 a:2", "s:x u:1 a:2")]
    [InlineData(1, "u:1 a:2 u:3 c1 r1", "u:3 c1 r1")]
    [InlineData(3, "u:1 c1,2 r1 r2 a:4 u:5", "a:4 u:5")]
    [InlineData(5, "u:1 c1,2 r1 r2 a:4 u:5", "c1,2 r1 r2 a:4 u:5")]
    [InlineData(20, "u:1 a: a:_ u:2", "u:1 u:2")]
    [InlineData(20, "u:1 u:1 a:2 a:2 u:1 u:3", "u:1 a:2 u:1 u:3")]
    [InlineData(20, "a:1 u:", "a:1 u:")]
    [InlineData(20, "a:1 a:", "a:1")]
    [InlineData(20, "u:1 c1 u:2", "u:1 u:2")]
    [InlineData(20, "u:1 c1,2 r1 u:2", "u:1 c1 r1 u:2")]
    [InlineData(20, "u:1 c1 r1 r1 r9 u:2", "u:1 c1 r1 u:2")]
    [InlineData(20, "r1 u:1 r2 a:2 u:3", "u:1 a:2 u:3")]
    [InlineData(20, "u:1 c1 u:2 r1", "u:1 u:2")]
    [InlineData(20, "u:1 c1", "u:1")]
    [InlineData(20, "u:1 c1 u:1", "u:1")]
    [InlineData(20, "u:1 c1,2 s:z r1 s:y r2 a:2 u:3", "u:1 c1,2 r1 r2 s:z s:y a:2 u:3")]
    [InlineData(20, "u:1 c1 s:z u:2", "u:1 s:z u:2")]
    public async Task Conversation_CutAndRepaired_IsWhatTheModelSees(int maxMessages, string sent, string seen)
    {
        var model = new RoundsChatClient(RoundsChatClient.Say("ok"));

        await new HistoryChatClient(model, new HistoryOptions { MaxMessages = maxMessages }).StreamAsync(sent.Split(' ').Select(Read));

        Assert.Equal(seen, string.Join(' ', model.Messages.Select(Write)));
    }

    [Theory]
    [InlineData(1, "s u5")]
    [InlineData(47, "s u5")]
    [InlineData(48, "s a4 u5")]
    [InlineData(63, "s a4 u5")]
    [InlineData(64, "s u3 a4 u5")]
    [InlineData(10_000, "s u1 a2 u3 a4 u5")]
    public async Task MaxTokens_Conversation_CountsFromTheEndWithTheSystemPrompt(int maxTokens, string seen)
    {
        // Each text is 12 tokens of o200k_base, and the frame of a message is 4.
        const string Twelve = " one two three four five six seven eight nine ten eleven twelve";
        var model = new RoundsChatClient(RoundsChatClient.Say("ok"));
        ChatMessage[] messages =
        [
            new(ChatRole.System, Twelve) { MessageId = "s" },
            .. Enumerable.Range(1, 5).Select(number => new ChatMessage(number % 2 == 1 ? ChatRole.User : ChatRole.Assistant, Twelve)
            {
                MessageId = $"{(number % 2 == 1 ? 'u' : 'a')}{number}",
            }),
        ];

        await new HistoryChatClient(model, new HistoryOptions { MaxTokens = maxTokens }).StreamAsync(messages);

        Assert.Equal(seen, string.Join(' ', model.Messages.Select(message => message.MessageId)));
    }

    [Fact]
    public void TokenCount_CallsAndMedia_Count()
    {
        Assert.Equal(4 + 1 + 1 + 1, TokenCount.Of(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "find", new Dictionary<string, object?> { ["x"] = "y" })])));
        Assert.Equal(4 + 765, TokenCount.Of(new ChatMessage(ChatRole.User, [new UriContent("http://127.0.0.1/a.png", "image/png")])));
        Assert.Equal(4 + 1, TokenCount.Of(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", "done")])));
    }

    [Fact]
    public async Task Post_LongConversation_ReachesTheModelWithItsPromptAndTheLastTwenty()
    {
        var model = new RoundsChatClient(RoundsChatClient.Say("ok"));
        await using var host = await TestHost.StartAsync(model, new Dictionary<string, string?> { ["Models:1:Prompt"] = "Ours." });
        var turns = string.Join(',', Enumerable.Range(1, 15).SelectMany(turn => new[]
        {
            $$"""{"role":"user","content":"q{{turn}}"}""",
            $$"""{"role":"assistant","content":"a{{turn}} <ims_agent_interrupted>"}""",
        }));
        using var response = await host.PostAsync($$"""{"model":"fake","messages":[{{turns}},{"role":"user","content":"q16"}]}""");
        Assert.True(response.IsSuccessStatusCode);

        Assert.Equal(21, model.Messages.Count);
        Assert.Equal("Ours.", model.Messages[0].Text);
        Assert.Equal($"a6 {ImsMarks.Interrupted}", model.Messages[1].Text);
        Assert.Equal("q16", model.Messages[^1].Text);
    }

    private static ChatMessage Read(string word) => word[0] switch
    {
        's' => new(ChatRole.System, word[2..]),
        'u' => new(ChatRole.User, word[2..]),
        'a' => new(ChatRole.Assistant, word[2..].Replace('_', ' ')),
        'c' => new(ChatRole.Assistant, [.. word[1..].Split(',').Select(id => new FunctionCallContent(id, "tool"))]),
        _ => new(ChatRole.Tool, [new FunctionResultContent(word[1..], "done")]),
    };

    private static string Write(ChatMessage message) =>
        message.Role == ChatRole.Tool ? $"r{string.Join(',', message.Contents.OfType<FunctionResultContent>().Select(result => result.CallId))}"
        : message.Contents.OfType<FunctionCallContent>().Select(call => call.CallId).ToList() is { Count: > 0 } calls ? $"c{string.Join(',', calls)}"
        : $"{message.Role.Value[0]}:{message.Text}";

    [Theory]
    [InlineData("The quick brown fox, 19.50 dollars: isn't it? ")]
    [InlineData("Der Tisch für vier Personen ist am 14. Mai um 19:30 Uhr reserviert. ")]
    public void TokenCount_LongProse_IsThatOfTheTokenizer(string sentence)
    {
        var text = string.Concat(Enumerable.Repeat(sentence, 100));

        Assert.Equal(Microsoft.ML.Tokenizers.TiktokenTokenizer.CreateForEncoding("o200k_base").CountTokens(text), TokenCount.Of(text));
    }

    [Fact]
    public void TokenCount_TextWithoutBreaks_IsNearlyThatOfTheTokenizer()
    {
        var text = string.Concat(Enumerable.Repeat("请问你们今天晚上还有没有四个人的位子", 60));
        var exact = Microsoft.ML.Tokenizers.TiktokenTokenizer.CreateForEncoding("o200k_base").CountTokens(text);

        Assert.InRange(TokenCount.Of(text), exact, exact * 1.03);
    }
}
