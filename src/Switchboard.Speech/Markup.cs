using System.Buffers;
using System.Collections.Frozen;

namespace Switchboard.Speech;

/// <summary>What becomes of the text behind a mark.</summary>
internal enum MarkKind
{
    /// <summary>It is spoken: only the mark is not.</summary>
    Spoken,

    /// <summary>Reasoning, results of tools, other people's turns: silent up to the end mark.</summary>
    Silent,

    /// <summary>A tool call: silent up to the end mark, and read as a call where somebody asked for those.</summary>
    Call,

    /// <summary>A tool call that ends where its brackets are closed.</summary>
    BracketedCall,

    /// <summary>The name of a turn or channel: it decides what becomes of the text behind it (<see cref="Header"/>).</summary>
    Header,
}

/// <summary>A mark that models write around what is not for the ear.</summary>
/// <param name="Open"><c>&lt;name&gt;</c> stands for an element of that name, whatever its prefix and attributes, with or without <c>_</c> and <c>-</c>;
/// <c>&lt;|name|&gt;</c> for a token, also with the bars ｜ and the underscores ▁; anything else for itself.</param>
/// <param name="Kind">What becomes of the text behind it.</param>
/// <param name="Ends">The marks that end it, one of them, as <paramref name="Open"/> is written; none: the end tag of the element as it was spelled, or the end of the answer.</param>
internal sealed record Mark(string Open, MarkKind Kind, params string[] Ends)
{
    /// <summary>Marks that end it without being part of it.</summary>
    public string[] Stops { get; init; } = [];
}

/// <summary>
/// The one table of what model families write around reasoning, calls and turns. Marks that are not in it are dropped like any tag or
/// token (<see cref="TagReader"/>), and the text between them is spoken.
/// </summary>
internal static class Markup
{
    // Kimi goes from its thoughts to its calls without ending them; https://docs.vllm.ai/en/latest/api/vllm/reasoning/kimi_k2_reasoning_parser/
    private static readonly string[] ThoughtStops = ["<|tool_calls_section_begin|>", "<|tool_calls_begin|>"];

    private static readonly Mark[] Table =
    [
        // Reasoning, as DeepSeek, Qwen, GLM, MiniMax, Hermes, Exaone, Seed and prompts write it; https://docs.vllm.ai/en/latest/features/reasoning_outputs/
        .. Elements(MarkKind.Silent, "think thinking thought thoughts reason reasoning reflection scratchpad inner_monologue internal_monologue inner_thoughts internal_thoughts analysis chain_of_thought antthinking cot").Select(mark => mark with { Stops = ThoughtStops }),
        new("<|begin_of_thought|>", MarkKind.Silent, "<|end_of_thought|>"),
        new("<|think|>", MarkKind.Silent, "<|/think|>", "<|end|>", "<|content|>"),
        new("<|thinking|>", MarkKind.Silent, "<|/thinking|>", "<|end_thinking|>", "<|end|>"),

        // What is not text of a page.
        .. Elements(MarkKind.Silent, "script style"),

        // Calls between tags: Hermes, Qwen, GLM, Granite, MiniMax, Hunyuan, Jamba, Nemotron, Seed, LongCat, Olmo, DeepSeek's DSML; Claude's format in prompts.
        // https://docs.vllm.ai/en/latest/features/tool_calling/
        .. Elements(MarkKind.Call, "tool_call tool_calls function_call function_calls invoke function longcat_tool_call tool_use use_tool tool_code tool_request calls"),
        .. Elements(MarkKind.Silent, "tool_response tool_responses tool_result tool_results tool_output tool_outputs function_response function_result function_results tools available_tools tool tool_name tool_input parameter arg_key arg_value"),

        // Llama; Qwen3-Coder without its first tag; https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/
        new("<function=", MarkKind.Call, "</function>"),
        new("<parameter=", MarkKind.Silent, "</parameter>"),
        new("<|python_tag|>", MarkKind.Call, "<|eom_id|>", "<|eot_id|>", "<|end_of_text|>"),
        new("<|python_start|>", MarkKind.Call, "<|python_end|>"),
        new("<|start_header_id|>", MarkKind.Header, "<|end_header_id|>"),
        new("<|header_start|>", MarkKind.Header, "<|header_end|>"),

        // DeepSeek V3, R1, V3.1; Step; https://huggingface.co/deepseek-ai/DeepSeek-V3.1
        new("<|tool_calls_begin|>", MarkKind.Call, "<|tool_calls_end|>"),
        new("<|tool_call_begin|>", MarkKind.Call, "<|tool_call_end|>"),
        new("<|tool_outputs_begin|>", MarkKind.Silent, "<|tool_outputs_end|>"),
        new("<|tool_output_begin|>", MarkKind.Silent, "<|tool_output_end|>"),

        // Kimi; https://huggingface.co/moonshotai/Kimi-K2-Instruct/blob/main/docs/tool_call_guidance.md
        new("<|tool_calls_section_begin|>", MarkKind.Call, "<|tool_calls_section_end|>"),
        new("<|open|>", MarkKind.Header, "<|sep|>"),
        new("<|close|>", MarkKind.Header, "<|sep|>"),
        new("◁think▷", MarkKind.Silent, "◁/think▷"),
        new("◁/think▷", MarkKind.Spoken),

        // Harmony (gpt-oss); https://developers.openai.com/cookbook/articles/openai-harmony
        new("<|start|>", MarkKind.Header, "<|message|>"),
        new("<|channel|>", MarkKind.Header, "<|message|>"),

        // Mistral, Magistral; https://docs.mistral.ai/cookbooks/concept-deep-dive-tokenization-tool_calling
        new("[THINK]", MarkKind.Silent, "[/THINK]"),
        new("[/THINK]", MarkKind.Spoken),
        new("[TOOL_CALLS]", MarkKind.BracketedCall),
        new("[TOOL_RESULTS]", MarkKind.Silent, "[/TOOL_RESULTS]"),
        new("[AVAILABLE_TOOLS]", MarkKind.Silent, "[/AVAILABLE_TOOLS]"),
        new("[SYSTEM_PROMPT]", MarkKind.Silent, "[/SYSTEM_PROMPT]"),
        new("[INST]", MarkKind.Silent, "[/INST]"),
        new("[/INST]", MarkKind.Spoken),
        new("[/TOOL_CALLS]", MarkKind.Spoken),

        // LM Studio's own format, and what MiniMax makes of its own at times; https://lmstudio.ai/docs/developer/openai-compat/tools
        new("[TOOL_REQUEST]", MarkKind.Call, "[END_TOOL_REQUEST]"),
        new("[TOOL_CALL]", MarkKind.Call, "[/TOOL_CALL]"),
        new("]<]minimax[>[", MarkKind.Spoken),

        // Gemma 3, FunctionGemma and 4; https://ai.google.dev/gemma/docs/core/prompt-formatting-gemma4
        new("<start_function_call>", MarkKind.Call, "<end_function_call>"),
        new("<start_function_response>", MarkKind.Silent, "<end_function_response>"),
        new("<start_function_declaration>", MarkKind.Silent, "<end_function_declaration>"),
        new("<start_of_turn>", MarkKind.Header, "\n", " "),
        new("<|tool_call>", MarkKind.Call, "<tool_call|>"),
        new("<|tool_response>", MarkKind.Silent, "<tool_response|>"),
        new("<|tool>", MarkKind.Silent, "<tool|>"),
        new("<|channel>", MarkKind.Silent, "<channel|>"),
        new("<|turn>", MarkKind.Header, "\n", " "),

        // Qwen: its agent's words, ChatML; https://qwen.readthedocs.io/en/latest/framework/function_call.html
        new("✿FUNCTION✿", MarkKind.Call, "✿RETURN✿: ", "✿RETURN✿:", "✿RETURN✿"),
        new("✿RESULT✿", MarkKind.Silent, "✿RETURN✿: ", "✿RETURN✿:", "✿RETURN✿"),
        new("✿RETURN✿", MarkKind.Spoken),
        new("<|im_start|>", MarkKind.Header, "\n", " "),

        // GLM ends its turn with the name of the next; https://huggingface.co/zai-org/GLM-4.5
        new("<|user|>", MarkKind.Silent, "<|assistant|>"),
        new("<|observation|>", MarkKind.Silent, "<|assistant|>"),
        new("<|system|>", MarkKind.Silent, "<|assistant|>"),
        new("[gMASK]", MarkKind.Spoken),

        // Cohere; https://docs.cohere.com/docs/tool-use-overview
        new("<|START_THINKING|>", MarkKind.Silent, "<|END_THINKING|>"),
        new("<|START_ACTION|>", MarkKind.Call, "<|END_ACTION|>"),
        new("<|START_TOOL_RESULT|>", MarkKind.Silent, "<|END_TOOL_RESULT|>"),

        // Granite, Phi; https://www.ibm.com/granite/docs/models/granite/
        new("<|tool_call|>", MarkKind.BracketedCall),
        new("<|start_of_role|>", MarkKind.Header, "<|end_of_role|>"),

        // InternLM, LFM2, Apertus, Solar; their parsers in https://docs.vllm.ai/en/latest/features/tool_calling/
        new("<|action_start|>", MarkKind.Call, "<|action_end|>"),
        new("<|tool_call_start|>", MarkKind.Call, "<|tool_call_end|>"),
        new("<|tool_response_start|>", MarkKind.Silent, "<|tool_response_end|>"),
        new("<|tools_prefix|>", MarkKind.Call, "<|tools_suffix|>"),
        new("<|inner_prefix|>", MarkKind.Silent, "<|inner_suffix|>"),
        new("<|begin|>", MarkKind.Header, "<|content|>") { Stops = ["<|think|>"] },
    ];

    private static readonly string[] Answers = ["\nFinal Answer:", "\nAnswer:", "\nResponse:"];

    // What begins a line, or the answer (LabelReader says where): prompts after ReAct (https://arxiv.org/abs/2210.03629) and LangChain's agents
    // (https://python.langchain.com/api_reference/langchain/agents/langchain.agents.react.agent.create_react_agent.html), and Harmony whose
    // tokens a server has taken out, or a model has spelled as words (https://github.com/vllm-project/vllm/issues/22519).
    private static readonly Mark[] LabelTable =
    [
        new("Thought:", MarkKind.Silent, Answers) { Stops = ["\nAction:"] },
        new("Observation:", MarkKind.Silent, Answers) { Stops = ["\nThought:", "\nAction:"] },
        new("Action:", MarkKind.Call, Answers) { Stops = ["\nObservation:", "\nThought:"] },
        new("Final Answer:", MarkKind.Spoken),
        // Phi 4 mini; https://docs.vllm.ai/en/latest/features/tool_calling/
        new("functools", MarkKind.BracketedCall),
        new("analysis", MarkKind.Silent, "assistantfinal") { Stops = ["assistantcommentary"] },
        new("assistantcommentary", MarkKind.Call, "assistantfinal") { Stops = ["assistantanalysis"] },
    ];

    /// <summary>Words that are marks where they begin a line.</summary>
    public static IReadOnlyList<Mark> Labels => LabelTable;

    private static readonly FrozenDictionary<string, Mark> Named =
        Table.Where(mark => IsNamed(mark.Open)).ToFrozenDictionary(mark => Key(mark.Open[1..^1]), StringComparer.Ordinal);

    private static readonly FrozenDictionary<char, Mark[]> Literal = Table.Where(mark => !IsNamed(mark.Open)).GroupBy(mark => mark.Open[0]).ToFrozenDictionary(marks => marks.Key, marks => marks.ToArray());

    // Most brackets and signs of prose are told by what stands behind them.
    private static readonly SearchValues<char> LiteralSeconds = SearchValues.Create([.. Literal.Values.SelectMany(marks => marks).Select(mark => char.ToLowerInvariant(mark.Open[1])).Distinct()]);

    /// <summary>The mark of an element or token.</summary>
    /// <param name="name">What stands between <c>&lt;</c> and <c>&gt;</c>, without attributes.</param>
    public static Mark? Find(ReadOnlySpan<char> name)
    {
        Span<char> key = stackalloc char[48];
        return name.Length <= key.Length && Named.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..Fold(name, key)], out var mark) ? mark : null;
    }

    /// <summary>The mark that stands at the beginning of the text and is none of a tag or token.</summary>
    /// <returns>False where there is none, null when too little is known.</returns>
    public static bool? FindLiteral(Window window, out Mark? found)
    {
        found = null;
        if ((window.Length > 1 && !LiteralSeconds.Contains(char.ToLowerInvariant(window[1]))) || !Literal.TryGetValue(window[0], out var marks))
        {
            return false;
        }

        bool? result = false;
        foreach (var mark in marks)
        {
            switch (Has(window, 0, mark.Open))
            {
                case true:
                    found = mark;
                    return true;
                case null:
                    result = null;
                    break;
            }
        }

        return result;
    }

    /// <summary>Whether a mark stands at an index, in whatever bars, underscores and case; null when too little is known.</summary>
    public static bool? Has(Window window, int index, string mark)
    {
        var isBracket = mark[0] == '[';
        for (var at = 0; at < mark.Length; at++)
        {
            if (index + at >= window.Length)
            {
                return window.Closed ? false : null;
            }

            var character = window[index + at];
            if (character != mark[at] && (isBracket || Fold(character) != Fold(mark[at])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What ends the text behind a mark.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="name">As it is spelled in the text.</param>
    public static string[] EndsOf(Mark mark, ReadOnlySpan<char> name) => mark.Ends.Length > 0 || mark.Kind is not (MarkKind.Silent or MarkKind.Call) ? mark.Ends : [$"</{name}>"];

    public static bool IsBar(char character) => character is '|' or '｜';

    private static IEnumerable<Mark> Elements(MarkKind kind, string names) => names.Split(' ').Select(name => new Mark($"<{name}>", kind));

    private static bool IsNamed(string open) => open[0] == '<' && open[^1] == '>';

    private static string Key(string name)
    {
        Span<char> key = stackalloc char[name.Length];
        return key[..Fold(name, key)].ToString();
    }

    // Some models put a name of their own before (seed:think), and each writes tool_call its own way.
    private static int Fold(ReadOnlySpan<char> name, Span<char> key)
    {
        var length = 0;
        foreach (var character in name[(name.LastIndexOf(':') + 1)..])
        {
            if (Fold(character) is not ('_' or '-') and var folded)
            {
                key[length++] = folded;
            }
        }

        return length;
    }

    private static char Fold(char character) => character switch { '｜' => '|', '▁' => '_', _ => char.ToLowerInvariant(character) };
}
