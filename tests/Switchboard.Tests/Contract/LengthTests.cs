using Microsoft.Extensions.AI;
using Switchboard.Turn;

namespace Switchboard.Tests.Contract;

/// <summary>Lengths and counts that a client chooses: each has a bound, and a request above it is refused by the name of the field.</summary>
public sealed class LengthTests
{
    private static readonly string Longest = new('a', 256);

    public static TheoryData<string, string> Fields => new()
    {
        { "model", """{"model":"~","messages":[{"role":"user","content":"a"}]}""" },
        { "extendData.instanceId", With("""
            "extendData":{"instanceId":"~"}
            """) },
        { "extendData.channelId", With("""
            "extendData":{"channelId":"~"}
            """) },
        { "extendData.sentenceId", With("""
            "extendData":{"sentenceId":"~"}
            """) },
        { "extendData.callerNumber", With("""
            "extendData":{"callerNumber":"~"}
            """) },
        { "extendData.calleeNumber", With("""
            "extendData":{"calleeNumber":"~"}
            """) },
        { "messages[0].name", """{"model":"demo","messages":[{"role":"user","content":"a","name":"~"}]}""" },
        { "messages[0].tool_calls[0].id", Call("~", "f") },
        { "messages[0].tool_calls[0].function.name", Call("1", "~") },
        { "messages[0].tool_call_id", """{"model":"demo","messages":[{"role":"tool","content":"a","tool_call_id":"~"}]}""" },
        { "tools[0].function.name", With("""
            "tools":[{"type":"function","function":{"name":"~"}}]
            """) },
        { "stop", With("""
            "stop":"~"
            """) },
        { "stop[1]", With("""
            "stop":["a","~"]
            """) },
        { "user", With("""
            "user":"~"
            """) },
        { "prompt_cache_key", With("""
            "prompt_cache_key":"~"
            """) },
        { "response_format.json_schema.name", With("""
            "response_format":{"type":"json_schema","json_schema":{"name":"~","schema":{}}}
            """) },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Post_IdOrName_MayHave256Characters(string field, string body)
    {
        await using var host = await TestHost.StartAsync();
        using (var longest = await host.PostAsync(body.Replace("~", Longest, StringComparison.Ordinal)))
        {
            Assert.Equal(200, (int)longest.StatusCode);
        }

        await AssertRefusedAsync(host, body.Replace("~", $"{Longest}a", StringComparison.Ordinal), field);
        await AssertRefusedAsync(host, body.Replace("~", new string('x', 500_000), StringComparison.Ordinal), field);
    }

    [Fact]
    public async Task Post_IdAsANumberOfManyDigits_IsRefused()
    {
        await using var host = await TestHost.StartAsync();

        await AssertRefusedAsync(host, With($$"""
            "extendData":{"sentenceId":{{new string('1', 257)}}}
            """), "extendData.sentenceId");
    }

    [Theory]
    [InlineData("task_id", null)]
    [InlineData("room_id", null)]
    [InlineData("task_id", "X-Task-Id")]
    [InlineData("room_id", "X-Room-Id")]
    public async Task Post_IdBesideTheBody_MayHave256Characters(string field, string? header)
    {
        await using var host = await TestHost.StartAsync();
        foreach (var (id, status) in new[] { (Longest, 200), ($"{Longest}a", 400) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, header is null ? $"/chat/completions?{field}={id}" : "/chat/completions") { Content = Json.Content(Json.Request()) };
            if (header is not null)
            {
                request.Headers.Add(header, id);
            }

            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.True(status == 200 || (await Json.ReadErrorAsync(response)).GetProperty("param").GetString() == field);
        }
    }

    [Fact]
    public async Task Post_UserData_MayBeLong()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.PostAsync(With($$"""
            "extendData":{"userData":"{{new string('u', 100_000)}}"}
            """));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("stop", 16)]
    [InlineData("tools", 128)]
    [InlineData("messages[0].tool_calls", 128)]
    public async Task Post_List_MayHaveSoMany(string field, int most)
    {
        await using var host = await TestHost.StartAsync();
        using (var response = await host.PostAsync(Body(most)))
        {
            Assert.Equal(200, (int)response.StatusCode);
        }

        await AssertRefusedAsync(host, Body(most + 1), field);

        string Body(int count)
        {
            string Items(string item) => string.Join(',', Enumerable.Repeat(item, count));
            return field switch
            {
                "stop" => With($"\"stop\":[{Items("\"a\"")}]"),
                "tools" => With($"\"tools\":[{Items("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")}]"),
                _ => """{"model":"demo","messages":[{"role":"assistant","tool_calls":[~]}]}"""
                    .Replace("~", Items("""{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}"""), StringComparison.Ordinal),
            };
        }
    }

    [Fact]
    public async Task Post_PassedOnObject_MayHave32KiB()
    {
        await using var host = await TestHost.StartAsync();
        await AssertRefusedAsync(host, With($"\"logit_bias\":{{{string.Join(',', Enumerable.Range(0, 5000).Select(token => $"\"{token}\":-100"))}}}"), "logit_bias");
        using var response = await host.PostAsync(With($"\"logit_bias\":{{{string.Join(',', Enumerable.Range(0, 1000).Select(token => $"\"{token}\":-100"))}}}"));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_NotStreamedAndEndless_EndsWithLengthAndLeavesTheResponder(bool withCalls)
    {
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?> { ["Models:1:SpokenText"] = "false" });
        // Endless as far as anybody can tell: it does not end by itself.
        for (var piece = 0; piece < 40; piece++)
        {
            responder.Yield(withCalls
                ? new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent($"call-{piece}", "f", new Dictionary<string, object?> { ["a"] = new string('x', 10_000) })])
                : new ChatResponseUpdate(ChatRole.Assistant, new string('x', 10_000)));
        }

        using var response = await host.PostAsync(Json.Request("fake", stream: false));

        var choice = (await Json.ReadAsync(response)).GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        if (withCalls)
        {
            Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
            Assert.InRange(message.GetProperty("tool_calls").GetArrayLength(), 20, 26);
        }
        else
        {
            Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
            Assert.Equal(CompletionResult.MaxLength, message.GetProperty("content").GetString()!.Length);
        }

        await host.WaitForTurnEndAsync("fake");
        await responder.Cancelled.WaitAsync(TestContext.Current.CancellationToken);
    }

    private static string With(string field) => $$"""{"model":"demo","messages":[{"role":"user","content":"a"}],{{field}}}""";

    private static string Call(string id, string name) =>
        $$$"""{"model":"demo","messages":[{"role":"assistant","tool_calls":[{"id":"{{{id}}}","type":"function","function":{"name":"{{{name}}}","arguments":"{}"}}]}]}""";

    private static async Task AssertRefusedAsync(TestHost host, string body, string field)
    {
        using var response = await host.PostAsync(body);
        Assert.Equal(400, (int)response.StatusCode);
        var error = await Json.ReadErrorAsync(response);
        Assert.Equal(("invalid_value", field), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
    }
}
