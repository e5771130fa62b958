using System.Collections.Frozen;
using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Finds the marks of model families that are no tags, and calls that stand bare in the answer.</summary>
internal sealed class MarkupReader(ReadingState state, BlockReader blocks)
{
    public static bool Begins(char character) => character is '<' or '[' or ']' or '{' or '◁' or '✿';

    public Decision Read(Window window)
    {
        if (window[0] != '{')
        {
            switch (Markup.FindLiteral(window, out var mark))
            {
                case null: return Decision.Undecided;
                case true: return blocks.Begin(mark!, window, mark!.Open, mark.Open.Length);
            }
        }

        if (state.InCommentary && state.AfterCut && window[0] == '{')
        {
            // https://github.com/NVIDIA/TensorRT-LLM/issues/9256
            return blocks.Begin(1, "<|end|>");
        }

        return window[0] is '{' or '[' ? BareCall(window) : Decision.None;
    }

    private Decision BareCall(Window window) => JsonCall.Begins(window) is var json && json is false && window[0] == '[' && state.Leading ? PythonCall(window)
        : json is null ? Decision.Undecided : json is true ? blocks.BeginBrackets(window) : Decision.None;

    // [get_hours(day="today")] as the whole answer: Llama 3.2 and 4; https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_2/
    private Decision PythonCall(Window window)
    {
        var end = window.RunEnd(1, OfTag);
        if (end == 1 || !window.Knows(end + 1))
        {
            return end == 1 && window.Knows(end) ? Decision.None : Decision.Undecided;
        }

        if (window.At(end) != '(')
        {
            return Decision.None;
        }

        var argument = window.RunEnd(end + 1, OfToken);
        return !window.Knows(argument) ? Decision.Undecided
            : (argument > end + 1 && window.At(argument) == '=') || (argument == end + 1 && window.At(argument) == ')') ? blocks.BeginBrackets(window) : Decision.None;
    }
}

/// <summary>
/// Tells a call that stands as JSON in the answer from JSON that somebody wants to hear: it names a function and has its arguments, and
/// nothing but what belongs to calls comes before both. Llama: https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/
/// </summary>
internal static class JsonCall
{
    private static readonly FrozenSet<string> Names = Set("name function tool tool_name function_name action");
    private static readonly FrozenSet<string> Arguments = Set("arguments parameters args tool_input action_input");
    private static readonly FrozenSet<string> Wrappers = Set("function tool_call function_call");
    private static readonly FrozenSet<string> Lists = Set("tool_calls function_calls");
    private static readonly FrozenSet<string> Neutral = Set("id type index call_id tool_call_id");

    /// <summary>Whether a call begins with the bracket at the beginning; null when too little is known.</summary>
    public static bool? Begins(Window window)
    {
        var at = Skip(window, window[0] == '[' ? 1 : 0);
        return at >= window.Length ? Unknown(window) : window[at] == '{' ? Members(window, at + 1) : false;
    }

    private static bool? Members(Window window, int start)
    {
        bool hasName = false, hasArguments = false;
        var at = Skip(window, start);
        while (at < window.Length)
        {
            if (window[at] != '"')
            {
                return false;
            }

            var end = ValueEnd(window, at);
            var value = end < 0 ? end : Skip(window, end);
            if (value < 0 || value >= window.Length)
            {
                return Unknown(window);
            }

            var key = window.Span[(at + 1)..(end - 1)];
            if (window[value] != ':')
            {
                return false;
            }

            value = Skip(window, value + 1);
            if (value >= window.Length)
            {
                return Unknown(window);
            }

            if (Has(Lists, key))
            {
                return window[value] == '[';
            }

            if (window[value] == '{' && Has(Wrappers, key))
            {
                return Members(window, value + 1) is null ? null : true;
            }

            hasName |= window[value] == '"' && Has(Names, key);
            hasArguments |= Has(Arguments, key);
            if (hasName && hasArguments)
            {
                return true;
            }

            if (!(Has(Names, key) || Has(Arguments, key) || Has(Neutral, key)))
            {
                return false;
            }

            at = ValueEnd(window, value);
            if (at < 0)
            {
                return Unknown(window);
            }

            at = Skip(window, at);
            if (at < window.Length && window[at] != ',')
            {
                return false;
            }

            at = at < window.Length ? Skip(window, at + 1) : at;
        }

        return Unknown(window);
    }

    private static bool? Unknown(Window window) => window.Closed ? false : null;

    private static int Skip(Window window, int at)
    {
        while (at < window.Length && Characters.IsSpace(window[at]))
        {
            at++;
        }

        return at;
    }

    // The index after a value; negative when it is not known.
    private static int ValueEnd(Window window, int start)
    {
        var depth = 0;
        var quoted = false;
        for (var at = start; at < window.Length; at++)
        {
            var character = window[at];
            if (quoted)
            {
                at += character == '\\' ? 1 : 0;
                quoted = character != '"';
                if (!quoted && depth == 0)
                {
                    return at + 1;
                }
            }
            else if (character == '"')
            {
                quoted = true;
            }
            else if (character is '{' or '[')
            {
                depth++;
            }
            else if (depth > 0 && character is '}' or ']')
            {
                if (--depth == 0)
                {
                    return at + 1;
                }
            }
            else if (depth == 0 && character is ',' or '}' or ']')
            {
                return at;
            }
        }

        return Window.Unknown;
    }

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static bool Has(FrozenSet<string> set, ReadOnlySpan<char> name) => set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
}

/// <summary>What the name of a turn or channel says about the text behind it.</summary>
internal static class Header
{
    /// <summary>Between the name and its text.</summary>
    public const string End = "<|message|>";

    // https://developers.openai.com/cookbook/articles/openai-harmony: a message without its end is followed by the next.
    private static readonly string[] MessageEnds = ["<|end|>", "<|call|>", "<|return|>"];
    private static readonly string[] MessageStops = ["<|start|>", "<|channel|>"];

    private static readonly string[] TurnEnds =
        ["<|im_end|>", "<|eot_id|>", "<|eot|>", "<|eom_id|>", "<|end_of_text|>", "<end_of_turn>", "<turn|>", "<|end_of_turn|>", "<|end|>"];

    /// <summary>Reads the name.</summary>
    /// <param name="mark">What came before it, as it stands in the table.</param>
    /// <param name="text">The mark and the name, as they stand in the answer.</param>
    public static (MarkKind Kind, string[] Ends, string[] Stops) Read(string mark, ReadOnlySpan<char> text)
    {
        var name = text[mark.Length..].Trim();
        return mark switch
        {
            "<|start|>" or "<|channel|>" => Channel(name),
            // Kimi K3: <|open|>think<|sep|>…<|close|>think<|sep|>
            "<|close|>" => (MarkKind.Spoken, [], []),
            "<|open|>" => name is "think" or "tools" or "call" ? (name is "think" ? MarkKind.Silent : MarkKind.Call, [$"<|close|>{name}<|sep|>"], []) : (MarkKind.Spoken, [], []),
            _ when name is "" or "assistant" or "model" or "think" => (name is "think" ? MarkKind.Silent : MarkKind.Spoken, name is "think" ? TurnEnds : [], []),
            _ => (MarkKind.Silent, TurnEnds, []),
        };
    }

    // A preamble in the commentary channel is for the user, where no tool is meant.
    private static (MarkKind Kind, string[] Ends, string[] Stops) Channel(ReadOnlySpan<char> name)
    {
        var isSpoken = name.Contains("final", StringComparison.Ordinal) || name.Contains("commentary", StringComparison.Ordinal)
            || (name.StartsWith("assistant", StringComparison.Ordinal) && !name.Contains("analysis", StringComparison.Ordinal));
        var recipient = name.IndexOf("to=", StringComparison.Ordinal);
        if (recipient >= 0 && (name.StartsWith("functions", StringComparison.Ordinal) || name[(recipient + 3)..].StartsWith("assistant", StringComparison.Ordinal)))
        {
            // What a tool gave back.
            return (MarkKind.Silent, MessageEnds, MessageStops);
        }

        return recipient >= 0 ? (MarkKind.Call, MessageEnds, MessageStops)
            : isSpoken ? (MarkKind.Spoken, [], []) : (MarkKind.Silent, MessageEnds, MessageStops);
    }
}
