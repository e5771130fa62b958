using System.Buffers;
using System.Collections.Frozen;

namespace Switchboard.Masks;

/// <summary>Finds e-mail addresses, written and said, and account numbers.</summary>
internal static class Addresses
{
    // https://datatracker.ietf.org/doc/html/rfc5321#section-4.5.3.1
    private const int MaxLocal = 64;
    private const int MaxLabels = 8;
    private const int MaxSaid = 24;

    // More than one space is what is not seen, or a bracket: "name (at) example (dot) com".
    private const int MaxGap = 3;

    private static readonly FrozenSet<string> Ats = Set("at ät klammeraffe arroba chiocciola arobase apenstaartje");
    private static readonly FrozenSet<string> Dots = Set("dot punkt point punto punt");
    private static readonly FrozenSet<string> Joins = Set("dot punkt point punto punt minus dash hyphen bindestrich underscore unterstrich");

    // Who says one of these before "at" names a page, and nobody's address.
    private static readonly FrozenSet<string> NoNames =
        Set("look looking us me it them visit see find available online here or and is are be was page site website shop store more details anytime order book arrive stay work "
            + "up you him her everyone everybody anyone all meet meeting in on out off over again now today tomorrow tonight always directly there then this that these those so just only also "
            + "not read reading learn learning check checking buy buying sign register join start try go going live working listed posted published located based hosted open "
            // Of other languages, beside an English "at".
            + "uns mich dich euch ihn sie wir vorbei nach nous moi toi vous nos nosotros usted ustedes noi voi ons mij jou jullie langs");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NoNamesOf = NoNames.GetAlternateLookup<ReadOnlySpan<char>>();

    // Country and length: https://www.swift.com/standards/data-standards/iban-international-bank-account-number
    private static readonly FrozenDictionary<string, int> Ibans = (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 "
        + "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 "
        + "SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30").Split(' ')
        .ToFrozenDictionary(entry => entry[..2], entry => int.Parse(entry[2..], System.Globalization.CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> IbanOf = Ibans.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> LocalSigns = SearchValues.Create(".!#$%&'*+/=?^_`{|}~-");

    /// <summary>The e-mail address around each at sign, or word for one.</summary>
    public static void FindMail(char[] text, List<Mark> marks)
    {
        OpenBrackets(text);
        var least = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var isChinese = text[at] == '艾' && at + 1 < text.Length && text[at + 1] == '特';
            var isSign = isChinese || text[at] == '@';
            var length = isChinese ? 2 : isSign ? 1 : IsWord(text, at, Ats, out var word) ? word : 0;
            if (length == 0 || StartOf(text, at, least, isSign) is not (>= 0 and var start) || EndOf(text, at + length) is not (> 0 and var end))
            {
                continue;
            }

            marks.Add(new Mark(start, end, Mark.Mail));
            Array.Fill(text, Mark.Taken, start, end - start);
            at = end - 1;
            least = end;
        }
    }

    // "[at]" and "(dot)" are the words alone.
    private static void OpenBrackets(char[] text)
    {
        for (var at = 1; at + 1 < text.Length; at++)
        {
            if (text[at - 1] is '(' or '[' or '{' or '<'
                && (text[at] == '@' ? 1 : IsWord(text, at, Ats, out var length) || IsWord(text, at, Joins, out length) ? length : 0) is > 0 and var word
                && at + word < text.Length && text[at + word] is ')' or ']' or '}' or '>')
            {
                text[at - 1] = text[at + word] = ' ';
            }
        }
    }

    /// <summary>The account numbers that their check digits prove.</summary>
    public static void FindIban(char[] text, List<Mark> marks)
    {
        for (var at = 0; at + 1 < text.Length; at++)
        {
            if (char.IsAsciiLetter(text[at]) && (at == 0 || !NumberRuns.IsWordCharacter(text[at - 1])) && IbanOf.TryGetValue(text.AsSpan(at, 2), out var length)
                && IbanEnd(text, at, length) is > 0 and var end)
            {
                marks.Add(new Mark(at, end, Mark.Iban));
                Array.Fill(text, Mark.Taken, at, end - at);
                at = end - 1;
            }
        }
    }

    // Below 0 where it is none.
    private static int IbanEnd(char[] text, int at, int length)
    {
        Span<char> characters = stackalloc char[length];
        var count = 0;
        var end = at;
        for (var gap = 0; end < text.Length && count < length; end++)
        {
            if (char.IsAsciiLetterOrDigit(text[end]))
            {
                characters[count++] = char.ToUpperInvariant(text[end]);
                gap = 0;
            }
            else if (!(text[end] is ' ' or '-' or ',' or '.' or NumberRuns.Line) || ++gap > (text[end] is ' ' or NumberRuns.Line && text[end - 1] is ' ' or ',' or '.' or NumberRuns.Line ? MaxGap : 1))
            {
                return -1;
            }
        }

        if (count < length || (end < text.Length && NumberRuns.IsWordCharacter(text[end])) || !char.IsAsciiDigit(characters[2]) || !char.IsAsciiDigit(characters[3]))
        {
            return -1;
        }

        // ISO 7064, MOD 97-10: the first four come last, and a letter counts as two digits from 10 on.
        var rest = 0;
        for (var index = 0; index < length; index++)
        {
            var character = characters[(index + 4) % length];
            rest = char.IsAsciiDigit(character) ? ((rest * 10) + character - '0') % 97 : ((rest * 100) + character - 'A' + 10) % 97;
        }

        return rest == 1 ? end : -1;
    }

    // Below 0 where there is no name before it.
    private static int StartOf(char[] text, int at, int least, bool isSign)
    {
        var end = SkipBack(text, at, least);
        var start = Back(text, end, least);
        if (start == end || (!isSign && (end == at || NoNamesOf.Contains(text.AsSpan(start, end - start)))))
        {
            return -1;
        }

        // "max dot mustermann", and what is spelled letter by letter.
        for (var more = 0; more < MaxSaid && SkipBack(text, start, least) is var last && last < start && last > least; more++)
        {
            var before = Back(text, last, least);
            var word = text.AsSpan(before, last - before);
            if (word.Length == 1 && char.IsLetterOrDigit(word[0]) && start + 1 < text.Length && text[start + 1] == ' ')
            {
                start = before;
            }
            else if (Joins.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) && SkipBack(text, before, least) is var joined && joined < before && Back(text, joined, least) is var name && name < joined)
            {
                start = name;
            }
            else
            {
                break;
            }
        }

        return start;
    }

    private static int SkipBack(char[] text, int at, int least)
    {
        var before = at;
        while (before > least && at - before < MaxGap && text[before - 1] == ' ')
        {
            before--;
        }

        return before;
    }

    private static int SkipSpaces(char[] text, int at)
    {
        var after = at;
        while (after < text.Length && after - at < MaxGap && text[after] == ' ')
        {
            after++;
        }

        return after;
    }

    private static int Back(char[] text, int end, int least)
    {
        var start = end;
        while (start > least && end - start < MaxLocal && IsLocal(text[start - 1]))
        {
            start--;
        }

        while (start < end && text[start] is '.' or '/' or '?' or '\'' or '*' or '{' or '|' or '=')
        {
            start++;
        }

        return start;
    }

    private static bool IsLocal(char character) => (NumberRuns.IsWordCharacter(character) || LocalSigns.Contains(character)) && character != Mark.Taken;

    // Below 0 where no domain follows: labels with dots between, the last one of letters.
    private static int EndOf(char[] text, int at)
    {
        var end = -1;
        var label = SkipSpaces(text, at);
        for (var labels = 0; labels < MaxLabels; labels++)
        {
            var after = label;
            var isOfLetters = true;
            while (after < text.Length && after - label < MaxLocal && (text[after] == '-' || (NumberRuns.IsWordCharacter(text[after]) && text[after] != '_')))
            {
                isOfLetters &= char.IsLetter(text[after]);
                after++;
            }

            if (after == label)
            {
                break;
            }

            // An international one is written so, too: "xn--p1ai".
            end = labels > 0 && after - label >= 2 && (isOfLetters || text.AsSpan(label, after - label).StartsWith("xn--", StringComparison.OrdinalIgnoreCase)) ? after : end;
            if (after < text.Length && text[after] is '.' or '点')
            {
                label = after + 1;
            }
            else if (SkipSpaces(text, after) is var word && word > after && IsWord(text, word, Dots, out var dot) && SkipSpaces(text, word + dot) is var next && next > word + dot)
            {
                label = next;
            }
            else
            {
                break;
            }
        }

        return end;
    }

    private static bool IsWord(char[] text, int at, FrozenSet<string> words, out int length)
    {
        length = 0;
        if (at > 0 && NumberRuns.IsWordCharacter(text[at - 1]))
        {
            return false;
        }

        while (at + length < text.Length && length <= MaxSaid && NumberRuns.IsWordCharacter(text[at + length]))
        {
            length++;
        }

        return length is > 0 and <= MaxSaid && words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(at, length));
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
