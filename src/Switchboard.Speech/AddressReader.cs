using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Says the host of a bare address.</summary>
internal sealed class AddressReader(ReadingState state)
{
    private const string Www = "www.";
    private static readonly string[] Schemes = ["https://", "http://"];

    private int _parentheses;

    public Decision Read(Window window)
    {
        if (IsAsciiWord(state.Previous) || state.Previous is '\u00a0' or '\u202f')
        {
            return Decision.None;
        }

        if (state.Previous == ' ' && char.IsAsciiDigit(state.PreviousVisible))
        {
            // 15 h 30: what French says of every hour does not wait.
            state.Mode = ReadingMode.Hour;
            return Decision.Text(1);
        }

        return Begins(window, 0, out var start) switch
        {
            null => Decision.Undecided,
            true => Host(window, start),
            false => Decision.None,
        };
    }

    /// <summary>An address after all, of which the first letter is spoken already.</summary>
    public Decision ContinueHour(Window window)
    {
        var host = Begins(window, 1, out var start) switch
        {
            null => Decision.Undecided,
            true => Host(window, start),
            false => Decision.None,
        };
        if (host.Kind == DecisionKind.Say)
        {
            return host with { Words = $"{window.Span[..window.Span.IndexOf(':')]} {host.Words}" };
        }

        state.Mode = host.Kind == DecisionKind.Undecided ? ReadingMode.Hour : ReadingMode.Prose;
        return host;
    }

    /// <summary>
    /// From the second letter of <c>www.</c> on: the host is spoken as it stands, so that no word that begins with w has to wait.
    /// </summary>
    public Decision ReadWww(Window window) =>
        state.Previous is not ('w' or 'W') ? Decision.None
        : !window.Knows(2) && char.ToLowerInvariant(window.At(window.Length - 1)) == 'w' ? Decision.Undecided
        : window.At(1) is 'w' or 'W' && window.At(2) == '.' ? Host(window, 0) : Decision.None;

    /// <summary>What follows the host; none where the address ends.</summary>
    public Decision ContinuePath(Window window)
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
                    return end > 0 ? Decision.Cut(end) : Decision.Undecided;
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
            return Decision.Cut(end);
        }

        state.Mode = ReadingMode.Prose;
        _parentheses = 0;
        return end > 0 ? Decision.Cut(end) : Decision.None;
    }

    private static bool? Begins(Window window, int read, out int start)
    {
        start = 0;
        if (window.Length > 1 - read && (window[1 - read] | ' ') != 't')
        {
            // Nearly every h of prose.
            return false;
        }

        foreach (var scheme in Schemes)
        {
            if (window.Has(scheme.AsSpan(read)) is not false and var found)
            {
                start = scheme.Length - read;
                return found;
            }
        }

        return false;
    }

    private Decision Host(Window window, int start)
    {
        var isInternational = start < window.Length && window[start] >= '\u0080';
        var end = start;
        while (end < window.Length && IsOfAuthority(window[end], isInternational))
        {
            end++;
        }

        if (!window.Knows(end))
        {
            return Decision.Undecided;
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
            return Decision.None;
        }

        state.Mode = window.At(end) is '/' or '?' or '#' || window.Length == end && !window.Ends ? ReadingMode.AddressPath : ReadingMode.Prose;
        return Decision.Say(end, host.ToString());
    }

    private static bool IsOfAuthority(char character, bool isInternational) =>
        IsAsciiWord(character) || character is '.' or '-' or '_' or '~' or ':' or '@' or '%'
        || (isInternational && character >= '\u0080' && char.IsLetterOrDigit(character));

    private bool IsOfAddress(char character) =>
        character is > ' ' and < '\u007f' and not ('<' or '>' or '"' or '`' or ']' or '|' or '*') && (character != ')' || _parentheses > 0);

    private static bool IsTrailing(char character) => character is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '_' or '~';
}
