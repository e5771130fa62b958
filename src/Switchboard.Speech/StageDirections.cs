using System.Collections.Frozen;
using static Switchboard.Speech.Characters;

namespace Switchboard.Speech;

/// <summary>
/// Tells what a model does (<c>*clears throat*</c>) from what it stresses (<c>*really*</c>). A direction begins with a word of the table;
/// how sure that word is decides where it may stand. What stands after a word of the sentence is nearly always stressed.
/// </summary>
internal static class StageDirections
{
    private const int Longest = 60;

    // Nobody stresses these: directions wherever they stand.
    private static readonly FrozenSet<string> Certain = Set(
        "sighs coughs chuckles giggles sniffles yawns gasps gulps pauses hesitates hiccups clears ahem sighing chuckling giggling seufzt räuspert hustet kichert soupire tousse suspira carraspea sospira tossisce zucht kucht вздыхает кашляет");

    // Directions at the start of a sentence and after a comma or dash.
    private static readonly FrozenSet<string> Likely = Set(
        "laughs smiles nods shrugs winks grins smirks blushes whispers mumbles mutters groans sniffs hums breathes exhales inhales snickers cackles squeals moans sobs cries weeps snorts whistles stammers stutters swallows blinks frowns gestures waves bows claps cheers murmurs mutes unmutes sings "
        + "laughing smiling nodding winking whispering grinning yawning coughing pausing shrugging muttering breathing typing rustling "
        + "lacht lächelt nickt pausiert grinst zwinkert flüstert gähnt atmet zögert schmunzelt seufzend lachend lächelnd rit sourit hoche chuchote hésite ríe sonríe asiente susurra tose bosteza ride sorride annuisce sussurra sbadiglia ri sorri suspirando tosse boceja acena "
        + "glimlacht knikt hoest grinnikt fluistert wzdycha śmieje kaszle uśmiecha kiwa смеётся смеется улыбается кивает хихикает шепчет зевает gülüyor gülümsüyor gülümser öksürür skrattar ler suckar nickar hostar");

    // Directions at the start where the next sentence follows them, and longer ones: *takes a deep breath* and *checks the calendar*.
    private static readonly FrozenSet<string> Possible = Set(
        "takes looks checks thinks waits turns leans shakes rolls raises tilts rubs taps types clicks scrolls scratches stares glances points listens speaks talks starts stops goes gets puts picks hangs holds moves opens closes flips adjusts straightens wipes wags jumps dances hugs pats clasps crosses lowers lifts drops sits stands steps walks shuffles shifts "
        + "consults reviews reads writes searches scans browses pulls pushes presses switches connects transfers dials trails drums snaps strokes sips drinks chews licks bites gives makes plays pretends appears seems sounds feels beams purrs barks meows growls perks rises slams knocks rings beeps buzzes reaches responds replies answers puffs ponders considers reflects thinking listening waiting checking looking speaking talking clicking scrolling searching humming taking walking singing crying hace marque fait macht hält holt fa faz делает remembers realizes "
        + "softly quietly gently slowly nervously warmly awkwardly playfully thoughtfully cheerfully happily sadly excitedly briefly in with se si nimmt schaut denkt blickt tippt prend regarde réfléchit mira piensa toma guarda pensa prende olha denkt kijkt patrzy думает смотрит");

    // What is heard or done, as a noun.
    private static readonly FrozenSet<string> Nouns = Set(
        "sigh laugh laughter cough chuckle giggle pause beat silence gasp yawn gulp wink nod shrug smile grin whisper sniff throat keyboard typing static applause music long short brief deep soft small slight heavy nervous dramatic background phone muffled awkward sound sounds beep ding pausa pausen risas risa risos suspiro soupir rire rires silencio silenzio lachen husten seufzer räuspern пауза смех вздох смешок");

    // The second half of a direction.
    private static readonly FrozenSet<string> Parts = Set(
        "throat breath head eyes eyebrow eyebrows brow shoulders hand hands chin nose lips voice sigh sighs chuckle laugh laughs laughter giggle smile smiles grin pause nod nods wink shrug cough keyboard keys papers paper pages notes notepad screen computer mouse calendar sound sounds noise noises plays clicks clicking rings softly quietly gently warmly nervously slightly tail glasses hair tone whisper silence music typing back forward "
        + "pausa inne luft паузу gorge garganta voce gola keel kehle sich rire tête cabeza testa kopf tief się воздух голову");

    // Of scripts without spaces: a short text with one of these.
    private static readonly string[] Cues = ["笑", "叹", "嘆", "咳", "清嗓", "清了清", "停顿", "停頓", "沉默", "点头", "點頭", "微笑", "深吸", "打哈欠", "耸肩", "眨眼", "ため息", "溜息", "咳払い", "うなず", "頷", "웃", "한숨", "기침", "침묵", "미소", "끄덕", "หัวเราะ", "ถอนหายใจ", "ยิ้ม"];

    private static readonly string[] Sorted =
        [.. Certain.Concat(Likely).Concat(Possible).Concat(Nouns).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>How far the direction goes whose text begins at <paramref name="start"/>.</summary>
    /// <param name="window">The text from the opening mark on.</param>
    /// <param name="start">The index after that mark.</param>
    /// <param name="close">The closing mark.</param>
    /// <param name="state">What came before.</param>
    /// <returns>The index after it; <see cref="Window.Missing"/> where it is none, <see cref="Window.Unknown"/> when too little is known.</returns>
    public static int FindEnd(Window window, int start, string close, ReadingState state)
    {
        // Full-width brackets stand behind the word as it is.
        var isBracketed = close is ")" or "）";
        if (IsWord(state.Previous) && close != "）")
        {
            return Window.Missing;
        }

        var word = WordEnd(window, start);
        if (word == start)
        {
            return window.Knows(word) ? Window.Missing : Window.Unknown;
        }

        var isSpaced = window[start] < '\u0e00';
        if (isSpaced && !IsBeginning(window.Span[start..word], isWhole: window.Knows(word)))
        {
            return Window.Missing;
        }

        var end = word;
        while (end < window.Length && end - start <= Longest && (IsOfWord(window[end]) || window[end] is ' ' or ',' or '-' or '\'' or '’' or '.' or '!' or '…'))
        {
            end++;
        }

        if (end == window.Length && !window.Closed)
        {
            return end - start <= Longest ? Window.Unknown : Window.Missing;
        }

        var after = end + close.Length;
        if (window.Has(close, end) is not true and var closes)
        {
            return closes is null ? Window.Unknown : Window.Missing;
        }

        var next = window.RunEnd(after, Blanks);
        if (!window.Knows(next))
        {
            return Window.Unknown;
        }

        var following = window.At(next);
        if (window.At(after) == close[^1] || (next == after && IsWord(following) && !char.IsUpper(following) && isSpaced))
        {
            return Window.Missing;
        }

        var text = window.Span[start..end].TrimEnd(" .!…,");
        var position = PositionOf(state);
        var beginsSentence = IsLineEnd(following) || char.IsUpper(following) || following is '"' or '“' or '„' or '«' or '¿' or '¡' or '*' or '_' || following >= '\u2e80';
        var isOne = isSpaced
            ? Judge(text, word - start, position, beginsSentence, isBracketed, !IsLineEnd(following) && (beginsSentence || (text.Contains(' ') && IsWord(following))))
            : isBracketed ? text.Length <= 5 && IsCue(text) : text.Length <= 12 && HasCue(text);
        return !isOne ? Window.Missing : position == Position.Start && following is '.' or ',' or ';' && next == after ? after + 1 : after;
    }

    private static bool Judge(ReadOnlySpan<char> text, int wordLength, Position position, bool beginsSentence, bool isBracketed, bool isBeforeText)
    {
        Span<char> lower = stackalloc char[text.Length];
        text.ToLowerInvariant(lower);
        var word = lower[..Math.Min(wordLength, lower.Length)];
        var rest = lower[word.Length..].Trim();

        // A capital begins a sentence of its own, or a stressed one: *Takes* about five minutes.
        if (char.IsUpper(text[0]) && !(beginsSentence && position == Position.Start))
        {
            return false;
        }

        if (Has(Certain, word))
        {
            return !word.SequenceEqual("clears") || rest.Contains("throat", StringComparison.Ordinal);
        }

        if (Has(Likely, word))
        {
            return position != Position.Word || (beginsSentence && !isBracketed);
        }

        var hasPart = HasPart(rest);
        if (isBracketed && Has(Nouns, word))
        {
            return hasPart || (rest.IsEmpty && word is "pause" or "beat" or "silence" or "laughter" or "laugh" or "sigh" or "cough" or "chuckle" or "gasp");
        }

        return (Has(Possible, word), position) switch
        {
            (true, Position.Start) => hasPart || (!isBracketed && isBeforeText),
            (true, Position.Pause) => hasPart,
            (false, Position.Start) => beginsSentence && (rest.IsEmpty || hasPart),
            (false, Position.Pause) => hasPart,
            _ => false,
        };
    }

    private static bool HasPart(ReadOnlySpan<char> text)
    {
        foreach (var word in text.Split(' '))
        {
            if (Has(Parts, text[word].Trim(",-")) || Has(Likely, text[word]) || Has(Certain, text[word]))
            {
                return true;
            }
        }

        return false;
    }

    // In brackets something else may well be said of the same: （含沉默期）.
    private static bool IsCue(ReadOnlySpan<char> text)
    {
        foreach (var cue in Cues)
        {
            if (text.StartsWith(cue, StringComparison.Ordinal) || text.EndsWith(cue, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasCue(ReadOnlySpan<char> text)
    {
        foreach (var cue in Cues)
        {
            if (text.Contains(cue, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Position PositionOf(ReadingState state) =>
        state.Leading || state.PreviousVisible is '\0' or '.' or '!' or '?' or '…' or '。' or '！' or '？' || char.IsLowSurrogate(state.PreviousVisible) ? Position.Start
        : IsWord(state.PreviousVisible) ? Position.Word : Position.Pause;

    // Whether a direction may begin so: what cannot is not held back.
    private static bool IsBeginning(ReadOnlySpan<char> text, bool isWhole)
    {
        Span<char> lower = stackalloc char[24];
        if (text.Length > lower.Length)
        {
            return false;
        }

        lower = lower[..text.ToLowerInvariant(lower)];
        int low = 0, high = Sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Sorted[middle].AsSpan().SequenceCompareTo(lower) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low < Sorted.Length && (isWhole ? lower.SequenceEqual(Sorted[low]) : Sorted[low].AsSpan().StartsWith(lower));
    }

    private static int WordEnd(Window window, int start)
    {
        var end = start;
        while (end < window.Length && end - start <= Longest && IsOfWord(window[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsOfWord(char character) => char.IsLetter(character) || (character >= '\u0300' && char.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static bool Has(FrozenSet<string> set, ReadOnlySpan<char> word) => set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private enum Position
    {
        /// <summary>Where a sentence begins.</summary>
        Start,

        /// <summary>After a comma, a dash and the like.</summary>
        Pause,

        /// <summary>After a word.</summary>
        Word,
    }
}
