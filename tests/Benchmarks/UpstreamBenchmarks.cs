using System.ClientModel;
using System.ClientModel.Primitives;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAI;
using OpenAI.Chat;
using Switchboard.Upstream;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Benchmarks;

/// <summary>What one token of an upstream costs from bytes to update, without the network: our client and the <c>OpenAI</c> package side by side.</summary>
[MemoryDiagnoser]
public class UpstreamBenchmarks
{
    private const int Tokens = 1000;

    private static readonly ChatMessage[] Messages = [new(ChatRole.User, "Hi")];

    private UpstreamChatClient _ours = null!;
    private IChatClient _package = null!;

    /// <summary>Whether every event comes by itself, as tokens do, or all that fits one read.</summary>
    [Params(true, false)]
    public bool EventByEvent { get; set; }

    /// <summary>Whether every chunk ends in characters by chance, as OpenAI's and Mistral's do unless asked not to, or in the same.</summary>
    [Params(true, false)]
    public bool Obfuscated { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var http = new HttpClient(new CannedHandler(Tokens, EventByEvent, Obfuscated));
        var address = new Uri("http://upstream.invalid/v1");
        _ours = new UpstreamChatClient(
            http, http, new UpstreamOptions { BaseUrl = address }, "up", _ => ValueTask.FromResult<string?>("key"), TimeProvider.System, NullLogger<UpstreamChatClient>.Instance);
        _package = new ChatClient("up", new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = address, Transport = new HttpClientPipelineTransport(http) }).AsIChatClient();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _ours.Dispose();
        _package.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Tokens)]
    public Task<int> Ours() => ReadAsync(_ours);

    [Benchmark(OperationsPerInvoke = Tokens, Baseline = true)]
    public Task<int> OpenAIPackage() => ReadAsync(_package);

    private static async Task<int> ReadAsync(IChatClient client)
    {
        var length = 0;
        await foreach (var update in client.GetStreamingResponseAsync(Messages))
        {
            foreach (var content in update.Contents)
            {
                length += content is TextContent text ? text.Text.Length : 0;
            }
        }

        return length == Tokens * CannedHandler.Token.Length ? length : throw new InvalidOperationException($"{length} characters were read.");
    }
}
