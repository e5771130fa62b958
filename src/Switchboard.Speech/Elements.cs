using System.Collections.Frozen;
using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>Elements by what they do to speech.</summary>
internal static class Elements
{
    private static readonly FrozenSet<string> Lines = Set(
        "address article aside blockquote br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul");

    private static readonly FrozenSet<string> Cells = Set("td th");

    private static readonly FrozenSet<string> Others = Set(
        "abbr audio button canvas caption center cite code del em font head html body iframe img input ins kbd label link mark meta object option select small source span strike strong sub sup svg textarea time title track var video");

    /// <summary>The pause that stands for the element; null for one that runs on.</summary>
    public static string? Pause(ReadOnlySpan<char> name) => Has(Lines, name) ? "\n" : Has(Cells, name) ? ", " : null;

    /// <summary>An element of HTML whose name is a letter; x&lt;y&gt;z compares.</summary>
    public static bool IsLetter(char name) => "abipqsuABIPQSU".Contains(name);

    /// <summary>An element of HTML with a name of its own: one that is no single letter, which prose could mean.</summary>
    public static bool IsKnown(ReadOnlySpan<char> name) => name.Length > 1 && (Has(Others, name) || Pause(name) is not null);

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static bool Has(FrozenSet<string> set, ReadOnlySpan<char> name) => set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
}

/// <summary>Finds the end of a tag, or that what looked like one is none: <c>a &lt;b and c&gt; d</c>.</summary>
internal static class TagEnd
{
    /// <summary>The index of the <c>></c>.</summary>
    public static int Find(Window window, int start, bool allowsBareWords)
    {
        var index = start;
        while (index < window.Length)
        {
            var character = window[index];
            if (character == '>')
            {
                return index;
            }

            if (IsSpace(character) || character is '/' or ',')
            {
                index++;
                continue;
            }

            index = char.IsAsciiLetter(character) || character is '_' or ':' or '@' ? FindAttributeEnd(window, index, allowsBareWords) : Window.Missing;
            if (index < 0)
            {
                return index;
            }
        }

        return window.NotFound;
    }

    private static int FindAttributeEnd(Window window, int start, bool allowsBareWords)
    {
        var end = window.RunEnd(start, OfAttribute);
        if (!window.Knows(end))
        {
            return Window.Unknown;
        }

        if (window.At(end) != '=')
        {
            return allowsBareWords ? end : Window.Missing;
        }

        if (!window.Knows(end + 1))
        {
            return Window.Unknown;
        }

        var value = window.At(end + 1) is '"' or '\'' ? window.Span[(end + 2)..].IndexOf(window[end + 1]) + 1
            : window.Span[(end + 1)..].IndexOfAny(' ', '>', '\n');
        return value > 0 ? end + 1 + value + (window[end + 1] is '"' or '\'' ? 1 : 0) : window.NotFound;
    }
}
