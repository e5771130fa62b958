using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Finds the words at the start of a line by which prompts after ReAct, and Harmony without its tokens, tell thoughts and calls from the answer.</summary>
internal sealed class LabelReader(ReadingState state, BlockReader blocks)
{
    private const string Input = "Action Input:";
    private const int LongestName = 80;

    // A line of these was read: the others mean what they say.
    private bool _isLabelled;

    public Decision Read(Window window)
    {
        if (window[0] is not ('T' or 'A' or 'F' or 'O' or 'a' or 'f'))
        {
            return Decision.None;
        }

        foreach (var mark in Markup.Labels)
        {
            if (mark.Open[0] != window[0] || !MayStand(mark))
            {
                continue;
            }

            var isOne = Markup.Has(window, 0, mark.Open) is true ? IsOne(window, mark) : Markup.Has(window, 0, mark.Open);
            if (isOne is not false)
            {
                return isOne is null ? Decision.Undecided : Begin(window, mark);
            }
        }

        return Decision.None;
    }

    private bool MayStand(Mark mark) => mark.Open[0] switch
    {
        'a' => state.Leading && (state.Previous == '\n' || _isLabelled),
        'O' => _isLabelled,
        'A' => true,
        _ => state.Leading || _isLabelled,
    };

    private Decision Begin(Window window, Mark mark)
    {
        _isLabelled = true;
        return blocks.Begin(mark, window, mark.Open, mark.Open.Length);
    }

    private static bool? IsOne(Window window, Mark mark)
    {
        var end = mark.Open.Length;
        return mark.Open switch
        {
            "Action:" => IsAction(window, end),
            "functools" => window.Knows(end) ? window.At(end) == '[' : null,
            "analysis" => window.Knows(end) ? IsWord(window.At(end)) : null,
            _ => true,
        };
    }

    // Anybody may say "Action:"; with its input on the next line, or JSON, it is a call.
    private static bool? IsAction(Window window, int start)
    {
        var at = start;
        while (at < window.Length && IsSpace(window[at]))
        {
            at++;
        }

        if (!window.Knows(at))
        {
            return null;
        }

        if (window.At(at) is '{' or '`')
        {
            return window[at] == '{' ? true : window.Has("```", at);
        }

        var line = window.Span[at..].IndexOf('\n');
        return line < 0 ? window.Closed || window.Length - at > LongestName ? false : null
            : line > LongestName ? false : window.Has(Input, at + line + 1);
    }
}
