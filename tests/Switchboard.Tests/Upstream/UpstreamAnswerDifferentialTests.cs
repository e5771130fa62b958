using System.ClientModel;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Switchboard.Contract;

namespace Switchboard.Tests.Upstream;

/// <summary>The <c>OpenAI</c> package and our client read the same answer from the same stream, wherever its packets are cut.</summary>
public sealed class UpstreamAnswerDifferentialTests : IAsyncDisposable
{
    private readonly UpstreamFactory _clients = new();

    // Sender, text, reasoning, refusal, calls, finish reason, usage: what the stream says, written down by hand.
    public static TheoryData<string, string, string, string, string, string, string> Streams => new()
    {
        { "OpenAI", "We open at 8\u202fa.m.\n\u201cbright and early\u201d \ud83c\udf05", "", "", "", "stop", "in 1117 (1024 cached), out 46 (12 reasoning), total 1163" },
        { "OpenAI, tool calls", "", "", "", """call_A find_table {"seats":4,"note":"près de la fenêtre"}; call_B hangup {}""", "tool_calls", "in 90 ( cached), out 31 ( reasoning), total 121" },
        { "OpenAI, refusal", "", "", "I'm sorry, I can't help with that.", "", "stop", "" },
        { "Azure OpenAI", "Your parcel arrives today.", "", "", "", "stop", "in 20 (0 cached), out 5 (0 reasoning), total 25" },
        { "Azure OpenAI, filtered", "Then he said", "", "", "", "content_filter", "" },
        { "vLLM", "One moment.", "They want the weather.", "", """chatcmpl-tool-9b weather {"city":"Genève"}""", "tool_calls", "in 151 ( cached), out 52 ( reasoning), total 203" },
        { "llama.cpp", "Sure, the code is 日本 42", "", "", "", "length", "in 14 ( cached), out 8 ( reasoning), total 22" },
        { "Ollama", "Booking.", "Book it then.", "", """call_7xk book {"time":"19:00"}""", "tool_calls", "in 165 ( cached), out 40 ( reasoning), total 205" },
        { "DashScope", "好的,请稍等。", "用户想改签。", "", """call_5d rebook {"航班":"CA937"}""", "tool_calls", "in 244 (128 cached), out 97 (60 reasoning), total 341" },
        { "DeepSeek", "9.8 is greater.", "9.11 or 9.8?", "", "", "stop", "in 17 (0 cached), out 190 (150 reasoning), total 207" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Read_RecordedStream_IsWhatItSaysAndWhatThePackageReads(
        string sender, string text, string reasoning, string refusal, string calls, string finishReason, string usage)
    {
        await using var upstream = FaultyUpstream.Start(Failures.Stream(RecordedStreams.All[sender]));
        using var package = new ChatClient("up", new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = upstream.BaseUrl }).AsIChatClient();

        var ours = await Heard.ListenAsync(_clients.Create(upstream.BaseUrl), TestContext.Current.CancellationToken);
        var theirs = await Heard.ListenAsync(package, TestContext.Current.CancellationToken);

        Assert.Null(ours.Failure);
        Assert.Equal([text, reasoning, refusal, calls, finishReason, usage], Said(ours));
        Assert.Equal(Said(theirs, sender), Said(ours, sender));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Read_StreamCutAnywhere_IsTheSame(
        string sender, string text, string reasoning, string refusal, string calls, string finishReason, string usage)
    {
        const int Cuts = 25;
        var bytes = Encoding.UTF8.GetBytes(RecordedStreams.All[sender]);
        await using var upstream = FaultyUpstream.Start([.. Enumerable.Range(0, Cuts).Select(seed => Failures.Cut(bytes, Sizes(new Random(seed), bytes.Length)))]);
        var client = _clients.Create(upstream.BaseUrl);

        for (var cut = 0; cut < Cuts; cut++)
        {
            var heard = await Heard.ListenAsync(client, TestContext.Current.CancellationToken);

            Assert.Null(heard.Failure);
            Assert.Equal([text, reasoning, refusal, calls, finishReason, usage], Said(heard));
        }
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    private static List<int> Sizes(Random random, int total)
    {
        var sizes = new List<int>();
        while (sizes.Sum() < total)
        {
            sizes.Add(random.Next(3) == 0 ? random.Next(1, 4) : random.Next(1, 700));
        }

        return sizes;
    }

    // With a sender, without what the package does not read of that sender's stream.
    private static string[] Said(Heard heard, string? sender = null) =>
    [
        heard.Text,
        // The package knows reasoning_content and not Ollama's name for it.
        sender is "Ollama" ? "" : heard.Reasoning,
        // The package passes over a refusal that has no tool call beside it.
        sender is "OpenAI, refusal" ? "" : heard.Refusal,
        string.Join("; ", heard.Calls.Select(call => $"{call.CallId} {call.Name} {Compact(ToolCallJson.Arguments(call))}")),
        // The package repeats it on every later update.
        string.Join(' ', heard.FinishReasons.Distinct()),
        string.Join(' ', heard.Usage.Select(usage =>
            $"in {usage.InputTokenCount} ({usage.CachedInputTokenCount} cached), out {usage.OutputTokenCount} ({usage.ReasoningTokenCount} reasoning), total {usage.TotalTokenCount}")),
    ];

    // Spaces and escapes in the arguments do not count.
    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
