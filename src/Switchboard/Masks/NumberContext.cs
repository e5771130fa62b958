using System.Buffers;
using System.Collections.Frozen;

namespace Switchboard.Masks;

/// <summary>What the words before a number, and the name of what it is the value of, say that it is: a thing's or a phone's.</summary>
internal sealed class NumberContext(char[] text, string? name)
{
    private const int MaxWords = 6;
    private const int Window = 48;
    private const int LongWord = 5;

    // What follows such a word is no phone number. Only the whole word: Casey, Pinar and Zimmermann have phones.
    private static readonly FrozenSet<string> Things = Set(
        "order orders bestell bestellung bestellungen bestellungs auftrag auftrags aufträge rechnung rechnungen rechnungs invoice invoices ticket tickets booking buchung buchungen buchungs reservierung "
        + "reservierungs reservation reference references referenz referenzen référence referencia riferimento vorgang vorgangs vorgänge case tracking sendung sendungen sendungs paket pakete parcel "
        + "parcels serial serials serien artikel article articles item items sku skus isbn ean zimmer room rooms confirmation bestätigung bestätigungs version versionen versions build pin code codes "
        + "iban account accounts konto konten kontostand vertrag vertrags verträge contract contracts policy commande commandes facture factures pedido pedidos factura facturas ordine ordini fattura "
        + "fatture zip plz postcode postleitzahl receipt receipts beleg belege flight flights flug flüge zähler zählerstand meter product products produkt produkte timestamp timestamps seed kundenzeichen "
        + "aktenzeichen kassenzeichen réservation réservations colis suivi dossier contrat billet vol chambre reserva reservas código codigo códigos envío artículo paquete expediente vuelo habitación "
        + "prenotazione prenotazioni codice codici pacco spedizione articolo volo contratto stanza bestel bestelling bestellingen reservering reserverings factuur facturen zending pakket vlucht "
        + "kamer");

    // They have phones too: only "customer number" and "Kunden-Nr." are those of things.
    private static readonly FrozenSet<string> Persons = Set("customer customers kunde kunden member members mitglied mitglieds mitglieder client cliente klant klanten");

    // "Bestellnummer", "Sendungsverfolgungsnummer".
    private static readonly string[] LongEndings = ["nummer", "nummern", "number", "numbers", "code", "codes", "kennung"];

    // Names end so, too: only behind the whole word, "Bestellnr" and "order_id".
    private static readonly string[] ShortEndings = ["nr", "no", "num", "id", "ids", "ref", "key"];

    private static readonly string[] ChineseThings = ["订单", "单号", "编号", "快递", "运单", "发票", "预订", "会员号", "会员卡", "票号", "房间", "注文", "予約", "型号", "訂單", "單號", "編號"];

    private static readonly SearchValues<char> ChineseLinks = SearchValues.Create("号號码碼是为為单單编編卡的は :#.-nNoOrRiIdD\"(");

    private static readonly string[] Phones =
    [
        "phone", "telefon", "handy", "mobil", "cell", "call", "tel", "fax", "rückruf", "erreich", "ruf", "ring", "dial", "wähl", "whatsapp", "sms", "téléphone", "portable", "móvil", "celular", "cellulare",
        "telefoon", "reach", "anruf", "telnr", "msisdn",
    ];

    private static readonly string[] ChinesePhones = ["电话", "手机", "拨打", "致电", "联系", "號碼", "电話", "電話", "携帯", "手機"];

    private static readonly string[] CardWords = ["card", "karte", "carte", "tarjeta", "carta", "kaart", "visa", "amex", "卡号", "卡號", "信用卡", "银行卡", "カード"];

    private static readonly FrozenSet<string> NumberWords = Set("number nummer numéro número numero 号码");

    private static readonly FrozenSet<string> Numbers = Set("number numbers nummer nummern nummers numéro numéros número números numero numeri nr no num id ids code codes key ref kennung");

    // They tell nothing of themselves: "order number is".
    private static readonly FrozenSet<string> Links =
        Set("number numbers nummer nummern nummers numéro numéros número números numero numeri num nr no id is are ist sind lautet lauten heißt was war my meine mein ihre the die der das a mit with von of your deine reads lautete it's est c'est sont es son è sono zijn mijn");

    // Only behind a verb: "la commande est le", but "pour la commande le 06 …".
    private static readonly FrozenSet<string> Articles = Set("le la les el los il lo het");

    private static readonly string[] Verbs = ["est", "c'est", "es", "è", "is"];

    private static readonly string[] NumbersOf = ["numéro de", "número de", "numero de", "numero di", "número del", "numero del"];

    private static readonly FrozenSet<string> Abbreviations = Set("no num art ref");

    private bool IsNamedThing => name is not null && !IsNamedPhone && (IsThingsName(name) || Array.Exists(ChineseThings, word => name.Contains(word, StringComparison.Ordinal)));

    private bool IsNamedPhone => name is not null && (IsPhonesName(name) || Array.Exists(ChinesePhones, word => name.Contains(word, StringComparison.Ordinal)));

    /// <summary>Whether the words right before say that it is a thing's: "my order number is".</summary>
    /// <param name="start">Where the number begins.</param>
    /// <param name="isLikePhone">Whether it looks like a phone's and words before speak of one: then it is a thing's only where that is called a number. "Rückruf zur Bestellung: 0176 …"</param>
    public bool IsThing(int start, bool isLikePhone = false)
    {
        var (end, isNumbered) = (start, false);
        for (var words = 0; words < MaxWords; words++)
        {
            while (end > 0 && start - end < Window && text[end - 1] is ' ' or ':' or '.' or '#' or '=' or '-' or '"' or '(' or '\t')
            {
                end--;
            }

            var begin = end;
            while (begin > 0 && end - begin < Window && (NumberRuns.IsWordCharacter(text[begin - 1]) || text[begin - 1] is '\''))
            {
                begin--;
            }

            if (begin == end)
            {
                return end == 0 ? IsNamedThing : IsChineseThing(start);
            }

            var word = new string(text, begin, end - begin);
            // What the sentence before is about is another matter, but for "Bestellnr. 1".
            if (text.AsSpan(end, Math.Min(2, start - end)) is ['.', ' '] && !word.EndsWith("nr", StringComparison.OrdinalIgnoreCase) && !Abbreviations.Contains(word))
            {
                return false;
            }

            // "202-555-0123" is one number of a thing.
            var isOfNumber = end + 1 == start && text[end] is '-' or '.' && text[start] != '0' && word.All(char.IsAsciiDigit);
            if (!isOfNumber && !Links.Contains(word) && !(Articles.Contains(word) && IsBehind(Verbs, begin)))
            {
                // "numero d'ordine", and "número de cliente".
                word = word is [_, '\'', ..] ? word[2..] : word;
                isNumbered |= Persons.Contains(word) && IsBehind(NumbersOf, begin);
                return IsThingsWord(word, isNumbered) && !(isLikePhone && !isNumbered && Things.Contains(word));
            }

            isNumbered |= Numbers.Contains(word);
            end = begin;
        }

        return false;
    }

    /// <summary>Whether the words before speak of a phone.</summary>
    public bool IsPhone(int start)
    {
        var (begin, before) = Before(start);
        return Array.Exists(Phones, word => HasWord(before, word)) || Array.Exists(ChinesePhones, word => before.Contains(word, StringComparison.Ordinal)) || (begin == 0 && IsNamedPhone);
    }

    /// <summary>Whether the words before speak of a card, and not of a thing's number.</summary>
    public bool IsCard(int start)
    {
        var (_, before) = Before(start);
        return Array.Exists(CardWords, word => HasWord(before, word)) && !IsThing(start);
    }

    /// <summary>Whether the words before speak of a number.</summary>
    public bool IsNumber(int start)
    {
        var (_, before) = Before(start);
        return NumberWords.Any(word => HasWord(before, word));
    }

    // Whether one of these words is the last before a place.
    private bool IsBehind(string[] words, int at)
    {
        var before = text.AsSpan(Math.Max(0, at - Window), Math.Min(at, Window)).TrimEnd();
        foreach (var word in words)
        {
            if (before.EndsWith(word, StringComparison.OrdinalIgnoreCase) && (before.Length == word.Length || !NumberRuns.IsWordCharacter(before[^(word.Length + 1)])))
            {
                return true;
            }
        }

        return false;
    }

    private (int Begin, string Text) Before(int start)
    {
        var begin = Math.Max(0, start - Window);
        return (begin, new string(text, begin, start - begin));
    }

    private static bool HasWord(string before, string word)
    {
        for (var at = before.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = before.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (at == 0 || word[0] > '\u2e80' || !NumberRuns.IsWordCharacter(before[at - 1]) || word.Length >= LongWord)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsThingsWord(string word, bool isNumbered)
    {
        if (Things.Contains(word) || (isNumbered && Persons.Contains(word)))
        {
            return true;
        }

        foreach (var ending in LongEndings)
        {
            // The phone may be a customer's: "Kundenrufnummer".
            if (Stem(word, ending) is { } stem && Things.Concat(Persons).Where(thing => stem.StartsWith(thing, StringComparison.OrdinalIgnoreCase)).MaxBy(thing => thing.Length) is { } longest
                && !Array.Exists(Phones, phone => stem.AsSpan(longest.Length).Contains(phone, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return Array.Exists(ShortEndings, ending => Stem(word, ending) is { } stem && (Things.Contains(stem) || Persons.Contains(stem)));
    }

    private static string? Stem(string word, string ending) => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? word[..^ending.Length].TrimEnd('_') : null;

    // Between the word and the number may stand what belongs to the word, and no other sentence.
    private bool IsChineseThing(int start)
    {
        const int Near = 12;
        var begin = Math.Max(0, start - Near);
        var before = new string(text, begin, start - begin);
        return Array.Exists(ChineseThings, word => before.LastIndexOf(word, StringComparison.Ordinal) is >= 0 and var at && before.AsSpan(at + word.Length).IndexOfAnyExcept(ChineseLinks) < 0)
            && !Array.Exists(ChinesePhones, word => before.Contains(word, StringComparison.Ordinal));
    }

    // The last word of a name says what it is: that of "order_contact" is a contact.
    private static bool IsThingsName(string name)
    {
        var words = WordsOf(name);
        for (var index = 0; index < words.Count; index++)
        {
            var isNumbered = index + 1 < words.Count && Numbers.Contains(words[index + 1]);
            if ((isNumbered || index + 1 == words.Count) && IsThingsWord(words[index], isNumbered || (index > 0 && Numbers.Contains(words[index - 1]))))
            {
                return true;
            }
        }

        return false;
    }

    // A short one is also the middle of others: hotel, bestellt.
    private static bool IsPhonesName(string name)
    {
        var words = WordsOf(name);
        return Array.Exists(Phones, phone => phone.Length >= LongWord ? name.Contains(phone, StringComparison.OrdinalIgnoreCase) : words.Exists(word => word.StartsWith(phone, StringComparison.OrdinalIgnoreCase)));
    }

    // "order_id", "orderId", "order-id", "order id".
    private static List<string> WordsOf(string name)
    {
        var words = new List<string>();
        var begin = 0;
        for (var index = 0; index <= name.Length; index++)
        {
            var isLetter = index < name.Length && char.IsLetter(name[index]);
            if (isLetter && !(index > begin && char.IsUpper(name[index]) && char.IsLower(name[index - 1])))
            {
                continue;
            }

            if (index > begin)
            {
                words.Add(name[begin..index]);
            }

            begin = isLetter ? index : index + 1;
        }

        return words;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
