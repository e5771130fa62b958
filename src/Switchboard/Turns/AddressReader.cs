using static Switchboard.Turns.SpeechCharacters;

namespace Switchboard.Turns;

/// <summary>Says the host of a bare address.</summary>
internal sealed class AddressReader(SpeechPlace place)
{
    private const string Www = "www.";
    private static readonly string[] Beginnings = ["https://", "http://", Www];

    private int _parentheses;

    public Mark Read(Window window)
    {
        if (IsAsciiWord(place.Previous))
        {
            return Mark.None;
        }

        foreach (var beginning in Beginnings)
        {
            var common = window.Span[..Math.Min(window.Length, beginning.Length)];
            if (beginning.AsSpan(0, common.Length).Equals(common, StringComparison.OrdinalIgnoreCase))
            {
                return common.Length < beginning.Length ? window.Closed ? Mark.None : Mark.Undecided
                    : Host(window, beginning == Www ? 0 : beginning.Length);
            }
        }

        return Mark.None;
    }

    /// <summary>What follows the host; none where the address ends.</summary>
    public Mark Tail(Window window)
    {
        var end = 0;
        while (end < window.Length)
        {
            var character = window[end];
            if (IsTrailing(character))
            {
                var next = end + 1;
                while (next < window.Length && IsTrailing(window[next]))
                {
                    next++;
                }

                if (!window.Knows(next) || (next == window.Length && !window.Ends && end > 0))
                {
                    // A run of these is looked at from its beginning, so that the limit is the same for any pieces.
                    return end > 0 ? Mark.Cut(end) : Mark.Undecided;
                }

                if (!IsOfAddress(window.At(next)))
                {
                    break;
                }

                end = next;
                continue;
            }

            if (!IsOfAddress(character))
            {
                break;
            }

            _parentheses += character switch { '(' => 1, ')' => -1, _ => 0 };
            end++;
        }

        if (end == window.Length && !window.Ends)
        {
            return Mark.Cut(end);
        }

        place.Mode = SpeechMode.Prose;
        _parentheses = 0;
        return end > 0 ? Mark.Cut(end) : Mark.None;
    }

    private Mark Host(Window window, int start)
    {
        var isInternational = start < window.Length && window[start] >= '\u0080';
        var end = start;
        while (end < window.Length && IsOfAuthority(window[end], isInternational))
        {
            end++;
        }

        if (!window.Knows(end))
        {
            return Mark.Undecided;
        }

        while (end > start && window[end - 1] is '.' or ':' or '-' or '_' or '~')
        {
            end--;
        }

        var host = window.Span[start..end];
        host = host[(host.LastIndexOf('@') + 1)..];
        host = host.IndexOf(':') is >= 0 and var port ? host[..port] : host;
        host = host.StartsWith(Www, StringComparison.OrdinalIgnoreCase) && host.Length > Www.Length ? host[Www.Length..] : host;
        if (host.IsEmpty || (start == 0 && end <= Www.Length))
        {
            return Mark.None;
        }

        place.Mode = window.At(end) is '/' or '?' or '#' || window.Length == end && !window.Ends ? SpeechMode.AddressTail : SpeechMode.Prose;
        return Mark.Say(end, host.ToString());
    }

    private static bool IsOfAuthority(char character, bool isInternational) =>
        IsAsciiWord(character) || character is '.' or '-' or '_' or '~' or ':' or '@' or '%'
        || (isInternational && character >= '\u0080' && char.IsLetterOrDigit(character));

    private bool IsOfAddress(char character) =>
        character is > ' ' and < '\u007f' and not ('<' or '>' or '"' or '`' or ']' or '|' or '*') && (character != ')' || _parentheses > 0);

    private static bool IsTrailing(char character) => character is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '_' or '~';
}
