using System.Collections.Frozen;

namespace Switchboard.Masks;

/// <summary>Reads numbers in words, as they are said of phones: by the digit, by two and by three.</summary>
internal static class SaidNumbers
{
    // "siebenhundertsiebenundsiebzig" has 29.
    private const int MaxWord = 32;

    // By language: the digits, the words from ten on, those from twenty on, and those from a hundred on.
    private static readonly (Tongue Tongue, string Digits, string Teens, string Tens, string Hundreds)[] Table =
    [
        (Tongue.English, "zero/oh/o/nought one two three four five six seven eight nine", "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
            "twenty thirty forty fifty sixty seventy eighty ninety", "hundred"),
        (Tongue.German, "null eins zwei/zwo drei vier fünf/fuenf sechs sieben acht neun", "zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn",
            "zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig sechzig siebzig achtzig neunzig", "hundert"),
        (Tongue.French, "zéro un deux trois quatre cinq six sept huit neuf", "dix onze douze treize quatorze quinze seize", "vingt/vingts trente quarante cinquante soixante septante huitante/octante nonante",
            "cent/cents"),
        (Tongue.Spanish, "cero uno/un dos tres cuatro cinco seis siete ocho nueve", "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
            "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", "cien/ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"),
        (Tongue.Italian, "zero uno due tre quattro cinque sei sette otto nove", "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
            "venti trenta quaranta cinquanta sessanta settanta ottanta novanta", "cento"),
        (Tongue.Dutch, "nul een twee drie vier vijf zes zeven acht negen", "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
            "twintig dertig veertig vijftig zestig zeventig tachtig negentig", "honderd"),
    ];

    private static readonly FrozenDictionary<string, Word> Words = AllWords().ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Word>.AlternateLookup<ReadOnlySpan<char>> WordOf = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    // What a hundred is written in one word with: "zweihundertzwölf".
    private static readonly (Tongue Tongue, string Hundred, string And)[] Hundreds = [(Tongue.German, "hundert", "und"), (Tongue.Dutch, "honderd", "en"), (Tongue.Italian, "cento", ""), (Tongue.Italian, "cent", "")];

    [Flags]
    private enum Tongue
    {
        None = 0,
        English = 1,
        German = 2,
        French = 4,
        Spanish = 8,
        Italian = 16,
        Dutch = 32,
    }

    /// <summary>The digits of the number whose first word stands there, and where it is over.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where a word begins.</param>
    /// <param name="isBehindZero">Whether a zero was said before it: "zéro quatre vingt-cinq" is 04 25.</param>
    public static (int End, string Digits)? At(char[] text, int at, bool isBehindZero)
    {
        if (WordAt(text, at) is not { } first)
        {
            return Repeated(text, at);
        }

        var number = first;
        if (number.Value is > 0 and < 10 && After(text, number) is { Value: 100 } hundred && Of(number, hundred, Tongue.English | (number.Value > 1 ? Tongue.German | Tongue.French | Tongue.Dutch : 0)) is var tongue and not Tongue.None)
        {
            number = new(100 * number.Value, tongue, hundred.End);
        }
        else if (number.Value == 100 && (number.Tongue == Tongue.English || (number.Tongue == Tongue.French && Below(text, number) is null)))
        {
            // "a hundred", and "five cent".
            return null;
        }
        else if (number.Value < 100)
        {
            number = TensAt(text, number, isBehindZero);
        }

        return number.Value >= 100 && number.Value % 100 == 0 && Below(text, number) is { } rest
            ? (rest.End, Digits(number.Value + rest.Value))
            : (number.End, Digits(number.Value));
    }

    private static string Digits(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // "cent vingt-trois", "hundert zwölf", "a hundred and five"; but "0800 330" is "achthundert drei drei null", and "eight hundred five five five".
    private static Word? Below(char[] text, Word hundred)
    {
        var and = AfterAnd(text, hundred, Tongue.English, "and");
        return (and ?? After(text, hundred)) is { Value: > 0 and < 100 } rest && TensAt(text, rest, isBehindZero: false) is var whole
            && Of(hundred, whole, and is not null ? Tongue.English : Tongue.French | Tongue.Spanish | Tongue.Italian | (whole.Value >= 10 ? Tongue.German | Tongue.Dutch : 0)) is not Tongue.None
            ? whole
            : null;
    }

    // What is below a hundred and takes more than a word.
    private static Word TensAt(char[] text, Word first, bool isBehindZero)
    {
        var number = first;
        if (first.Value == 4 && After(text, first) is { Value: 20 } twenty && Of(first, twenty, Tongue.French) is not Tongue.None && !(isBehindZero && text[first.End] == ' '))
        {
            number = new(80, Tongue.French, twenty.End);
        }
        else if (first.Value is > 0 and < 10 && (AfterAnd(text, first, Tongue.German, "und") ?? AfterAnd(text, first, Tongue.Dutch, "en")) is { Value: >= 20 and < 100 } tens && tens.Value % 10 == 0
            && Of(first, tens, Tongue.German | Tongue.Dutch) is var tongue and not Tongue.None)
        {
            return new(first.Value + tens.Value, tongue, tens.End);
        }

        if (number.Value < 10 || number.Value % 10 != 0)
        {
            return number;
        }

        var and = AfterAnd(text, number, Tongue.French, "et") ?? AfterAnd(text, number, Tongue.Spanish, "y");
        // "quatre-vingt quatre-vingt-dix" are two.
        if ((and ?? After(text, number)) is not { Value: > 0 and < 20 } next || (text[number.End] == ' ' && next.End < text.Length && text[next.End] == '-' && After(text, next) is { Value: 20 or 100 }))
        {
            return number;
        }

        var same = Of(number, next, Tongue.French | (and is not null ? Tongue.Spanish : Tongue.English | Tongue.Italian));
        // "soixante-dix-huit"
        var unit = same is Tongue.French && next.Value == 10 && number.Value > 10 ? TensAt(text, next, isBehindZero: false) : next;
        var isWhole = same is Tongue.French && number.Value == 10 ? unit.Value is >= 7 and < 10 : number.Value >= 20 && (unit.Value < 10 || (same is Tongue.French && number.Value is 60 or 80));
        return same is not Tongue.None && isWhole ? new(number.Value + unit.Value, same, unit.End) : number;
    }

    // "double five"
    private static (int End, string Digits)? Repeated(char[] text, int at)
    {
        Span<char> letters = stackalloc char[MaxWord];
        var length = Fold(text, at, letters);
        var times = letters[..length] switch
        {
            "double" or "doppel" or "doppelt" or "zweimal" or "doble" or "doppio" or "dubbel" or "dubbele" => 2,
            "triple" or "treble" or "dreimal" or "triplo" or "driemaal" => 3,
            _ => 0,
        };
        var next = NumberRuns.SkipSpaces(text, at + length);
        return times == 0 || next == at + length || next == text.Length ? null
            : char.IsAsciiDigit(text[next]) ? (next + 1, new string(text[next], times))
            : WordAt(text, next) is { Value: < 10 } digit ? (digit.End, new string((char)('0' + digit.Value), times))
            : null;
    }

    private static Tongue Of(Word one, Word other, Tongue allowed) => one.Tongue & other.Tongue & allowed;

    // The word behind a space or a hyphen.
    private static Word? After(char[] text, Word word) => word.End + 1 < text.Length && text[word.End] is ' ' or '-' ? WordAt(text, word.End + 1) : null;

    private static Word? AfterAnd(char[] text, Word word, Tongue tongue, string and) =>
        word.Tongue.HasFlag(tongue) && word.End + and.Length + 2 < text.Length && text[word.End] is ' ' or '-' && text.AsSpan(word.End + 1, and.Length).Equals(and, StringComparison.OrdinalIgnoreCase)
            ? After(text, word with { End = word.End + 1 + and.Length })
            : null;

    private static Word? WordAt(char[] text, int at)
    {
        Span<char> letters = stackalloc char[MaxWord];
        var length = Fold(text, at, letters);
        var word = letters[..length];
        if (WordOf.TryGetValue(word, out var found))
        {
            return found with { End = at + length };
        }

        foreach (var (tongue, name, and) in Hundreds)
        {
            if (word.IndexOf(name) is >= 0 and var place && HeadOf(word[..place], tongue) is var times and > 0 && word[(place + name.Length)..] is var tail
                && (tail.IsEmpty ? 0 : ValueOf(tail, tongue) ?? (and.Length > 0 && tail.StartsWith(and) ? ValueOf(tail[and.Length..], tongue) : null)) is { } rest)
            {
                return new((100 * times) + rest, tongue, at + length);
            }
        }

        return null;
    }

    private static int HeadOf(ReadOnlySpan<char> head, Tongue tongue) => head.IsEmpty || (head is "ein" && tongue is Tongue.German) ? 1 : ValueOf(head, tongue) is { } value and < 10 ? value : 0;

    private static int? ValueOf(ReadOnlySpan<char> word, Tongue tongue) => WordOf.TryGetValue(word, out var found) && found.Tongue.HasFlag(tongue) && found.Value is > 0 and < 100 ? found.Value : null;

    // The word without accents; 0 where it is longer than any that is looked for.
    private static int Fold(char[] text, int at, Span<char> letters)
    {
        var length = 0;
        for (; at + length < text.Length && NumberRuns.IsWordCharacter(text[at + length]); length++)
        {
            if (length == letters.Length)
            {
                return 0;
            }

            letters[length] = Fold(text[at + length]);
        }

        return length;
    }

    private static char Fold(char letter) => char.ToLowerInvariant(letter) switch
    {
        'à' or 'á' or 'â' or 'ä' => 'a',
        'è' or 'é' or 'ê' or 'ë' => 'e',
        'ì' or 'í' or 'î' or 'ï' => 'i',
        'ò' or 'ó' or 'ô' or 'ö' => 'o',
        'ù' or 'ú' or 'û' or 'ü' => 'u',
        'ß' => 's',
        var other => other,
    };

    private static Dictionary<string, Word> AllWords()
    {
        var words = new Dictionary<string, Word>();
        foreach (var (tongue, digits, teens, tens, hundreds) in Table)
        {
            foreach (var (names, first, step) in new[] { (digits, 0, 1), (teens, 10, 1), (tens, 20, 10), (hundreds, 100, 100) })
            {
                foreach (var (place, variants) in names.Split(' ').Index())
                {
                    Array.ForEach(variants.Split('/'), name => Add(name, first + (step * place), tongue));
                }
            }

            foreach (var (ten, unit) in tens.Split(' ').Index().SelectMany(_ => digits.Split(' ').Index().Skip(1), (ten, unit) => (ten, unit)))
            {
                foreach (var (name, one) in ten.Item.Split('/').SelectMany(_ => unit.Item.Split('/'), (name, one) => (name, one)))
                {
                    Array.ForEach(Joined(tongue, name, one), word => Add(word, (10 * ten.Index) + 20 + unit.Index, tongue));
                }
            }
        }

        return words;

        void Add(string name, int value, Tongue tongue)
        {
            var word = string.Concat(name.Select(Fold));
            words[word] = new(value, tongue | words.GetValueOrDefault(word).Tongue, 0);
        }
    }

    // Below a hundred in one word; French has none.
    private static string[] Joined(Tongue tongue, string ten, string unit) => tongue switch
    {
        Tongue.English => [ten + unit],
        Tongue.German => [$"{(unit == "eins" ? "ein" : unit)}und{ten}"],
        Tongue.Dutch => [$"{unit}en{ten}"],
        Tongue.Italian => [(unit[0] is 'u' or 'o' ? ten[..^1] : ten) + unit],
        Tongue.Spanish => ten == "veinte" ? ["veinti" + unit] : [$"{ten}y{unit}", $"{ten}i{unit}"],
        _ => [],
    };

    private readonly record struct Word(int Value, Tongue Tongue, int End);
}
