using System.Text;
using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>
/// Leaves out what stands behind a mark up to its end: reasoning, calls, comments, scripts; and the definitions of footnotes and links.
/// Holds nothing but a possible end.
/// </summary>
/// <param name="state">Where the filter stands.</param>
/// <param name="calls">Receives the text of each call, where somebody asks for those.</param>
internal sealed class BlockReader(ReadingState state, ICollection<string>? calls)
{
    /// <summary>The most that is kept of a call, in characters: what is longer is silent like any other, but no call.</summary>
    public const int LongestCall = 65_536;

    private const int MostCalls = 64;

    // The longest end mark is shorter by far.
    private const int LongestEnd = 64;

    private readonly StringBuilder _text = new();
    private readonly Brackets _brackets = new();
    private Mark? _mark;
    private MarkKind _kind;
    private string[] _ends = [];
    private string[] _stops = [];
    private string _firsts = "";

    /// <summary>Whether somebody asks for the calls.</summary>
    public bool ReadsCalls => calls is not null;

    /// <summary>Leaves out all from here to <paramref name="end"/>.</summary>
    public Decision Begin(int length, string end) => Begin(MarkKind.Silent, length, [end], []);

    /// <summary>Does what the mark asks for that stands at the beginning of the window.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="window">The text.</param>
    /// <param name="name">The name of the element, as it is spelled.</param>
    /// <param name="length">How long the mark is.</param>
    public Decision Begin(Mark mark, Window window, ReadOnlySpan<char> name, int length)
    {
        if (mark.Kind == MarkKind.Spoken)
        {
            return Decision.Cut(length);
        }

        _mark = mark;
        var decision = Begin(mark.Kind, length, Markup.EndsOf(mark, name), mark.Stops);
        Keep(window.Span[..length]);
        return decision;
    }

    /// <summary>Leaves out a call that begins with a bracket.</summary>
    public Decision BeginBrackets(Window window)
    {
        var decision = Begin(MarkKind.BracketedCall, 1, [], []);
        Keep(window.Span[..1]);
        _brackets.Close(window[0]);
        return decision;
    }

    /// <summary>Takes a call that is whole in its tag.</summary>
    public Decision Take(Window window, int length)
    {
        Begin(MarkKind.Call, length, [], []);
        Keep(window.Span[..length]);
        EndCall();
        return Decision.Omit(length);
    }

    public Decision Continue(Window window) => state.Mode switch
    {
        ReadingMode.UnspokenLine => Line(window),
        ReadingMode.Bracketed => Bracketed(window),
        _ => Block(window),
    };

    /// <summary>Ends the answer: a call that was not closed is one all the same.</summary>
    public void End()
    {
        if (state.Mode is ReadingMode.Unspoken or ReadingMode.Bracketed && _kind is MarkKind.Call or MarkKind.BracketedCall)
        {
            EndCall();
        }
    }

    private Decision Begin(MarkKind kind, int length, string[] ends, string[] stops)
    {
        (_kind, _ends, _stops, _firsts) = (kind, ends, stops, string.Concat(ends.Concat(stops).Select(end => end[0]).Distinct()));
        _text.Clear();
        _brackets.Reset();
        state.Mode = kind == MarkKind.BracketedCall ? ReadingMode.Bracketed : ReadingMode.Unspoken;
        return Decision.Cut(length);
    }

    private Decision Line(Window window)
    {
        var end = window.Span.IndexOf('\n');
        if (end >= 0)
        {
            state.Mode = ReadingMode.Prose;
        }

        return end switch { < 0 => Decision.Cut(window.Length), 0 => Decision.None, _ => Decision.Cut(end) };
    }

    private Decision Block(Window window)
    {
        for (var at = 0; at < window.Length; at++)
        {
            var next = window.Span[at..].IndexOfAny(_firsts);
            if (next < 0)
            {
                break;
            }

            at += next;
            var (found, isStop, isKnown) = EndAt(window, at);
            if (!isKnown)
            {
                return Pass(window, at);
            }

            if (found is not null)
            {
                Keep(window.Span[..at]);
                return isStop ? Stop(at) : Close(at + found.Length);
            }
        }

        return Pass(window, window.Length);
    }

    private (string? End, bool IsStop, bool IsKnown) EndAt(Window window, int at)
    {
        foreach (var end in _ends)
        {
            if (Markup.Has(window, at, end) is not false and var has)
            {
                return (end, false, has is true);
            }
        }

        foreach (var stop in _stops)
        {
            if (Markup.Has(window, at, stop) is not false and var has)
            {
                return (stop, true, has is true);
            }
        }

        // What the limit cuts off is looked at from its beginning.
        return (null, false, window.Ends || window.Length < Window.Limit || at == 0 || window.Length - at >= LongestEnd);
    }

    // What a possible end begins with waits for the rest of it.
    private Decision Pass(Window window, int length)
    {
        if (length == 0)
        {
            return window.Ends ? Decision.Cut(window.Length) : Decision.Undecided;
        }

        Keep(window.Span[..length]);
        return Decision.Cut(length);
    }

    private Decision Stop(int at)
    {
        EndCall();
        return at == 0 ? Decision.None : Decision.Omit(at);
    }

    private Decision Close(int length)
    {
        if (_kind != MarkKind.Header)
        {
            EndCall();
            return Decision.Omit(length);
        }

        var text = _text.ToString();
        var (kind, ends, stops) = Header.Read(_mark!.Open, text);
        state.InCommentary = kind == MarkKind.Spoken && text.Contains("commentary", StringComparison.Ordinal);
        if (kind == MarkKind.Spoken)
        {
            state.Mode = ReadingMode.Prose;
            return Decision.Omit(length);
        }

        Begin(kind, length, ends, stops);
        Keep(text);
        Keep(Header.End);
        return Decision.Cut(length);
    }

    private Decision Bracketed(Window window)
    {
        if (_brackets.AreClosed)
        {
            return AfterBrackets(window);
        }

        for (var index = 0; index < window.Length; index++)
        {
            if (_brackets.Close(window[index]))
            {
                Keep(window.Span[..(index + 1)]);
                EndCall();
                state.Mode = ReadingMode.Bracketed;
                return Decision.Omit(index + 1);
            }
        }

        return Pass(window, window.Length);
    }

    // Llama puts a semicolon between calls.
    private Decision AfterBrackets(Window window)
    {
        var next = 0;
        while (next < window.Length && IsSpace(window[next]))
        {
            next++;
        }

        if (!window.Knows(next))
        {
            return Decision.Undecided;
        }

        state.Mode = ReadingMode.Prose;
        return window.At(next) is ';' or ',' ? Decision.Omit(next + 1) : Decision.None;
    }

    private void EndCall()
    {
        if (_kind is MarkKind.Call or MarkKind.BracketedCall && _text.Length is > 0 and <= LongestCall && calls is { Count: < MostCalls })
        {
            calls.Add(_text.ToString());
        }

        _text.Clear();
        state.Mode = ReadingMode.Prose;
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        var isWanted = _kind == MarkKind.Header || (calls is not null && _kind is not MarkKind.Silent);
        if (isWanted && _text.Length <= LongestCall)
        {
            _text.Append(text);
        }
    }
}
