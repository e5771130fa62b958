using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Tests.Platforms;

/// <summary>Requests of platforms over the wire: to the responder, the prompt, the log and an upstream.</summary>
public sealed class PlatformCallTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<int> All => DialectTests.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Post_DocumentedRequest_BringsItsCallEverywhere(int index)
    {
        var request = PlatformRequests.All[index];
        var responder = new ToldChatClient();
        await using var host = await StartAsync(responder, ("Models:1:Prompt", "{{platform}}|{{instanceId}}|{{userId}}|{{agentId}}|{{direction}}|{{userData}}|{{call}}"));

        Assert.Equal("[DONE]", (await AskAsync(host, request))[^1]);

        var call = Assert.Single(responder.Calls);
        Assert.Equal(DialectTests.Expected(request), call);
        var prompt = responder.Prompts.Single();
        Assert.Contains(
            $"{call.Platform}|{call.InstanceId}|{call.UserId}|{call.AgentId}|{call.Direction}|{call.UserData}|{{\"instanceId\":", prompt, StringComparison.Ordinal);
        var line = await host.WaitForTurnEndAsync();
        Assert.Equal(
            (call.Platform ?? "-", call.InstanceId ?? "-", call.SentenceId ?? "-"),
            (line.GetStructuredStateValue("Platform"), line.GetStructuredStateValue("Call"), line.GetStructuredStateValue("Turn")));
        Assert.Contains($"platform {call.Platform ?? "-"}, model ", line.Message, StringComparison.Ordinal);
        // What the assistant, the worker and the address that steers the call are known by.
        Assert.DoesNotContain("secret", prompt, StringComparison.Ordinal);
        AssertNothingSecretIsLogged(host);
    }

    [Fact]
    public async Task Post_DocumentedRequests_TellTheUpstreamNothingOfTheCall()
    {
        await using var upstream = FaultyUpstream.Start();
        await using var host = await StartAsync(null, ("Models:1:Responder", "upstream"), ("Models:1:Upstreams:0:BaseUrl", upstream.BaseUrl.ToString()));
        foreach (var request in PlatformRequests.All)
        {
            Assert.Equal("[DONE]", (await AskAsync(host, request))[^1]);
        }

        var asked = upstream.Requests.Where(request => request.Method == "POST").ToList();
        Assert.Equal(PlatformRequests.All.Count, asked.Count);
        Assert.All(asked, request =>
        {
            string[] known = ["model", "messages", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "response_format", "service_tier"];
            Assert.Empty(request.Json.EnumerateObject().Select(field => field.Name).Except(known));
            Assert.DoesNotContain(request.Json.GetProperty("messages").EnumerateArray(), message => message.TryGetProperty("turn_id", out _) || message.TryGetProperty("metadata", out _));
            Assert.DoesNotContain("secret", $"{request.Body}", StringComparison.Ordinal);
        });
        AssertNothingSecretIsLogged(host);
    }

    [Theory]
    // A plain request of a platform that nothing shows, and one that shows another.
    [InlineData("Pipecat", "pipecat", null)]
    [InlineData("D-ID", "d-id", null)]
    [InlineData("openai", null, null)]
    [InlineData("vapi", "vapi", "0b6f2a41-77d0")]
    public async Task Post_ModelWithAPlatform_IsReadAsItsOwn(string setting, string? platform, string? call)
    {
        var responder = new ToldChatClient();
        await using var host = await StartAsync(responder, ("Models:1:Platform", setting));

        Assert.Equal("[DONE]", (await AskAsync(host, PlatformRequests.Vapi))[^1]);

        Assert.Equal((platform, call), (responder.Calls.Single().Platform, responder.Calls.Single().InstanceId));
    }

    [Fact]
    public async Task Post_ModelWithoutAPlatformBesideOneWithIt_IsRecognised()
    {
        var responder = new ToldChatClient();
        await using var host = await StartAsync(responder, ("Models:0:Platform", "pipecat"), ("Models:1:Id", "other"));

        Assert.Equal("[DONE]", (await AskAsync(host, PlatformRequests.Zego))[^1]);
        Assert.Equal("[DONE]", (await AskAsync(host, PlatformRequests.Zego.For("demo")))[^1]);

        Assert.Equal("zego", responder.Calls.Single().Platform);
        var lines = host.Logs.GetSnapshot().Where(line => line.Id.Id == 100).Select(line => line.GetStructuredStateValue("Platform"));
        Assert.Contains("zego", lines);
    }

    [Fact]
    public async Task Post_RefusedRequestOfAModelWithAPlatform_IsLoggedWithItsCall()
    {
        await using var host = await StartAsync(new ToldChatClient(), ("Models:1:Platform", "zego"));

        using var response = await PlatformRequests.Zego.With(body => body["messages"] = "none").SendAsync(host);

        Assert.Equal(400, (int)response.StatusCode);
        var line = await host.WaitForTurnEndAsync();
        Assert.Equal(("zego", "1912405", "refused"), (line.GetStructuredStateValue("Platform"), line.GetStructuredStateValue("Call"), line.GetStructuredStateValue("Outcome")));
    }

    [Theory]
    [InlineData("volcengine", "assistant", false)]
    [InlineData("volcengine", "system", false)]
    [InlineData("volcengine", "tool", true)]
    [InlineData("ims", "system", true)]
    [InlineData("vapi", "assistant", true)]
    [InlineData("telnyx", "system", true)]
    [InlineData("pipecat", "assistant", true)]
    public async Task Post_LastMessageThatIsNotTheCallers_IsAnsweredWhereItAsksForAGreeting(string platform, string role, bool isAnswered)
    {
        var responder = new ToldChatClient();
        await using var host = await StartAsync(responder);
        var request = PlatformRequests.All.First(request => request.Platform == platform)
            .With(body => body["messages"] = JsonNode.Parse($$"""[{"role":"{{role}}","content":"Good morning.","tool_call_id":"c"}]"""));

        foreach (var stream in new[] { true, false })
        {
            using var response = await request.With(body => body["stream"] = stream).SendAsync(host);
            var answer = await response.Content.ReadAsStringAsync(Cancelled);

            Assert.Equal(200, (int)response.StatusCode);
            Assert.Contains("\"finish_reason\":\"stop\"", answer, StringComparison.Ordinal);
            Assert.Equal(stream, answer.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
            Assert.Equal(isAnswered, answer.Contains("Until ten.", StringComparison.Ordinal));
        }

        Assert.Equal(isAnswered ? 2 : 0, responder.Calls.Count);
    }

    [Fact]
    public async Task Post_RequestOfVolcengineWithoutTheCaller_EndsNoTurn()
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:1:Id"] = "front-desk", ["Models:1:Default"] = "true" });
        var open = PlatformRequests.Volcengine.SendAsync(host);
        await responder.Asked.WaitAsync(Cancelled);

        await AskAsync(host, PlatformRequests.Volcengine.With(body =>
        {
            body["round_id"] = 5;
            body["messages"]!.AsArray()[^1]!["role"] = "assistant";
        }));

        Assert.False(responder.Cancelled.IsCompleted);
        responder.Say("Until ten.");
        responder.End();
        using var answer = await open;
        Assert.Contains("Until ten.", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    internal static Task<TestHost> StartAsync(IChatClient? responder, params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["Models:0:Default"] = null, ["Models:1:Id"] = "front-desk", ["Models:1:Default"] = "true" };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        return TestHost.StartAsync(responder, values);
    }

    internal static async Task<List<string>> AskAsync(TestHost host, PlatformRequest request)
    {
        using var response = await request.SendAsync(host);
        Assert.True(response.IsSuccessStatusCode, await OrNothing(response));
        using var stream = await EventReader.OpenAsync(response);
        return await stream.RestAsync();
    }

    private static async Task<string> OrNothing(HttpResponseMessage response) => response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Cancelled);

    private static void AssertNothingSecretIsLogged(TestHost host) => Assert.DoesNotContain(
        host.Logs.GetSnapshot(),
        line => string.Create(CultureInfo.InvariantCulture, $"{line.Message} {line.Exception} {string.Join(' ', line.Scopes)} {string.Join(' ', line.StructuredState ?? [])}").Contains("secret", StringComparison.Ordinal));
}

/// <summary>Answers at once, and knows what it was told.</summary>
internal sealed class ToldChatClient : FakeChatClient
{
    private readonly List<(CallContext Call, string Prompt)> _told = [];

    public IReadOnlyList<CallContext> Calls => [.. _told.Select(told => told.Call)];

    public IReadOnlyList<string> Prompts => [.. _told.Select(told => told.Prompt)];

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        _told.Add((CallContext.From(options), messages.FirstOrDefault(message => message.Role == ChatRole.System)?.Text ?? ""));
        return new[] { new ChatResponseUpdate(ChatRole.Assistant, "Until ten.") }.ToAsyncEnumerable();
    }
}
