using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>What the differential test cannot say of a request: where we mean to differ from the <c>OpenAI</c> package.</summary>
public sealed class UpstreamRequestTests : IAsyncDisposable
{
    private readonly UpstreamFactory _clients = new();

    [Fact]
    public async Task Ask_TurnOfACall_TellsNothingOfThePlatform()
    {
        var call = new CallContext { InstanceId = "call-9", CallerNumber = "+41441234567", UserData = "vip" };
        var options = new TurnOptions(call)
        {
            ModelId = "platform-model",
            ConversationId = "conversation-1",
            AdditionalProperties = new()
            {
                ["extendData"] = JsonElement.Parse("""{"instanceId":"call-9"}"""),
                ["model"] = "other",
                ["messages"] = "none",
                ["stream"] = false,
                ["stream_options"] = null,
                ["n"] = 3,
            },
        };

        Assert.Equal(
            """{"model":"up","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true}}""",
            await AskAsync([new(ChatRole.User, "Hi")], options));
    }

    [Fact]
    public async Task Ask_AdditionalProperties_AreSentAsTheyAre()
    {
        var options = new ChatOptions
        {
            TopK = 40,
            AdditionalProperties = new()
            {
                ["repetition_penalty"] = 1.05,
                ["enable_thinking"] = false,
                ["chat_template_kwargs"] = JsonElement.Parse("""{"a":[1.50,"é"]}"""),
                ["node"] = new JsonObject { ["b"] = 1 },
                ["nothing"] = null,
                ["text"] = "é",
                ["reasoning_effort"] = "minimal",
            },
        };

        Assert.EndsWith(
            """
            "top_k":40,"repetition_penalty":1.05,"enable_thinking":false,"chat_template_kwargs":{"a":[1.50,"é"]},"node":{"b":1},"nothing":null,"text":"é","reasoning_effort":"minimal"}
            """.Trim(),
            await AskAsync([new(ChatRole.User, "Hi")], options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_PropertyThatIsAlsoAnOption_IsSentOnce()
    {
        var options = new ChatOptions
        {
            Temperature = 0.5f,
            MaxOutputTokens = 9,
            Reasoning = new() { Effort = ReasoningEffort.Low },
            AdditionalProperties = new() { ["temperature"] = 1, ["max_tokens"] = 8, ["reasoning_effort"] = "high", ["top_p"] = 0.25 },
        };

        Assert.EndsWith(
            "\"temperature\":0.5,\"max_completion_tokens\":9,\"reasoning_effort\":\"low\",\"top_p\":0.25}",
            await AskAsync([new(ChatRole.User, "Hi")], options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_PropertyWithoutAJsonForm_IsRefusedByName()
    {
        var failure = await Assert.ThrowsAsync<NotSupportedException>(() => AskAsync([new(ChatRole.User, "Hi")], new() { AdditionalProperties = new() { ["mine"] = this } }));

        Assert.Contains("'mine'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ServerOfTheOlderLimit_GetsThat() =>
        Assert.EndsWith(
            "\"max_tokens\":9}",
            await AskAsync([new(ChatRole.User, "Hi")], new() { MaxOutputTokens = 9 }, upstream => upstream.TokenLimitField = TokenLimitField.MaxTokens), StringComparison.Ordinal);

    [Theory]
    [InlineData("Anna Müller", "AnnaMüller")]
    [InlineData("a<b>|c\\/", "abc")]
    [InlineData(" \t", null)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", "1234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123😀", "123456789012345678901234567890123456789012345678901234567890123")]
    public async Task Ask_Name_LosesWhatWouldBeRefused(string name, string? sent)
    {
        var request = JsonElement.Parse(await AskAsync([new(ChatRole.User, "Hi") { AuthorName = name }]));

        Assert.Equal(sent, request.GetProperty("messages")[0].TryGetProperty("name", out var value) ? value.GetString() : null);
    }

    [Fact]
    public async Task Ask_ToolResults_AreTextOrCompactJson()
    {
        ChatMessage results = new(ChatRole.Tool,
        [
            new FunctionResultContent("a", "plain"),
            new FunctionResultContent("b", JsonElement.Parse("""{"n": 1.50}""")),
            new FunctionResultContent("c", JsonElement.Parse("\"text\"")),
            new FunctionResultContent("d", null),
        ]);

        var messages = JsonElement.Parse(await AskAsync([results])).GetProperty("messages");

        Assert.Equal(["plain", """{"n": 1.50}""", "text", ""], messages.EnumerateArray().Select(message => message.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Ask_DataUri_IsSentAsBase64()
    {
        var request = await AskAsync([new(ChatRole.User, [new DataContent("data:image/svg+xml,%3Csvg%2F%3E")])]);

        Assert.Contains("\"url\":\"data:image/svg+xml;base64,PHN2Zy8+\"", request, StringComparison.Ordinal);
    }

    [Fact]
    public void GetService_Metadata_NamesTheUpstream()
    {
        var client = _clients.Create(new Uri("https://up.example/v1"));

        var metadata = client.GetService<ChatClientMetadata>();

        Assert.Equal(("openai", new Uri("https://up.example/v1"), "up"), (metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId));
        Assert.Same(client, client.GetService<UpstreamChatClient>());
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private async Task<string> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, Action<UpstreamOptions>? configure = null)
    {
        await using var upstream = FaultyUpstream.Start();
        await _clients.Create(upstream.BaseUrl, configure).GetResponseAsync(messages, options, TestContext.Current.CancellationToken);
        return upstream.Requests.Single().Body;
    }
}
