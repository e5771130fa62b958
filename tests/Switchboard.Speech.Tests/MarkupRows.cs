namespace Switchboard.Speech.Tests;

/// <summary>What model families write that is not for the ear.</summary>
internal static class MarkupRows
{
    public static TheoryData<string, string> Rows => new()
    {
        // Harmony
        { "<|channel|>analysis<|message|>The caller wants the hours.<|end|><|start|>assistant<|channel|>final<|message|>We open at nine.", "We open at nine." },
        { "<|channel|>analysis<|message|>Hm.<|end|>\n<|start|>assistant<|channel|>final<|message|>We open.<|return|>", "We open." },
        { "<|start|>assistant<|channel|>final<|message|>We open.<|return|>", "We open." },
        { "<|channel|>final<|message|>We open at nine.", "We open at nine." },
        { "<|channel|>final <|constrain|>json<|message|>We open.", "We open." },
        { "<|channel|>analysis<|message|>never closed", "" },
        { "<|channel|>analysis<|message|>Not closed.<|channel|>final<|message|>We open.", "We open." },
        { "<|channel|>analysis<|message|>Not closed.<|start|>assistant<|channel|>final<|message|>We open.", "We open." },
        { "<|channel|>commentary<|message|>Let me look.<|end|>", "Let me look." },
        { "<|channel|>commentary<|message|>{\n \"path\": \"/\"}<|end|>Done.", "Done." },
        { "Let me look.<|channel|>commentary to=functions.get_hours <|constrain|>json<|message|>{\"day\":\"today\"}<|call|>", "Let me look." },
        { "<|start|>assistant<|channel|>commentary to=functions.get_hours <|constrain|>json<|message|>{\"day\":1}", "" },
        { "<|start|>assistant to=functions.get_hours<|channel|>commentary json<|message|>{\"day\":1}<|call|>", "" },
        { "<|start|>functions.get_hours to=assistant<|channel|>commentary<|message|>{\"open\":9}<|end|><|start|>assistant<|channel|>final<|message|>At nine.", "At nine." },
        { "We open at nine.<|end|>", "We open at nine." },
        { "We open at nine.<|return", "We open at nine." },

        // DeepSeek
        { "<think>Hm.</think>We open.", "We open." },
        { "One moment.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_hours\n```json\n{\"day\":\"today\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "One moment." },
        { "One moment.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_hours<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>Done.", "One moment.Done." },
        { "<｜tool▁call▁begin｜>get_hours<｜tool▁sep｜>{}<｜tool▁call▁end｜>Done.", "Done." },
        { "<|tool▁calls▁begin|>x<|tool▁calls▁end|>Done.", "Done." },
        { "<｜tool_calls_begin｜><｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name=\"x\"></steptml:invoke><｜tool_call_end｜><｜tool_calls_end｜>Done.", "Done." },
        { "<｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>9<｜tool▁output▁end｜><｜tool▁outputs▁end｜>At nine.", "At nine." },
        { "We open.<｜end▁of▁sentence｜>", "We open." },
        { "<｜Assistant｜>We open.", "We open." },
        { "Let me look.\n\n<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"get_hours\">\n<｜DSML｜parameter name=\"day\" string=\"true\">today</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>", "Let me look.\n\n" },
        { "Hm.<｜DSML｜function_calls><｜DSML｜invoke name=\"x\"></｜DSML｜invoke></｜DSML｜function_calls>Done.", "Hm.Done." },
        { "Hm.<｜DSML｜ calls><｜DSML｜ invoke name=\"x\"></｜DSML｜ invoke></｜DSML｜ calls>Done.", "Hm.Done." },
        { "Hm.<｜DSML｜invoke name=\"x\"><｜DSML｜parameter name=\"y\">z</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>Done.", "Hm.Done." },
        { "Hm.<｜DSML｜function_calls><｜DSML｜invoke name=\"x\">", "Hm." },
        { "Hm.<|DSML|function_calls><|DSML|invoke name=\"x\"></|DSML|invoke></|DSML|function_calls>", "Hm." },

        // Kimi
        { "Sure.<|tool_calls_section_begin|><|tool_call_begin|>functions.get_hours:0<|tool_call_argument_begin|>{\"day\":1}<|tool_call_end|><|tool_calls_section_end|>", "Sure." },
        { "<|tool_call_begin|>functions.x:0<|tool_call_argument_begin|>{}<|tool_call_end|>Done.", "Done." },
        { "◁think▷Hm.◁/think▷We open.", "We open." },
        { "Hm.◁/think▷We open.", "Hm.We open." },
        { "<think>Let me call.<|tool_calls_section_begin|>x<|tool_calls_section_end|>Done.", "Done." },
        { "<|open|>think<|sep|>Hm.<|close|>think<|sep|><|open|>response<|sep|>We open.<|close|>response<|sep|><|close|>message<|sep|>", "We open." },
        { "<|open|>response<|sep|>Sure.<|close|>response<|sep|><|open|>tools<|sep|><|open|>call tool=\"x\"<|sep|><|close|>call<|sep|><|close|>tools<|sep|>", "Sure." },

        // Mistral
        { "[THINK]The caller wants the hours.[/THINK]We open at nine.", "We open at nine." },
        { "Hm.[/THINK]We open.", "Hm.We open." },
        { "One moment. [TOOL_CALLS][{\"name\": \"get_hours\", \"arguments\": {}}]", "One moment. " },
        { "[TOOL_CALLS] [{\"name\": \"x\", \"arguments\": {\"a\": \"}]\"}}] Done.", "Done." },
        { "Hm.[TOOL_CALLS]get_hours[ARGS]{\"day\": [1]}", "Hm." },
        { "Hm.[TOOL_CALLS]x[CALL_ID]abc[ARGS]{\"a\": {}}[TOOL_CALLS]y[ARGS]{} Done.", "Hm. Done." },
        { "[TOOL_CALLS]x{\"a\": 1}", "" },
        { "[TOOL_CALLS]x[ARGS]{\"a\": ", "" },
        { "[INST]Hm.[/INST]We open.", "We open." },
        { "[TOOL_RESULTS]9[/TOOL_RESULTS]At nine.", "At nine." },

        // Llama
        { "One moment. <function=get_hours>{\"day\": \"today\"}</function>", "One moment. " },
        { "<function=get_hours>{\"day\": \"today\"}</function><|eom_id|>", "" },
        { "<function=x>{\"a\": 1}", "" },
        { "<|python_tag|>{\"name\": \"x\", \"parameters\": {}}<|eom_id|>", "" },
        { "<|python_tag|>brave_search.call(query=\"hours\")", "" },
        { "{\"name\": \"get_hours\", \"parameters\": {\"day\": \"today\"}}", "" },
        { "{\"name\": \"get_hours\", \"parameters\": {}}; {\"name\": \"x\", \"parameters\": {}}", "" },
        { "One moment. {\"name\": \"get_hours\", \"arguments\": {\"day\": \"}\"}} Done.", "One moment. Done." },
        { "{\"type\": \"function\", \"name\": \"x\", \"parameters\": {}}", "" },
        { "{\"type\": \"function\", \"function\": {\"name\": \"x\", \"parameters\": {}}}", "" },
        { "{\"arguments\": {\"day\": \"today\"}, \"name\": \"get_hours\"}", "" },
        { "{\"tool_calls\": [{\"name\": \"x\"}]}", "" },
        { "[{\"name\": \"x\", \"arguments\": {}}, {\"name\": \"y\", \"arguments\": {}}]", "" },
        { "[get_hours(day=\"today\", place='Rome'), hang_up()]", "" },
        { "<|python_start|>[x(a=1)]<|python_end|><|eot|>", "" },
        { "<|start_header_id|>assistant<|end_header_id|>\n\nWe open.<|eot_id|>", "We open." },
        { "<|header_start|>assistant<|header_end|>\n\nWe open.<|eot|>", "We open." },
        { "We open.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nThanks<|eot_id|>", "We open." },

        // Gemma
        { "```tool_code\nprint(get_hours(day=\"today\"))\n```\nDone.", "Done." },
        { "<start_function_call>call:get_hours{day:<escape>today<escape>}<end_function_call>", "" },
        { "<|tool_call>call:get_hours{day:<|\"|>today<|\"|>}<tool_call|>Done.", "Done." },
        { "<|channel>thought\nHm.\n<channel|>We open.<turn|>", "We open." },
        { "<start_of_turn>model\nWe open.<end_of_turn>", "We open." },
        { "<|turn>model\nWe open.<turn|>", "We open." },
        { "We open.<end_of_turn>\n<start_of_turn>user\nThanks<end_of_turn>", "We open.\n" },

        // Qwen
        { "Sure.\n<tool_call>\n{\"name\": \"x\", \"arguments\": {}}\n</tool_call>", "Sure.\n" },
        { "<tool_call>\n<function=x>\n<parameter=y>\na < b\n</parameter>\n</function>\n</tool_call>\nDone.", "Done." },
        { "<function=x>\n<parameter=y>\n1\n</parameter>\n</function>\n</tool_call>", "" },
        { "Hm. ✿FUNCTION✿: x\n✿ARGS✿: {\"a\": 1}\n✿RESULT✿: 9\n✿RETURN✿: We open.", "Hm. We open." },
        { "✿FUNCTION✿: x\n✿ARGS✿: {}", "" },
        { "<|im_start|>assistant\nWe open.<|im_end|>", "We open." },
        { "We open.<|im_end|>\n<|im_start|>user\nThanks<|im_end|>", "We open.\n" },

        // GLM
        { "<tool_call>get_hours\n<arg_key>day</arg_key>\n<arg_value>today</arg_value>\n</tool_call>", "" },
        { "<|begin_of_box|>We open.<|end_of_box|>", "We open." },
        { "[gMASK]<sop>We open.", "We open." },
        { "We open.<|user|>\nThanks", "We open." },

        // MiniMax and Claude's format
        { "Hm.<minimax:tool_call>\n<invoke name=\"x\">\n<parameter name=\"y\">z</parameter>\n</invoke>\n</minimax:tool_call>", "Hm." },
        { "Hm.]<]minimax[>[<tool_call>\n]<]minimax[>[<invoke name=\"x\">]<]minimax[>[<y>1]<]minimax[>[</y>]<]minimax[>[</invoke>\n]<]minimax[>[</tool_call>Done.", "Hm.Done." },
        { "One moment. <function_calls><invoke name=\"get_hours\"><parameter name=\"day\">today</parameter></invoke></function_calls>", "One moment. " },
        { "<function_calls><invoke name=\"x\"></invoke></function_calls>Done.", "Done." },
        { "<invoke name=\"x\"/>Done.", "Done." },
        { "<function_results>9</function_results>At nine.", "At nine." },
        { "<tool_response>9</tool_response>At nine.", "At nine." },
        { "<xai:function_call name=\"x\"><parameter name=\"a\">1</parameter></xai:function_call>Done.", "Done." },

        // Prompts after ReAct, and Harmony without its tokens
        { "Thought: The caller wants the hours.\nAction: get_hours\nAction Input: {\"day\": \"today\"}\nObservation: 9\nThought: I know it.\nFinal Answer: We open at nine.", "We open at nine." },
        { "Thought: I know it.\nFinal Answer: We open at nine.", "We open at nine." },
        { "Thought: I know it.\nAnswer: We open.", "We open." },
        { "Let me see.\nAction: get_hours\nAction Input: today", "Let me see.\n" },
        { "Action:\n```json\n{\"action\": \"x\", \"action_input\": {}}\n```", "" },
        { "Action: ```json\n[{\"tool_name\": \"x\", \"parameters\": {}}]\n```", "" },
        { "Final Answer: We open.", "We open." },
        { "analysisThe caller wants the hours.assistantfinalWe open at nine.", "We open at nine." },
        { "analysisHm.assistantcommentary to=functions.x json{\"a\": 1}assistantfinalWe open.", "We open." },

        { "<analysis>Hm.</analysis>We open.", "We open." },
        { "<inner-thoughts>Hm.</inner-thoughts>We open.", "We open." },
        { "<tool>get_hours</tool><tool_input>today</tool_input>Done.", "Done." },
        { "functools[{\"name\": \"x\", \"arguments\": {}}]Done.", "Done." },

        // Others
        { "<|START_THINKING|>Hm.<|END_THINKING|><|START_ACTION|>[{\"tool_name\": \"x\", \"parameters\": {}}]<|END_ACTION|>", "" },
        { "<|START_RESPONSE|>We open.<|END_RESPONSE|>", "We open." },
        { "<|tool_call|>[{\"name\": \"x\", \"arguments\": {}}]", "" },
        { "<|tool_call|>[{\"name\": \"x\", \"arguments\": {}}]<|/tool_call|>Done.", "Done." },
        { "<tool_call>[{\"name\": \"x\", \"arguments\": {}}]", "" },
        { "<|start_of_role|>assistant<|end_of_role|>We open.<|end_of_text|>", "We open." },
        { "<TOOLCALL>[{\"name\": \"x\", \"arguments\": {}}]</TOOLCALL>Done.", "Done." },
        { "<seed:tool_call><function=x></function></seed:tool_call>Done.", "Done." },
        { "<longcat_tool_call>x</longcat_tool_call>Done.", "Done." },
        { "<|action_start|><|plugin|>{\"name\": \"x\"}<|action_end|>Done.", "Done." },
        { "<|tool_call_start|>[x(a=\"b\")]<|tool_call_end|>Done.", "Done." },
        { "<|tools_prefix|>[{\"x\": {}}]<|tools_suffix|>Done.", "Done." },
        { "[TOOL_REQUEST]{\"name\": \"x\", \"arguments\": {}}[END_TOOL_REQUEST]Done.", "Done." },
        { "<|thinking|>Hm.<|/thinking|>We open.", "We open." },
        { "<|begin|>assistant<|think|>Hm.<|end|><|begin|>assistant<|content|>We open.<|end|>", "We open." },
    };

    /// <summary>Text that only looks like it.</summary>
    public static TheoryData<string> Plain =>
    [
        "Action: call us today.\nThen wait.", "A thought: we open.\nThought: none", "Thoughts are free", "analysis of it", "functools is a module", "functools [x]", "An Answer: nine", "Observation: it rains", "Action: none\nAction Items: two",
        "a < b and x<function", "x <function of y", "[THINK about it] twice", "a|b is a pipe", "a <| b |> c", "营业时间｜周一至周五｜九点", "a<｜b c", "｜DSML｜", "[TOOL] and [CALL]", "【重要】请看",
        "{\"name\": \"Anna\", \"age\": 7}", "{\"open\": \"09:00\"}", "{\"name\": \"Anna\"}", "[1.5, 2.5] and [\"a\"]", "{{name}} is {here}", "[{\"day\": \"today\"}]",
        "He said [laughs(softly)]", "[see (a) and (b)]", "◁ or ▷", "thinking of it", "a<function b", "The set {a, b} and {\"a\"}", "]<] and [>[",
    ];
}
