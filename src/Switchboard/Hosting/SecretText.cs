using System.Text.RegularExpressions;

namespace Switchboard.Hosting;

/// <summary>What secrets are called, and what keys look like.</summary>
internal static partial class SecretText
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mask = "…";

    // Whole words of a name.
    private static readonly string[] Words = ["auth", "authorization", "bearer", "credential", "jwt", "pass", "pwd", "sas", "sig", "signature"];

    // Those that alone mean a secret, and beside another one as often something else: language_code, eos_token, sort_key.
    private static readonly string[] Doubtful = ["code", "key", "token"];

    // The last words of names of which also a number is one.
    private static readonly string[] OfNumbers = ["pass", "passphrase", "passwd", "password", "pwd", "secret"];

    // Anywhere in a name, whose words nobody can tell apart where they are written as one.
    private static readonly string[] Parts =
    [
        "accesskey", "accesstoken", "apikey", "apitoken", "authkey", "authtoken", "bearertoken", "credentials", "idtoken", "masterkey", "passphrase", "password", "passwd", "privatekey", "refreshtoken",
        "secret", "sessiontoken", "sharedkey", "signingkey", "subscriptionkey",
    ];

    /// <summary>Whether a text holds what looks like a key of a service: one that is told by how it begins.</summary>
    public static bool HasKey(string text) => Key().IsMatch(text);

    /// <summary>Whether the whole of a text looks like a key; so does what stands as a name where somebody took it for the name of a key, or forgot the name before it.</summary>
    public static bool IsKey(string text) => HasKey(text) || BareKey().IsMatch(text);

    /// <summary>Whether what should name a secret looks like a secret itself, and not like a name that is none.</summary>
    public static bool IsKeyInPlaceOfName(string text) => IsKey(text) || KeyItself().IsMatch(text);

    /// <summary>A text without what looks like a key in it.</summary>
    public static string Masked(string text) => Key().Replace(text, Mask);

    /// <summary>Whether what stands under a name is a secret: by whole words of it, and by what is written as one. <c>max_tokens</c> is none, and <c>prompt_cache_key</c> says nothing that must not be known.</summary>
    public static bool IsSecret(string name, string value)
    {
        var words = WordsOf(name);
        var whole = string.Concat(words);
        return value.Length > 0 && !words.Contains("cache")
            && (words.Any(Words.Contains) || Array.Exists(Parts, part => whole.Contains(part, StringComparison.Ordinal)) || (words.Any(Doubtful.Contains) && (words.Length == 1 || MayBeKey().IsMatch(value))));
    }

    /// <summary>The same of a number.</summary>
    public static bool IsSecretNumber(string name) => WordsOf(name) is [.., var last] && OfNumbers.Contains(last);

    private static string[] WordsOf(string name) => [.. Word().Matches(name).Select(word => word.Value.ToLowerInvariant())];

    // With signs that no name has, or with capitals, small letters and digits mixed.
    [GeneratedRegex("^(sk-|gsk_|xai-|AIza)|^(?=.*[0-9])(?=.*[^0-9A-Za-z_. -])[^ ]{20,}$|^(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])[0-9A-Za-z_-]{40,}$")]
    private static partial Regex KeyItself();

    // OpenAI and those that do as it does, Groq, xAI, Google, Hugging Face, GitHub, Slack, AWS, a JSON web token.
    [GeneratedRegex(@"(?<![0-9A-Za-z])(sk-(?=[\w-]*[0-9])[\w-]{16,}|sk_(?=\w*[0-9])\w{16,}|gsk_\w{16,}|xai-[\w-]{16,}|AIza[\w-]{30,}|hf_\w{20,}|gh[opsu]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{16,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)")]
    private static partial Regex Key();

    // Those that begin like nothing else.
    [GeneratedRegex("^[0-9a-fA-F]{32}$|^(?=.*[0-9])[0-9A-Za-z]{40,}$")]
    private static partial Regex BareKey();

    // A key has no fewer characters; what stands under a name that says little is mostly shorter, or has other signs: <|end_of_text_2|>.
    [GeneratedRegex("^(?=.*[0-9])[0-9A-Za-z_./+=~-]{16,}$")]
    private static partial Regex MayBeKey();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
