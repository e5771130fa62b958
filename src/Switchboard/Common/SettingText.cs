using System.Globalization;

namespace Switchboard.Common;

/// <summary>What messages about settings say of a value: what was found, as far as it cannot be a secret, and what was probably meant.</summary>
internal static class SettingText
{
    // A key has 20 characters or more. What is shown of a value stays below that, wherever it was found: a key may have been pasted into the wrong setting.
    private const int MaxShown = 19;

    private const int MaxUrl = 200;

    /// <summary>The id of a model as the name of a variable has it: such names have no hyphens and no dots on some systems, and <c>_</c> stands for them.</summary>
    public static string AsVariable(string id) => string.Concat(id.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));

    /// <summary><c>, found X</c>; nothing where the value may be a secret. Not for settings that hold secrets or name them.</summary>
    public static string Found(string? value) => value switch
    {
        null => "",
        _ when string.IsNullOrWhiteSpace(value) => ", found an empty text",
        { Length: <= MaxShown } when AsciiText.IsPrintable(value) => $", found {value}",
        _ => "",
    };

    /// <summary>The same of an address: without user, query, fragment, and what may be a key in its path.</summary>
    public static string FoundUrl(string? value)
    {
        if (value is null || value.Length > MaxUrl || !AsciiText.IsPrintable(value))
        {
            return "";
        }

        // Cut by hand: what is no URL is shown too, and an @ may stand anywhere in it.
        var address = value.AsSpan(0, value.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : value.Length).ToString();
        var scheme = address.IndexOf("://", StringComparison.Ordinal) is >= 0 and var mark ? mark + 3 : 0;
        var rest = address[scheme..];
        rest = rest.Contains('@', StringComparison.Ordinal) ? $"…@{rest[(rest.LastIndexOf('@') + 1)..]}" : rest;
        var parts = rest.Split('/');
        // The host may be long, its name is public.
        var shown = string.Join('/', parts.Select((part, index) => part.Length <= MaxShown || (index == 0 && scheme > 0) ? part : "…"));
        return shown.Length == 0 && scheme == 0 ? ", found an empty text" : $", found {address[..scheme]}{shown}";
    }

    /// <summary>The URL that was meant by an address without its scheme, as the end of a sentence.</summary>
    public static string MeantUrl(string value)
    {
        var url = $"{(value.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || value.StartsWith("127.", StringComparison.Ordinal) ? "http" : "https")}://{value}";
        // Only what has a host: a path alone, such as v1, names none.
        return !value.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(url, UriKind.Absolute, out var meant) && meant is { UserInfo.Length: 0 }
            && (meant.Host.Contains('.', StringComparison.Ordinal) || meant.IsLoopback || !meant.IsDefaultPort)
            ? $"; did you mean {FoundUrl(url)[", found ".Length..]}?"
            : ".";
    }

    /// <summary>A name that is none of those that are known: what was found, what there is, what was probably meant.</summary>
    /// <param name="what">What it should name.</param>
    /// <param name="given">The name.</param>
    /// <param name="known">The names that there are.</param>
    public static string NoSuch(string what, string? given, IReadOnlyCollection<string> known) =>
        $"no such {what}{Found(given)}; there are {string.Join(", ", known)}{DidYouMean(given, known)}";

    /// <summary><c>; did you mean X?</c>, where a known name is near; else the end of the sentence.</summary>
    public static string DidYouMean(string? given, IEnumerable<string> known) => Nearest(given, known) is { } name ? $"; did you mean {name}?" : ".";

    /// <summary>The known name that was probably meant; null where none is near.</summary>
    public static string? Nearest(string? given, IEnumerable<string> known)
    {
        if (given is not { Length: > 1 and <= 64 })
        {
            return null;
        }

        var names = known.Distinct(StringComparer.Ordinal).ToList();
        var wanted = Letters(given);
        var nearest = names.Select(name => (Name: name, Distance: Distance(wanted, Letters(name)))).OrderBy(pair => pair.Distance).Take(2).ToList();
        if (nearest is [var near, ..] && near.Distance <= Math.Clamp(wanted.Length / 3, 1, 3) && near.Distance < near.Name.Length
            // Of two letters hardly one is left: in is no On.
            && (wanted.Length > 2 || Letters(near.Name).StartsWith(wanted, StringComparison.Ordinal)))
        {
            // Of two that are as near nobody knows which.
            return nearest is [_, var other] && other.Distance == near.Distance ? null : near.Name;
        }

        // A part of one name, or one name and more.
        var parts = wanted.Length < 4 ? [] : names.Where(name => Letters(name) is { Length: >= 4 } letters
            && (letters.Contains(wanted, StringComparison.Ordinal) || wanted.Contains(letters, StringComparison.Ordinal))).Take(2).ToList();
        return parts.Count == 1 ? parts[0] : null;
    }

    /// <summary>How many letters are wrong, missing, too many or swapped with their neighbour, letter case ignored.</summary>
    /// <remarks>https://doi.org/10.1145/363958.363994 and, with swaps of neighbours, the distance of optimal string alignment.</remarks>
    public static int Distance(string one, string other)
    {
        var (first, second) = (one.ToLowerInvariant(), other.ToLowerInvariant());
        var (before, last, row) = (new int[second.Length + 1], Enumerable.Range(0, second.Length + 1).ToArray(), new int[second.Length + 1]);
        for (var left = 1; left <= first.Length; left++)
        {
            row[0] = left;
            for (var right = 1; right <= second.Length; right++)
            {
                var cost = first[left - 1] == second[right - 1] ? 0 : 1;
                row[right] = Math.Min(Math.Min(row[right - 1] + 1, last[right] + 1), last[right - 1] + cost);
                if (left > 1 && right > 1 && first[left - 1] == second[right - 2] && first[left - 2] == second[right - 1])
                {
                    row[right] = Math.Min(row[right], before[right - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[second.Length];
    }

    private static string Letters(string name) =>
        string.Concat(name.Where(character => !(character is '_' or '-' or '.' or ' '))).ToLower(CultureInfo.InvariantCulture);
}
