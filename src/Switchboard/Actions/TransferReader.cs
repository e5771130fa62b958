using System.Buffers;
using System.Text;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>
/// Finds transfer directives in an answer while it streams, in every spelling that <see cref="ImsMarks"/> knows, and has each replaced.
/// Text that may yet become one is held back, and nothing else is.
/// </summary>
/// <remarks>
/// A directive of any name but the hang-up's counts as a transfer. What is taken out is as if it had never been written: <c>&lt;ims</c>,
/// a directive, <c>agent_transfer_call …</c> is one more, so a beginning waits until what stands inside it is decided.
/// </remarks>
/// <param name="replace">Gives what goes out in place of a directive, which it gets as it was written.</param>
/// <param name="takenOut">Told of a directive that never ended, and so was taken out whatever it asked for.</param>
/// <param name="takesHangUps">Whether a hang-up is one too.</param>
internal sealed class TransferReader(Func<string, string> replace, Action? takenOut = null, bool takesHangUps = false)
{
    /// <summary>The most characters that are held back: a directive with two numbers and two sentences has some 400. Of what is longer the beginning is taken out.</summary>
    public const int Longest = 1000;

    /// <summary>How far a directive may go on after what none has, such as words without a value: it is then taken for one that never ends.</summary>
    public const int LongestOddity = 200;

    private const int Deepest = 16;

    // What is looked at at once, so that a large piece is no more work than many small ones.
    private const int Slice = 256;

    // Nearly every piece of an answer has none of these, and is then neither copied nor searched further.
    private static readonly SearchValues<char> Openers = SearchValues.Create(LookAlikes.WaysToWrite("<&\\"));

    private readonly StringBuilder _safe = new();
    private string _held = "";
    private int _deepest;
    private bool _isChanged;

    private enum Outcome
    {
        Text,
        Held,
        TakenOut,
        Replaced,
        TooDeep,
    }

    /// <summary>Whether <paramref name="text"/> can hold the beginning of a directive.</summary>
    public static bool MayBegin(ReadOnlySpan<char> text) => text.ContainsAny(Openers);

    /// <summary>What of the next piece can go out now: the piece itself, nearly always.</summary>
    public string Push(string piece)
    {
        if (_held.Length == 0 && !MayBegin(piece))
        {
            return piece;
        }

        _isChanged = _held.Length > 0;
        for (var at = 0; at < piece.Length; at += Slice)
        {
            _held = string.Concat(_held, piece.AsSpan(at, Math.Min(Slice, piece.Length - at)));
            Read(ends: false);
        }

        return Take(_isChanged || _held.Length > 0 ? null : piece);
    }

    /// <summary>What was held back and goes out after all, since nothing follows.</summary>
    public string Complete()
    {
        if (_held.Length > 0)
        {
            Read(ends: true);
        }

        return Take(null);
    }

    private string Take(string? piece)
    {
        var safe = piece ?? _safe.ToString();
        _safe.Clear();
        return safe;
    }

    private void Read(bool ends)
    {
        var text = new FoldedText(_held);
        var at = 0;
        while (text.Text.AsSpan(at).IndexOfAny('<', '&', '\\') is >= 0 and var next)
        {
            at += next;
            switch (Resolve(ref text, at, depth: 0, ends))
            {
                case Outcome.Text:
                    at++;
                    break;
                case Outcome.Held when _held.Length - text.Place(at) <= Longest:
                    Release(text.Place(at));
                    return;
                case Outcome.Held:
                    Shorten(ref text, at);
                    break;
                case Outcome.TooDeep:
                    // Nobody says this, so all of the beginnings go.
                    Remove(ref text, text.Place(at), text.Place(_deepest));
                    break;
                case Outcome.Replaced:
                    text = new FoldedText(_held);
                    at = 0;
                    break;
            }
        }

        Release(_held.Length);
    }

    private Outcome Resolve(ref FoldedText text, int at, int depth, bool ends)
    {
        while (true)
        {
            var match = DirectiveMatch.Find(text.Text, at, LongestOddity, ends, takesHangUps);
            switch (match.Kind)
            {
                case DirectiveMatchKind.None:
                    return Outcome.Text;
                case DirectiveMatchKind.Undecided:
                    return Outcome.Held;
                case DirectiveMatchKind.Unended:
                    TakeOut(ref text, at, match.Cut);
                    return Outcome.TakenOut;
                case DirectiveMatchKind.Whole:
                    return Replace(ref text, at, match.At);
            }

            if (depth == Deepest)
            {
                _deepest = match.At;
                return Outcome.TooDeep;
            }

            switch (Resolve(ref text, match.At, depth + 1, ends))
            {
                case Outcome.TakenOut:
                    break;
                case Outcome.Text when match.Cut > 0:
                    // What follows is no part of it, so it never ends.
                    TakeOut(ref text, at, match.Cut);
                    return Outcome.TakenOut;
                case var outcome:
                    return outcome;
            }
        }
    }

    private Outcome Replace(ref FoldedText text, int start, int end)
    {
        var (from, to) = (text.Place(start), text.End(end - 1));
        var instead = replace(_held[from..to]);
        if (instead.Length == 0)
        {
            Remove(ref text, from, to);
            return Outcome.TakenOut;
        }

        // What it stands in has something inside that stays, and so is text.
        _safe.Append(_held, 0, from).Append(instead);
        _held = _held[to..];
        _isChanged = true;
        return Outcome.Replaced;
    }

    private void TakeOut(ref FoldedText text, int start, int end)
    {
        var (from, to) = (text.Place(start), text.End(end - 1));
        takenOut?.Invoke();
        Remove(ref text, from, to);
    }

    // Without its first character it can be none any more, and need not be held.
    private void Shorten(ref FoldedText text, int at)
    {
        var match = DirectiveMatch.Find(text.Text, at, LongestOddity, ends: true, takesHangUps);
        if (match.Kind == DirectiveMatchKind.Unended)
        {
            TakeOut(ref text, at, match.Cut);
        }
        else
        {
            Remove(ref text, text.Place(at), text.End(at));
        }
    }

    private void Remove(ref FoldedText text, int from, int to)
    {
        _held = _held.Remove(from, to - from);
        _isChanged = true;
        text = new FoldedText(_held);
    }

    private void Release(int length)
    {
        _safe.Append(_held, 0, length);
        _held = _held[length..];
    }
}
