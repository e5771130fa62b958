using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Speech.Tests;

public sealed class CallTextTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Hi")];

    private static readonly ChatOptions Options = new()
    {
        Tools =
        [
            AIFunctionFactory.CreateDeclaration("get_hours", "Opening hours.", JsonElement.Parse(
                """{"type":"object","properties":{"day":{"type":"string"},"guests":{"type":"integer"},"outside":{"type":"boolean"},"rooms":{"type":"array"}}}""")),
            AIFunctionFactory.CreateDeclaration("hang_up", null, JsonElement.Parse("""{"type":"object"}""")),
        ],
    };

    /// <summary>A model's text, what is spoken of it, and its calls.</summary>
    public static TheoryData<string, string, string> Calls => new()
    {
        // Harmony
        { "Sure.<|channel|>commentary to=functions.get_hours <|constrain|>json<|message|>{\"day\":\"today\"}<|call|>", "Sure.", "get_hours {\"day\":\"today\"}" },
        { "<|start|>assistant to=functions.get_hours<|channel|>commentary json<|message|>{\"day\":\"today\"}", "", "get_hours {\"day\":\"today\"}" },
        { "<|channel|>analysis<|message|>I call get_hours({}).<|end|><|start|>assistant<|channel|>commentary to=functions.hang_up<|message|>{}<|call|>", "", "hang_up {}" },
        { "<|start|>functions.get_hours to=assistant<|channel|>commentary<|message|>{\"open\":9}<|end|>", "", "" },

        // DeepSeek
        { "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_hours\n```json\n{\"day\":\"today\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "", "get_hours {\"day\":\"today\"}" },
        { "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_hours<｜tool▁sep｜>{\"day\":\"a\"}<｜tool▁call▁end｜><｜tool▁call▁begin｜>hang_up<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "", "get_hours {\"day\":\"a\"}; hang_up {}" },
        { "Hm. <｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"get_hours\">\n<｜DSML｜parameter name=\"day\" string=\"true\">today</｜DSML｜parameter>\n<｜DSML｜parameter name=\"guests\" string=\"false\">4</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>", "Hm. ", "get_hours {\"day\":\"today\",\"guests\":4}" },
        { "<｜DSML｜ calls><｜DSML｜ invoke name=\"hang_up\"></｜DSML｜ invoke></｜DSML｜ calls>", "", "hang_up {}" },

        // Kimi
        { "<|tool_calls_section_begin|><|tool_call_begin|>functions.get_hours:0<|tool_call_argument_begin|>{\"day\":\"a\"}<|tool_call_end|><|tool_calls_section_end|>", "", "get_hours {\"day\":\"a\"}" },

        // Mistral
        { "One moment. [TOOL_CALLS][{\"name\": \"get_hours\", \"arguments\": {}}]", "One moment. ", "get_hours {}" },
        { "[TOOL_CALLS]get_hours[ARGS]{\"day\": \"a\"}", "", "get_hours {\"day\":\"a\"}" },
        { "[TOOL_CALLS]get_hours[CALL_ID]abc12[ARGS]{\"day\": \"a\"}[TOOL_CALLS]hang_up[ARGS]{}", "", "get_hours {\"day\":\"a\"}; hang_up {}" },

        // Llama
        { "One moment. <function=get_hours>{\"day\": \"today\"}</function>", "One moment. ", "get_hours {\"day\":\"today\"}" },
        { "<|python_tag|>{\"name\": \"get_hours\", \"parameters\": {\"day\": \"a\"}}<|eom_id|>", "", "get_hours {\"day\":\"a\"}" },
        { "<|python_tag|>get_hours.call(day=\"a\")", "", "get_hours {\"day\":\"a\"}" },
        { "{\"name\": \"get_hours\", \"parameters\": {\"day\": \"a\"}}", "", "get_hours {\"day\":\"a\"}" },
        { "{\"name\": \"get_hours\", \"parameters\": {}}; {\"name\": \"hang_up\", \"parameters\": {}}", "", "get_hours {}; hang_up {}" },
        { "{\"type\": \"function\", \"function\": {\"name\": \"get_hours\", \"parameters\": {\"day\": \"a\"}}}", "", "get_hours {\"day\":\"a\"}" },
        { "{\"tool_calls\": [{\"name\": \"hang_up\"}]}", "", "hang_up {}" },
        { "{\"arguments\": {\"day\": \"a\"}, \"name\": \"get_hours\"}", "", "get_hours {\"day\":\"a\"}" },
        { "[get_hours(day=\"a\", guests=4, outside=True, rooms=['x', \"y\"]), hang_up()]", "", "get_hours {\"day\":\"a\",\"guests\":4,\"outside\":true,\"rooms\":[\"x\",\"y\"]}; hang_up {}" },
        { "<|python_start|>[get_hours(\"a\", 4)]<|python_end|>", "", "get_hours {\"day\":\"a\",\"guests\":4}" },

        // Gemma
        { "```tool_code\nprint(default_api.get_hours(day=\"hang_up()\"))\n```", "", "get_hours {\"day\":\"hang_up()\"}" },
        { "<start_function_call>call:get_hours{day:<escape>a, b<escape>,guests:4}<end_function_call>", "", "get_hours {\"day\":\"a,b\",\"guests\":4}" },
        { "<|tool_call>call:get_hours{day:<|\"|>a<|\"|>,rooms:[<|\"|>x<|\"|>,{n:1}]}<tool_call|>", "", "get_hours {\"day\":\"a\",\"rooms\":[\"x\",{\"n\":1}]}" },

        // Qwen
        { "<tool_call>\n{\"name\": \"get_hours\", \"arguments\": {\"day\": \"a\"}}\n</tool_call>\n<tool_call>\n{\"name\": \"hang_up\", \"arguments\": null}\n</tool_call>", "", "get_hours {\"day\":\"a\"}; hang_up {}" },
        { "<tool_call>\n<function=get_hours>\n<parameter=day>\n4\n</parameter>\n<parameter=guests>\n4\n</parameter>\n</function>\n</tool_call>", "", "get_hours {\"day\":\"4\",\"guests\":4}" },
        { "✿FUNCTION✿: get_hours\n✿ARGS✿: {\"day\": \"a\"}", "", "get_hours {\"day\":\"a\"}" },
        { "<tool_call>{\"name\": \"get_hours\", \"arguments\": \"{\\\"day\\\": \\\"a\\\"}\"}</tool_call>", "", "get_hours {\"day\":\"a\"}" },

        // GLM, MiniMax, Claude's format and others
        { "<tool_call>get_hours\n<arg_key>day</arg_key>\n<arg_value>7</arg_value>\n<arg_key>guests</arg_key>\n<arg_value>7</arg_value>\n</tool_call>", "", "get_hours {\"day\":\"7\",\"guests\":7}" },
        { "<tool_call>hang_up</tool_call>", "", "hang_up {}" },
        { "<minimax:tool_call>\n<invoke name=\"get_hours\">\n<parameter name=\"day\">a < b</parameter>\n</invoke>\n<invoke name=\"hang_up\">\n</invoke>\n</minimax:tool_call>", "", "get_hours {\"day\":\"a<b\"}; hang_up {}" },
        { "]<]minimax[>[<tool_call>\n]<]minimax[>[<invoke name=\"get_hours\">]<]minimax[>[<day>a]<]minimax[>[</day>]<]minimax[>[<guests>4]<]minimax[>[</guests>]<]minimax[>[</invoke>\n]<]minimax[>[</tool_call>", "", "get_hours {\"day\":\"a\",\"guests\":4}" },
        { "One moment. <function_calls><invoke name=\"get_hours\"><parameter name=\"day\">today</parameter></invoke></function_calls>", "One moment. ", "get_hours {\"day\":\"today\"}" },
        { "<invoke name=\"hang_up\"/>", "", "hang_up {}" },
        { "<|START_ACTION|>[{\"tool_call_id\": \"0\", \"tool_name\": \"get_hours\", \"parameters\": {\"day\": \"a\"}}]<|END_ACTION|>", "", "get_hours {\"day\":\"a\"}" },
        { "<|tool_call|>[{\"name\": \"get_hours\", \"arguments\": {\"day\": \"a\"}}]", "", "get_hours {\"day\":\"a\"}" },
        { "functools[{\"name\": \"get_hours\", \"arguments\": {\"day\": \"a\"}}]", "", "get_hours {\"day\":\"a\"}" },
        { "```json\n{\"name\": \"get_hours\", \"parameters\": {\"day\": \"a\"}}\n```", "", "get_hours {\"day\":\"a\"}" },
        { "Sure.\n```json\n[{\"name\": \"hang_up\", \"arguments\": {}}]", "Sure.\n", "hang_up {}" },
        { "```xml\n<tool_call>{\"name\": \"hang_up\", \"arguments\": {}}</tool_call>\n```\nDone.", "Done.", "hang_up {}" },
        { "<|tools_prefix|>[{\"get_hours\": {\"day\": \"a\"}}]<|tools_suffix|>", "", "get_hours {\"day\":\"a\"}" },
        { "<TOOLCALL>[{\"name\": \"hang_up\", \"arguments\": {}}]</TOOLCALL>", "", "hang_up {}" },
        { "<|tool_call_start|>[get_hours(day=\"a\")]<|tool_call_end|>Done.", "Done.", "get_hours {\"day\":\"a\"}" },

        // Prompts after ReAct, and Harmony without its tokens
        { "Thought: Hm.\nAction: get_hours\nAction Input: {\"day\": \"a\"}\nObservation: 9\nFinal Answer: At nine.", "At nine.", "get_hours {\"day\":\"a\"}" },
        { "Action:\n```json\n{\"action\": \"get_hours\", \"action_input\": {\"day\": \"a\"}}\n```", "", "get_hours {\"day\":\"a\"}" },
        { "Action: get_hours\nAction Input: today", "", "get_hours !" },
        { "analysisHm.assistantcommentary to=functions.get_hours json{\"day\": \"a\"}", "", "get_hours {\"day\":\"a\"}" },

        { "<tool_call>get_hours<arg_key>day</arg_key><arg_value>a < b</arg_value></tool_call>", "", "get_hours {\"day\":\"a<b\"}" },

        // No call
        { "```json\n{\"day\": \"a\"}\n```\nDone.", "Done.", "" },
        { "```json\n{\"name\": \"other\", \"parameters\": {}}\n```\nDone.", "Done.", "" },
        { "```python\nhang_up()\n```\nDone.", "Done.", "" },
        { "<tool_call>{\"name\": \"other\", \"arguments\": {}}</tool_call>Done.", "Done.", "" },
        { "{\"name\": \"get_hours\"}", "{\"name\": \"get_hours\"}", "" },
        { "<think><tool_call>{\"name\": \"get_hours\", \"arguments\": {}}</tool_call></think>Done.", "Done.", "" },
        { "Call get_hours(day=\"a\") then.", "Call get_hours(day=\"a\") then.", "" },
        { "The `<tool_call>get_hours</tool_call>` syntax", "The <tool_call>get_hours</tool_call> syntax", "" },

        // Cut or no JSON
        { "<tool_call>{\"name\": \"get_hours\", \"arguments\": {\"day\": \"to", "", "get_hours !" },
        { "[TOOL_CALLS]get_hours[ARGS]{\"day\": \"to", "", "get_hours !" },
        { "<function=get_hours>{day: today}</function>", "", "get_hours !" },
        { "<function=get_hours>[1]</function>", "", "get_hours !" },
        { "<invoke name=\"get_hours\"><parameter name=\"day\">tod", "", "get_hours !" },
        { "<tool_call>get_hours<arg_key>day</arg_key><arg_value>tod", "", "get_hours !" },
        { "<|tool_call>call:get_hours{day:<|\"|>tod", "", "get_hours !" },
        { "<|python_tag|>get_hours(day=\"tod", "", "get_hours !" },
        { "<tool_call>{\"name\": \"get_hours\", \"arguments\": {\"day\": \"\\ud83d\"}}</tool_call>", "", "get_hours !" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task GetStreamingResponseAsync_CallInTheText_IsOne(string text, string spoken, string calls)
    {
        Assert.Equal((spoken, calls), await StreamAsync(text.Select(character => new ChatResponseUpdate(ChatRole.Assistant, character.ToString()))));
        Assert.Equal((spoken, calls), await StreamAsync([new(ChatRole.Assistant, text)]));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task GetResponseAsync_CallInTheText_IsOne(string text, string spoken, string calls)
    {
        using var client = new SpokenTextChatClient(new StreamChatClient([new(ChatRole.Assistant, text) { FinishReason = ChatFinishReason.Stop }]));

        var response = await client.GetResponseAsync(Question, Options, TestContext.Current.CancellationToken);

        Assert.Equal((spoken, calls), (response.Text, Shown(response.Messages.SelectMany(message => message.Contents))));
        Assert.Equal(calls.Length > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop, response.FinishReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetStreamingResponseAsync_NoToolMayBeCalled_IsSilent(bool hasTools)
    {
        using var client = new SpokenTextChatClient(new StreamChatClient([new(ChatRole.Assistant, "Sure.<tool_call>{\"name\": \"get_hours\", \"arguments\": {}}</tool_call>"), Finish()]));

        var answer = await client.GetStreamingResponseAsync(Question, hasTools ? new ChatOptions { Tools = Options.Tools, ToolMode = ChatToolMode.None } : null, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Sure.", string.Concat(answer.Select(update => update.Text)));
        Assert.DoesNotContain(answer, update => update.Contents.OfType<FunctionCallContent>().Any());
        Assert.Equal(ChatFinishReason.Stop, answer[^1].FinishReason);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_CallThatTheServerHasReadItself_IsMadeOnce() =>
        Assert.Equal(("Sure.", "get_hours {}"), await StreamAsync(
            [new(ChatRole.Assistant, "Sure.<tool_call>{\"name\": \"get_hours\", \"arguments\": {}}</tool_call>"), new(ChatRole.Assistant, [new FunctionCallContent("1", "get_hours")])]));

    [Fact]
    public async Task GetStreamingResponseAsync_NoFinishReason_HasTheCallAtTheEnd()
    {
        using var client = new SpokenTextChatClient(new StreamChatClient([new(ChatRole.Assistant, "Sure.<function=hang_up>{}") { ResponseId = "r" }]));

        var answer = await client.GetStreamingResponseAsync(Question, Options, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal("hang_up", Assert.IsType<FunctionCallContent>(Assert.Single(answer[^1].Contents)).Name);
        Assert.Equal("r", answer[^1].ResponseId);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_CallLongerThanAllowed_IsSilent() =>
        Assert.Equal(("", ""), await StreamAsync([new(ChatRole.Assistant, $"<tool_call>{{\"name\": \"get_hours\", \"arguments\": {{\"day\": \"{new string('x', 70_000)}\"}}}}</tool_call>")]));

    [Fact]
    public async Task GetStreamingResponseAsync_MoreCallsThanAllowed_HasTheFirst() =>
        Assert.Equal(("", string.Join("; ", Enumerable.Repeat("hang_up {}", CallText.MostCalls))), await StreamAsync([new(ChatRole.Assistant, string.Concat(Enumerable.Repeat("<function=hang_up>{}</function>", 40)))]));

    private static async Task<(string Spoken, string Calls)> StreamAsync(IEnumerable<ChatResponseUpdate> updates)
    {
        using var client = new SpokenTextChatClient(new StreamChatClient([.. updates, Finish()]));
        var answer = await client.GetStreamingResponseAsync(Question, Options, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var calls = Shown(answer.SelectMany(update => update.Contents));
        Assert.Equal(calls.Length > 0 && !answer.Exists(update => update.Contents.OfType<FunctionCallContent>().Any(call => call.CallId == "1")) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop, answer[^1].FinishReason);
        return (string.Concat(answer.Select(update => update.Text)), calls);
    }

    private static ChatResponseUpdate Finish() => new() { Role = ChatRole.Assistant, FinishReason = ChatFinishReason.Stop };

    private static string Shown(IEnumerable<AIContent> contents) => string.Join("; ", contents.OfType<FunctionCallContent>().Select(call =>
        $"{call.Name} {(call.Exception is null ? $"{{{string.Join(',', (call.Arguments ?? new Dictionary<string, object?>()).Select(argument => $"\"{argument.Key}\":{((JsonElement)argument.Value!).GetRawText().Replace(" ", "").Replace("\\u003C", "<")}"))}}}" : Assert.IsType<string>(call.AdditionalProperties!["arguments"]).Length > 0 ? "!" : "")}"));
}
