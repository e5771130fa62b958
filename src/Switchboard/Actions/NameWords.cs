using System.Collections.Frozen;

namespace Switchboard.Actions;

/// <summary>The words of a name, as in <c>endCall</c>, <c>_transfer_call</c> and <c>hang-up</c>: what platforms call their tools and what these take is told by them.</summary>
internal static class NameWords
{
    private static readonly FrozenSet<string> Fillers = Set(
        "a action actions agent an and api assistant attended blind builtin cold current default fn func function my now our phone platform please system telephone the this to tool tools user voice warm with "
        + "bolna cartesia elevenlabs fish livekit pipecat telnyx vapi vocode");

    private static readonly FrozenSet<string> Endings = Set("close conclude disconnect drop end finish stop terminate");
    private static readonly FrozenSet<string> Conversations = Set("call caller chat conversation dialog dialogue session");
    private static readonly FrozenSet<string> Transfers = Set("forward redirect reroute route transfer");

    private static readonly FrozenSet<string> Destinations = Set(
        "call caller department desk extension human line number operator person phone reception representative sip specialist staff support telephone");

    // What only speaks of transfers, or moves something else.
    private static readonly FrozenSet<string> Others = Set(
        "account balance bank booking cancel check create crypto data delete domain email file find fund funds get history list log lookup money note order ownership payment points read record "
        + "recording reservation save schedule search send status stock summary ticket token tokens update wire");

    private static readonly FrozenSet<string> Numbers = Set("callee dest destination dial e164 ext extension msisdn number phone recipient sip target tel telephone to uri");
    private static readonly FrozenSet<string> NoNumbers = Set("amount context from id message name note notes reason say speak summary text type whisper");
    private static readonly FrozenSet<string> Places = Set("address callee dest destination dial endpoint extension recipient sip target to uri url");
    private static readonly FrozenSet<string> Shown = Set("caller from");
    private static readonly FrozenSet<string> Lines = Set("announcement farewell goodbye message say speak spoken utterance");
    private static readonly FrozenSet<string> Somebody = Set("agent assignee callee destination error human internal operator recipient representative sms target");
    private static readonly FrozenSet<string> Notes = Set("briefing context introduction message note notes summary whisper");
    private static readonly FrozenSet<string> Reasons = Set("cause reason why");

    // Tools that ring up somebody else are no form of a transfer, but as dear: Telnyx has refer and invite (https://developers.telnyx.com/docs/inference/ai-assistants).
    private static readonly FrozenSet<string> Diallings = Set("bridge dial invite redial refer xfer");
    private static readonly FrozenSet<string> Beginnings = Set("make place start");

    // Words that are written as one.
    private static readonly FrozenDictionary<string, string> Joined =
        "end call|end conversation|end session|terminate call|disconnect call|hang up|hang up call|transfer call|call transfer|transfer to number|forward call|phone number|transfer number|transfer to"
            .Split('|').ToFrozenDictionary(words => words.Replace(" ", "", StringComparison.Ordinal), words => words, StringComparer.Ordinal);

    /// <summary>Whether a tool of this name ends the call.</summary>
    public static bool IsHangUp(string name)
    {
        var words = Of(name);
        var hangsUp = words.Contains("hang") && words.Contains("up");
        var ends = words.Any(Endings.Contains) && (words.Any(Conversations.Contains) || words is ["disconnect"]);
        return (hangsUp || ends) && words.All(word => Fillers.Contains(word) || Endings.Contains(word) || Conversations.Contains(word) || word is "hang" or "up" || IsNumber(word));
    }

    /// <summary>Whether a tool of this name hands the call to somebody else; what it takes must tell the rest.</summary>
    public static bool IsTransfer(string name)
    {
        var words = Of(name);
        return words.Any(Transfers.Contains) && !words.Any(Others.Contains)
            && (words.Any(Destinations.Contains) || words.All(word => Transfers.Contains(word) || Fillers.Contains(word) || IsNumber(word)));
    }

    /// <summary>Whether a property of this name may say where a call goes, in whatever way.</summary>
    public static bool IsDestination(string name) => Of(name).Any(Places.Contains);

    /// <summary>Whether a tool of this name may ring somebody up.</summary>
    public static bool IsDialling(string name)
    {
        var words = Of(name);
        return words.Any(Transfers.Contains) || words.Any(Diallings.Contains) || (words.Any(Beginnings.Contains) && words.Contains("call"));
    }

    /// <summary>What a property of this name holds.</summary>
    public static PropertyRole RoleOf(string name)
    {
        var words = Of(name);
        return words.Any(Reasons.Contains) ? PropertyRole.Reason
            : words.Any(Lines.Contains) && !words.Any(Somebody.Contains) ? PropertyRole.Line
            : words.Any(Notes.Contains) ? PropertyRole.Note
            : words is ["from"] || (words.Any(Shown.Contains) && (words.Any(Numbers.Contains) || words.Contains("id"))) ? PropertyRole.ShownNumber
            : words.Any(Numbers.Contains) && !words.Any(NoNumbers.Contains) ? PropertyRole.Number
            : PropertyRole.Unknown;
    }

    private static List<string> Of(string name)
    {
        var words = new List<string>();
        var start = -1;
        for (var at = 0; at <= name.Length; at++)
        {
            var ends = at == name.Length || !char.IsLetterOrDigit(name[at]);
            var begins = !ends && start >= 0 && char.IsUpper(name[at]) && (char.IsLower(name[at - 1]) || char.IsDigit(name[at - 1]));
            if ((ends || begins) && start >= 0)
            {
                Add(words, name[start..at].ToLowerInvariant());
                start = -1;
            }

            start = !ends && start < 0 ? at : start;
        }

        return words;
    }

    private static void Add(List<string> words, string word)
    {
        if (Joined.TryGetValue(word, out var several))
        {
            words.AddRange(several.Split(' '));
        }
        else
        {
            words.Add(word);
        }
    }

    private static bool IsNumber(string word) => word.All(char.IsDigit);

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>What a property of a platform's tool holds.</summary>
internal enum PropertyRole
{
    /// <summary>What nobody knows here.</summary>
    Unknown,

    /// <summary>Where the call goes.</summary>
    Number,

    /// <summary>The number that the new party sees.</summary>
    ShownNumber,

    /// <summary>What the caller hears.</summary>
    Line,

    /// <summary>What the new party is told.</summary>
    Note,

    /// <summary>Why.</summary>
    Reason,
}
