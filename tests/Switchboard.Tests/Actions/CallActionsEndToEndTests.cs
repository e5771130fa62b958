using System.Text.Json;
using Microsoft.Extensions.AI;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Actions;

/// <summary>Call actions over HTTP: what the platform gets.</summary>
public sealed class CallActionsEndToEndTests
{
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";

    [Fact]
    public async Task Post_ModelHangsUp_GoodbyeThenOneToolCallThenTheEnd()
    {
        var events = await AnswerAsync(new RoundsChatClient(Call("end_call", "Goodbye.")), new()
        {
            ["Models:1:Actions:0:Name"] = "hangup",
            ["Models:1:Actions:0:Function"] = "end_call",
        });

        Assert.Equal(5, events.Count);
        Assert.Contains("\"delta\":{\"content\":\"Goodbye.\"}", events[1], StringComparison.Ordinal);
        Assert.Contains("""{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call-end_call","type":"function","function":{"name":"end_call","arguments":"{}"}}]},"finish_reason":null}""", events[2], StringComparison.Ordinal);
        Assert.Contains("""{"index":0,"delta":{},"finish_reason":"tool_calls"}""", events[3], StringComparison.Ordinal);
        Assert.Equal("[DONE]", events[4]);
    }

    [Fact]
    public async Task Post_ModelHangsUpByDirective_TextOnlyAndStop()
    {
        var events = await AnswerAsync(new RoundsChatClient(Call("hangup", "Thanks. ")), new()
        {
            ["Models:1:Actions:0:Name"] = "hangup",
            ["Models:1:Actions:0:As"] = "directive",
            ["Models:1:Actions:0:EndWord"] = "Bye!",
        });

        Assert.Equal(["", "Thanks. ", """<imsagent_hangup endword="Bye!"/>"""], events.Take(3).Select(Content));
        Assert.Contains("\"finish_reason\":\"stop\"", events[3], StringComparison.Ordinal);
        Assert.DoesNotContain(events, data => data.Contains("tool_calls", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_ModelHangsUpAndTheTurnsTimeIsUp_HangsUpAllTheSame()
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await TurnRig.StartAsync(
            new LambdaChatClient(token => HangUpAsync(isAsked, token)), ("Actions:0:Name", "hangup"), ("Apology", TurnRig.Apology), ("/Limits:TurnTimeout", "00:00:05"));
        using var reader = await AnswerReader.OpenAsync(rig.PostAsync());
        await reader.ReadTextAsync("Goodbye.");
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);

        rig.Advance(TimeSpan.FromSeconds(5));

        var answer = await reader.ReadToEndAsync();
        answer.AssertSays("Goodbye.", "tool_calls");
        Assert.Equal("hangup", Assert.Single(answer.Calls).Name);

        static async IAsyncEnumerable<ChatResponseUpdate> HangUpAsync(
            TaskCompletionSource asked, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return LambdaChatClient.Text("Goodbye.");
            yield return LambdaChatClient.Call("hangup");
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }

    [Fact]
    public async Task Post_ModelTransfers_DirectiveIsLast()
    {
        var model = new RoundsChatClient(Call("transfer", "One moment. ", new() { ["number"] = "+49302" }));

        var events = await AnswerAsync(model, TransferSettings, ""","extendData":{"calleeNumber":"+49400"}""");

        Assert.Equal(["", "One moment. ", """<imsagent_transfer_call caller="+49400", callee="+49302", err_msg="", msg=""/>"""], events.Take(3).Select(Content));
        Assert.Contains("\"finish_reason\":\"stop\"", events[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ModelTransfersToANumberThatIsNotAllowed_CallerHearsTheSecondReply()
    {
        var model = new RoundsChatClient(Call("transfer", "", new() { ["number"] = "+900" }), Say("That is not possible."));

        var events = await AnswerAsync(model, TransferSettings, ""","stream_options":{"include_usage":true}""");

        Assert.Equal(["", "That is not possible."], events.Take(2).Select(Content));
        Assert.Contains("\"finish_reason\":\"stop\"", events[2], StringComparison.Ordinal);
        Assert.Contains("\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":4,\"total_tokens\":24}", events[3], StringComparison.Ordinal);
        Assert.DoesNotContain(events, data => data.Contains("+900", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_ModelCallsAToolOfTheClient_ClientGetsTheCall()
    {
        var model = new RoundsChatClient(Call("weather", "", new() { ["city"] = "Berlin" }));

        var events = await AnswerAsync(model, new() { ["Models:1:Actions:0:Name"] = "hangup" }, Tools);

        Assert.Contains("""{"name":"weather","arguments":"{\"city\":\"Berlin\"}"}""", events[1], StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"tool_calls\"", events[2], StringComparison.Ordinal);
        Assert.Equal(["weather", "hangup"], model.Options!.Tools!.Select(tool => tool.Name));
    }

    [Fact]
    public async Task Post_NotStreamed_HasGoodbyeAndToolCall()
    {
        await using var host = await TestHost.StartAsync(new RoundsChatClient(Call("hangup", "Bye.")), new Dictionary<string, string?> { ["Models:1:Actions:0:Name"] = "hangup" });
        using var response = await host.PostAsync(Json.Request("fake", stream: false));

        var choice = (await Json.ReadAsync(response)).GetProperty("choices")[0];

        Assert.Equal("Bye.", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("hangup", choice.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Post_ScriptHangsUp_TakesTheConfiguredForm()
    {
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Models:1:Id"] = "script",
            ["Models:1:Responder"] = "scripted",
            ["Models:1:Script:0:Say"] = "Goodbye.",
            ["Models:1:Script:0:Do"] = "hangup",
            ["Models:1:Actions:0:Name"] = "hangup",
            ["Models:1:Actions:0:As"] = "Directive",
        });
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("script")));

        Assert.Equal(["", "Goodbye.", """<imsagent_hangup endword=""/>"""], (await stream.RestAsync()).Take(3).Select(Content));
    }

    private static Dictionary<string, string?> TransferSettings => new()
    {
        ["Models:1:Actions:0:Name"] = "transfer",
        ["Models:1:Actions:0:Numbers:0"] = "+49301",
        ["Models:1:Actions:0:Numbers:1"] = "+49302",
    };

    private static async Task<List<string>> AnswerAsync(IChatClient model, Dictionary<string, string?> settings, string more = "")
    {
        await using var host = await TestHost.StartAsync(model, settings);
        using var stream = await EventReader.OpenAsync(await host.PostAsync(Json.Request("fake", said: "Bye", more: more)));
        return await stream.RestAsync();
    }

    private static string? Content(string data)
    {
        using var chunk = JsonDocument.Parse(data);
        return chunk.RootElement.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString();
    }
}
