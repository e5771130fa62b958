using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using Switchboard.Responders;

namespace FunctionsApp.Tests;

/// <summary>The real packages <c>openai</c> of npm and <c>OpenAI</c> of NuGet against the deployed program.</summary>
public sealed class ClientTests(BothShells shells) : IClassFixture<BothShells>
{
    private static readonly string Said = new SimulatedOptions().Text;

    [Fact]
    public async Task NuGet_Stream_ReadsTextFinishAndUsage()
    {
        var updates = await Client("demo").CompleteChatStreamingAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Said, string.Concat(updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text)));
        Assert.Equal(ChatFinishReason.Stop, Assert.Single(updates, update => update.FinishReason is not null).FinishReason);
        Assert.NotNull(Assert.Single(updates, update => update.Usage is not null).Usage);
    }

    [Fact]
    public async Task NuGet_Goodbye_ReadsTheToolCall()
    {
        var completion = await Client("reception").CompleteChatAsync([new UserChatMessage("Bye")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("hangup", Assert.Single(completion.Value.ToolCalls).FunctionName);
        Assert.Equal(ChatFinishReason.ToolCalls, completion.Value.FinishReason);
    }

    [Fact]
    public async Task NuGet_WrongKey_Throws401WithTheCode()
    {
        var refusal = await Assert.ThrowsAsync<ClientResultException>(
            () => Client("demo", "wrong").CompleteChatAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(401, refusal.Status);
        Assert.Contains("invalid_api_key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npm_EveryCase_ReadsWhatItReadsOfLocalHost()
    {
        await NodePackages.RequireAsync();
        var worker = await ReadAsync(shells.Worker);
        var localHost = await ReadAsync(shells.LocalHost);

        Assert.Equal(Said, worker.GetProperty("streamed").GetProperty("text").GetString());
        Assert.Equal("hangup", Assert.Single(worker.GetProperty("toolCall").GetProperty("calls").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(401, worker.GetProperty("refused").GetProperty("status").GetInt32());
        Assert.All((string[])["streamed", "usage", "toolCall", "helper", "models"], part => Assert.Equal(localHost.GetProperty(part).GetRawText(), worker.GetProperty(part).GetRawText()));
    }

    private static async Task<JsonElement> ReadAsync(Uri server)
    {
        var script = Path.Combine(NodePackages.Folder, "Switchboard.Tests", "Conformance", "client.mjs");
        using var output = JsonDocument.Parse(await NodePackages.RunAsync("node", script, $"{server}v1", PublishedWorker.Key));
        return output.RootElement.Clone();
    }

    private ChatClient Client(string model, string key = PublishedWorker.Key) =>
        new(model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(shells.Worker, "v1") });
}
