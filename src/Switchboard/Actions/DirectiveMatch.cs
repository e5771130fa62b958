using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>Whether a directive that is no hang-up begins at a place of a text, and how far it goes.</summary>
/// <param name="Kind">Whether it does.</param>
/// <param name="At">The index after it, or that of the beginning inside it.</param>
/// <param name="Cut">Where it has its name: the index after what is surely its own, its name and its attributes; 0 where it has not.</param>
internal readonly record struct DirectiveMatch(DirectiveMatchKind Kind, int At = 0, int Cut = 0)
{
    /// <param name="text">A <see cref="FoldedText"/>.</param>
    /// <param name="start">Where a <c>&lt;</c>, or what stands for one, may be.</param>
    /// <param name="longestOddity">How far it may go on after what no directive has.</param>
    /// <param name="ends">Whether nothing follows the text.</param>
    /// <param name="takesHangUps">Whether a hang-up is looked for too.</param>
    public static DirectiveMatch Find(ReadOnlySpan<char> text, int start, int longestOddity, bool ends, bool takesHangUps = false)
    {
        var match = Find(text, start, longestOddity, takesHangUps);
        return !ends || match.Kind != DirectiveMatchKind.Undecided ? match
            : match.Cut > 0 ? match with { Kind = DirectiveMatchKind.Unended } : default;
    }

    private static DirectiveMatch Find(ReadOnlySpan<char> text, int start, int longestOddity, bool takesHangUps)
    {
        var opener = Bracket(text, start, "lt", "60", "3c", out var stop);
        if (opener <= 0)
        {
            return opener < 0 ? Undecided() : stop < text.Length && IsOpener(text[stop]) ? new(DirectiveMatchKind.Interrupted, stop) : default;
        }

        var at = start + opener;
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is '/' or ';'))
        {
            at++;
        }

        if (!TryRead(text, ref at, ImsDirectives.Ims) || !TryRead(text, ref at, ImsDirectives.Agent))
        {
            return Stop(text, at, cut: 0);
        }

        var name = at;
        if (TryRead(text, ref at, ImsDirectives.HangUpWord))
        {
            // What only begins like a hang-up is none.
            return at == text.Length ? Undecided(takesHangUps ? at : 0) : takesHangUps || IsWord(text[at]) ? Attributes(text, WordEnd(text, at), longestOddity) : default;
        }

        if (at == text.Length || IsOpener(text[at]))
        {
            return Stop(text, at, at);
        }

        at = name;
        if (TryRead(text, ref at, ImsDirectives.TransferWord))
        {
            _ = TryRead(text, ref at, ImsDirectives.CallWord);
        }

        return Attributes(text, WordEnd(text, at), longestOddity);
    }

    /// <summary>The length of a bracket at <paramref name="at"/>, also as an entity or as JSON writes it; 0 when there is none, -1 when more text must tell.</summary>
    private static int Bracket(ReadOnlySpan<char> text, int at, string entity, string number, string hexadecimal, out int stop)
    {
        stop = text.Length;
        if (text[at] is '<' or '>')
        {
            return (text[at] is '<') == (entity is "lt") ? 1 : 0;
        }

        var length = Written(text, at, entity, number, hexadecimal, out stop);
        return length == 0 && FoldedText.MayBecomeAnother(text[at..]) ? -1 : length;
    }

    private static int Written(ReadOnlySpan<char> text, int at, string entity, string number, string hexadecimal, out int stop)
    {
        if (text[at] is '\\')
        {
            return Spelled(text, at, at + 1, $"u00{hexadecimal}", out stop);
        }

        if (at + 1 < text.Length && text[at + 1] is not '#')
        {
            return Spelled(text, at, at + 1, entity, out stop);
        }

        var isHexadecimal = at + 2 < text.Length && text[at + 2] is 'x';
        var digits = at + (isHexadecimal ? 3 : 2);
        while (digits < text.Length && text[digits] is '0')
        {
            digits++;
        }

        return Spelled(text, at, digits, isHexadecimal ? hexadecimal : number, out stop);
    }

    private static int Spelled(ReadOnlySpan<char> text, int start, int at, string rest, out int stop)
    {
        stop = at;
        foreach (var character in rest)
        {
            if (stop >= text.Length || text[stop] != character)
            {
                return stop >= text.Length ? -1 : 0;
            }

            stop++;
        }

        return stop - start + (stop < text.Length && text[stop] is ';' && text[start] is '&' ? 1 : 0);
    }

    // Spaces, lines and hyphens inside a name change nothing.
    private static bool TryRead(ReadOnlySpan<char> text, ref int at, string word)
    {
        foreach (var letter in word)
        {
            while (word != ImsDirectives.Ims && at < text.Length && IsFiller(text[at]))
            {
                at++;
            }

            if (at == text.Length || text[at] != letter)
            {
                return false;
            }

            at++;
        }

        return true;
    }

    private static DirectiveMatch Attributes(ReadOnlySpan<char> text, int at, int longestOddity)
    {
        var cut = at;
        var odd = -1;
        while (at < text.Length)
        {
            if (text[at] is '<')
            {
                return new(DirectiveMatchKind.Interrupted, at, cut);
            }

            var closer = text[at] is '>' or '&' or '\\' ? Bracket(text, at, "gt", "62", "3e", out _) : 0;
            if (closer != 0)
            {
                // The semicolon of an entity may yet follow.
                return closer < 0 ? Undecided(cut)
                    : at + closer == text.Length && text[at] is '&' && text[^1] is not ';' ? Undecided(text.Length)
                    : new(DirectiveMatchKind.Whole, at + closer);
            }

            if (odd >= 0 && at - odd >= longestOddity)
            {
                return new(DirectiveMatchKind.Unended, Cut: cut);
            }

            if (odd >= 0 || char.IsWhiteSpace(text[at]) || text[at] is ',' or ';' or '/')
            {
                at++;
                continue;
            }

            var value = ValueAt(text, at);
            if (value == text.Length)
            {
                return Undecided(text[^1] is '=' ? value : cut);
            }

            if (value == 0)
            {
                odd = at++;
                continue;
            }

            at = ValueEnd(text, value, out var isOpen);
            cut = at;
            if (isOpen)
            {
                // A quote that is never closed: the next bracket ends it, if there is one, else the word.
                var bracket = text[value..].IndexOf('>');
                return Undecided(bracket < 0 ? cut : value + bracket + 1);
            }
        }

        return Undecided(cut);
    }

    // The index after "name ="; 0 when there is no such thing, the length of the text when more must tell.
    private static int ValueAt(ReadOnlySpan<char> text, int at)
    {
        var name = at;
        while (at < text.Length && (IsWord(text[at]) || text[at] is '-'))
        {
            at++;
        }

        if (at == name)
        {
            return 0;
        }

        at = SpaceEnd(text, at);
        return at == text.Length ? at : text[at] is '=' ? SpaceEnd(text, at + 1) : 0;
    }

    private static int ValueEnd(ReadOnlySpan<char> text, int at, out bool isOpen)
    {
        isOpen = false;
        if (text[at] is '"' or '\'')
        {
            var close = text[(at + 1)..].IndexOf(text[at]);
            if (close >= 0)
            {
                return at + 1 + close + 1;
            }

            isOpen = true;
            at++;
        }

        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (',' or ';' or '<' or '>' or '&' or '\\' or '"' or '\''))
        {
            at++;
        }

        return at;
    }

    private static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && IsWord(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int SpaceEnd(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static DirectiveMatch Undecided(int cut = 0) => new(DirectiveMatchKind.Undecided, Cut: cut);

    private static DirectiveMatch Stop(ReadOnlySpan<char> text, int at, int cut) =>
        at == text.Length ? Undecided(cut) : IsOpener(text[at]) ? new(DirectiveMatchKind.Interrupted, at, cut) : default;

    private static bool IsOpener(char character) => character is '<' or '&' or '\\';

    private static bool IsFiller(char character) => char.IsWhiteSpace(character) || character is '_' or '-';

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_';
}

/// <summary>What stands at a place where a directive may begin.</summary>
internal enum DirectiveMatchKind
{
    /// <summary>Text.</summary>
    None,

    /// <summary>More text must tell.</summary>
    Undecided,

    /// <summary>A beginning, and inside it another one.</summary>
    Interrupted,

    /// <summary>A directive with its end.</summary>
    Whole,

    /// <summary>A directive that never ends.</summary>
    Unended,
}
