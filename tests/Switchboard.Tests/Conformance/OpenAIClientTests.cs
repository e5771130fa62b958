using System.ClientModel;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using Switchboard.Responders;

namespace Switchboard.Tests.Conformance;

/// <summary>The NuGet package OpenAI against a real Kestrel.</summary>
public sealed class OpenAIClientTests
{
    private static readonly string Said = new SimulatedOptions().Text;

    [Fact]
    public async Task CompleteChatStreaming_Text_ReadsEveryPieceAndTheUsage()
    {
        await using var host = await SampleHost.StartAsync();
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in Client(host, "demo").CompleteChatStreamingAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken))
        {
            text.AppendJoin("", update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.Equal(Said, text.ToString());
        Assert.Equal(ChatFinishReason.Stop, finish);
        // The package always asks for usage when it streams.
        Assert.Equal(1, usage?.InputTokenCount);
        Assert.Equal(SpeechPieces.Split(Said).Count, usage?.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChatStreaming_Goodbye_ReadsTheToolCall()
    {
        await using var host = await SampleHost.StartAsync();
        var calls = new List<StreamingChatToolCallUpdate>();
        ChatFinishReason? finish = null;
        await foreach (var update in Client(host, "reception").CompleteChatStreamingAsync([new UserChatMessage("Bye now")], cancellationToken: TestContext.Current.CancellationToken))
        {
            calls.AddRange(update.ToolCallUpdates);
            finish = update.FinishReason ?? finish;
        }

        var call = Assert.Single(calls);
        Assert.Equal((0, "hangup", "{}"), (call.Index, call.FunctionName, call.FunctionArgumentsUpdate.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, finish);
    }

    [Fact]
    public async Task CompleteChat_Text_ReadsMessageAndUsage()
    {
        await using var host = await SampleHost.StartAsync();
        ChatCompletion completion = await Client(host, "demo").CompleteChatAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Said, completion.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, completion.FinishReason);
        Assert.Equal("demo", completion.Model);
        Assert.Equal(completion.Usage.InputTokenCount + completion.Usage.OutputTokenCount, completion.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task CompleteChat_Goodbye_ReadsTheToolCall()
    {
        await using var host = await SampleHost.StartAsync();
        ChatCompletion completion = await Client(host, "reception").CompleteChatAsync([new UserChatMessage("Bye")], cancellationToken: TestContext.Current.CancellationToken);

        var call = Assert.Single(completion.ToolCalls);
        Assert.Equal(("hangup", "{}"), (call.FunctionName, call.FunctionArguments.ToString()));
        Assert.Equal("Thank you for calling. Goodbye!", completion.Content[0].Text);
    }

    [Fact]
    public async Task CompleteChat_WrongKey_Throws401WithTheMessage()
    {
        await using var host = await SampleHost.StartAsync();

        var refusal = await Assert.ThrowsAsync<ClientResultException>(
            () => Client(host, "demo", "wrong").CompleteChatAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(401, refusal.Status);
        Assert.Contains("invalid_api_key", refusal.Message, StringComparison.Ordinal);
    }

    private static ChatClient Client(TestHost host, string model, string key = TestHost.Key) =>
        new(model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(host.Address, "v1") });
}
