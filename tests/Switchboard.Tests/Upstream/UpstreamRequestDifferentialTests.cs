using System.ClientModel;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Switchboard.Upstream;

namespace Switchboard.Tests.Upstream;

/// <summary>The same conversations and options through the <c>OpenAI</c> package and through our client put equivalent JSON on the wire.</summary>
public sealed class UpstreamRequestDifferentialTests(CaptureServer server) : IClassFixture<CaptureServer>
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 250)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Ask_GeneratedConversation_IsTheSameOnTheWire(int seed)
    {
        await using var clients = new UpstreamFactory();
        var ours = clients.Create(new Uri(server.Address, $"/ours-{seed}"), AsThePackage);
        using var theirs = Theirs(new Uri(server.Address, $"/theirs-{seed}"));

        await AskAsync(ours, seed);
        await AskAsync(theirs, seed);

        var our = RequestNormal.Of(server.Body($"/ours-{seed}/chat/completions"));
        var their = RequestNormal.Of(server.Body($"/theirs-{seed}/chat/completions"));
        Assert.True(JsonNode.DeepEquals(our, their), $"ours:   {our.ToJsonString()}\ntheirs: {their.ToJsonString()}");
    }

    private static async Task AskAsync(IChatClient client, int seed)
    {
        var generator = new ConversationGenerator(seed);
        await client.GetStreamingResponseAsync(generator.Messages(), generator.Options(), TestContext.Current.CancellationToken)
            .ToChatResponseAsync(TestContext.Current.CancellationToken);
    }

    // The package leaves everything to its caller.
    private static void AsThePackage(UpstreamOptions upstream)
    {
        upstream.Profile = UpstreamService.AzureOpenAI;
        upstream.Thinking = UpstreamThinking.Default;
        upstream.Omit.Add("prompt_cache_key");
        foreach (var field in (string[])["metadata", "store", "user"])
        {
            upstream.Forward.Add(field);
        }
    }

    private static IChatClient Theirs(Uri baseUrl) =>
        new ChatClient("up", new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = baseUrl }).AsIChatClient();
}
