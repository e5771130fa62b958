using static Switchboard.Speech.SpeechCharacters;

namespace Switchboard.Speech;

/// <summary>Says the host of a bare address.</summary>
internal sealed class AddressReader(SpeechPlace place)
{
    private const string Www = "www.";
    private static readonly string[] Schemes = ["https://", "http://"];

    private int _parentheses;

    public Mark Read(Window window)
    {
        if (IsAsciiWord(place.Previous) || place.Previous is '\u00a0' or '\u202f')
        {
            return Mark.None;
        }

        if (place.Previous == ' ' && char.IsAsciiDigit(place.PreviousInk))
        {
            // 15 h 30: what French says of every hour does not wait.
            place.Mode = SpeechMode.Hour;
            return Mark.Text(1);
        }

        return Begins(window, 0, out var start) switch
        {
            null => Mark.Undecided,
            true => Host(window, start),
            false => Mark.None,
        };
    }

    /// <summary>An address after all, of which the first letter is spoken already.</summary>
    public Mark AfterHour(Window window)
    {
        var host = Begins(window, 1, out var start) switch
        {
            null => Mark.Undecided,
            true => Host(window, start),
            false => Mark.None,
        };
        if (host.Kind == MarkKind.Say)
        {
            return host with { Words = $"{window.Span[..window.Span.IndexOf(':')]} {host.Words}" };
        }

        place.Mode = host.Kind == MarkKind.Undecided ? SpeechMode.Hour : SpeechMode.Prose;
        return host;
    }

    /// <summary>
    /// From the second letter of <c>www.</c> on: the host is spoken as it stands, so that no word that begins with w has to wait.
    /// </summary>
    public Mark BareWww(Window window) =>
        place.Previous is not ('w' or 'W') ? Mark.None
        : !window.Knows(2) && char.ToLowerInvariant(window.At(window.Length - 1)) == 'w' ? Mark.Undecided
        : window.At(1) is 'w' or 'W' && window.At(2) == '.' ? Host(window, 0) : Mark.None;

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

    private static bool? Begins(Window window, int read, out int start)
    {
        start = 0;
        foreach (var scheme in Schemes)
        {
            var rest = scheme.AsSpan(read);
            var common = window.Span[..Math.Min(window.Length, rest.Length)];
            if (rest.StartsWith(common, StringComparison.OrdinalIgnoreCase))
            {
                start = rest.Length;
                return common.Length == rest.Length ? true : window.Closed ? false : null;
            }
        }

        return false;
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
        if (host.IsEmpty || (start == 0 && end < Www.Length))
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
