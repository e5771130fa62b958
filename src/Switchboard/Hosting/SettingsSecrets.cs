using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Switchboard.Hosting;

/// <summary>
/// Finds secrets that somebody has written into <c>switchboard.json</c>, by the names that they stand under and by what keys look like, and says where they belong. Only the names
/// of secrets may stand there.
/// </summary>
internal static partial class SettingsSecrets
{
    private const string Mask = "…";
    private const string Vault = "Access:KeyVault:Uri";
    private const string AsHeader = "send it as a header, whose Secret names a secret of the Key Vault";

    // Path, what to write in the place of it, and the setting for that: as a whole, or beside it.
    private static readonly (Regex Path, string Instead, string Setting)[] Rules =
    [
        (AccessKeys(), $"name a Key Vault ({Vault}), whose secrets hold the keys", Vault),
        (UpstreamKey(), "name a secret of the Key Vault as ApiKeySecret, or ask by Credential", "ApiKeySecret"),
        (HeaderValue(), "name a secret of the Key Vault as Secret", "Secret"),
        (McpKey(), "name a secret of the Key Vault as ApiKeySecret", "ApiKeySecret"),
        (Storage(), "name the account as Transcripts:TableServiceUri, which is asked by identity", "TableServiceUri"),
    ];

    // Whole words of a name.
    private static readonly string[] Words = ["auth", "authorization", "bearer", "code", "credential", "jwt", "key", "pass", "pwd", "sas", "sig", "signature", "token"];

    // Anywhere in a name, whose words nobody can tell apart where they are written as one.
    private static readonly string[] Parts =
    [
        "accesskey", "accesstoken", "apikey", "apitoken", "authkey", "authtoken", "bearertoken", "credentials", "idtoken", "masterkey", "passphrase", "password", "passwd", "privatekey", "refreshtoken",
        "secret", "sessiontoken", "sharedkey", "signingkey", "subscriptionkey",
    ];

    /// <summary>Why <paramref name="value"/> may not stand in the file; null when it may, as far as its names say.</summary>
    /// <param name="path">Its key in the configuration.</param>
    /// <param name="value">The value.</param>
    /// <param name="property">The setting that it is of; null for an entry of a list, or where there is none.</param>
    public static string? Failure(string path, JsonElement value, PropertyInfo? property)
    {
        if (IsEmpty(value))
        {
            return null;
        }

        foreach (var (secret, instead, _) in Rules)
        {
            if (secret.IsMatch(path))
            {
                return Refusal(path, value, instead);
            }
        }

        return property?.PropertyType == typeof(Uri) && value.ValueKind is JsonValueKind.String ? OfAddress(path, value.GetString()!)
            : property?.GetCustomAttribute<StringSyntaxAttribute>()?.Syntax is StringSyntaxAttribute.Json ? OfJson(path, value)
            : value.ValueKind is not JsonValueKind.String ? null
            : NameOfSecret().IsMatch(path) && KeyItself().IsMatch(value.GetString()!)
                ? $"{path}: expected the name of a secret; this looks like a key itself, which must not stand in {SettingsFolder.FileName}."
            : HasKey(value.GetString()!) ? Refusal(path, path, "this holds what looks like a key")
            : null;
    }

    /// <summary>Whether a text holds what looks like a key of a service: one that is told by how it begins.</summary>
    public static bool HasKey(string text) => Key().IsMatch(text);

    /// <summary>Whether what stands as a name looks like a key: somebody took it for the name of a key, or forgot the name before it.</summary>
    public static bool IsKeyAsName(string name) => HasKey(name) || BareKey().IsMatch(name);

    /// <summary>Why a name in the file is refused, which is not told.</summary>
    /// <param name="path">What it stands below.</param>
    public static string NamedByKey(string path) =>
        $"{path}: a secret must not stand in {SettingsFolder.FileName}, which is published with the app, and a name here looks like a key; leave it out and name a secret of the Key Vault (ApiKeySecret, or a header's Secret).";

    /// <summary>A failure without what looks like a key, wherever it stands in it. Whoever takes the name of a key for the key itself has one in the name of a limit.</summary>
    public static string Masked(string failure)
    {
        foreach (var name in failure[..Math.Max(0, failure.IndexOf(": ", StringComparison.Ordinal))].Split(':').Where(name => BareKey().IsMatch(name)))
        {
            failure = failure.Replace(name, Mask, StringComparison.Ordinal);
        }

        return KeyOfLimit().Replace(Key().Replace(failure, Mask), Mask);
    }

    /// <summary>The setting that may stand in the file in the place of one that may not.</summary>
    public static string InFile(string path) => Array.Find(Rules, rule => rule.Path.IsMatch(path)) is not { Path: not null } rule ? path
        : rule.Setting.Contains(':', StringComparison.Ordinal) ? rule.Setting
        : $"{path[..path.LastIndexOf(':')]}:{rule.Setting}";

    /// <summary>Whether the setting of this path holds a secret, whatever its value.</summary>
    public static bool IsKey(string path) => Array.Exists(Rules, rule => rule.Path.IsMatch(path));

    /// <summary>A value of another setting without what is secret in it: even a short digest of a key would let whoever guesses at it know when it is right.</summary>
    public static string Without(string path, string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? (OfAddress(path, value) is null ? value : $"{address.Scheme}://{address.Authority}{address.AbsolutePath}")
        : HasKey(value) || (value is ['{', ..] && OfJson(path, value) is not null) ? ""
        : value;

    private static string Refusal(string path, JsonElement value, string instead) =>
        $"{path}: a secret must not stand in {SettingsFolder.FileName}, which is published with the app; {instead}, or set {Variable(path)}{(value.ValueKind is JsonValueKind.Array ? "__0" : "")} in the environment or the app settings.";

    private static string Refusal(string path, string setting, string why, string instead = "name a secret of the Key Vault (ApiKeySecret, or a header's Secret)") =>
        $"{path}: a secret must not stand in {SettingsFolder.FileName}, which is published with the app, and {why}; leave it out and {instead}, or set {Variable(setting)} in the environment or the app settings.";

    private static string Variable(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string? OfAddress(string path, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url))
        {
            return null;
        }

        var parameters = $"{url.Query.TrimStart('?')}&{url.Fragment.TrimStart('#')}".Split('&').Select(parameter => Uri.UnescapeDataString(parameter.Split('=')[0]));
        return url.UserInfo.Length > 0 ? Refusal(path, path, "a password of an address is one")
            : parameters.FirstOrDefault(IsSecret) is { } parameter ? Refusal(path, path, $"the parameter {Named(parameter)} of an address is one")
            : HasKey(Uri.UnescapeDataString(address)) ? Refusal(path, path, "this address holds what looks like a key")
            : null;
    }

    private static string? OfJson(string path, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return OfField(path, path, json.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // What is wrong with it is told by who reads it.
            return HasKey(text) ? Refusal(path, path, "this holds what looks like a key") : null;
        }
    }

    private static string? OfJson(string path, JsonElement value) => value.ValueKind is JsonValueKind.String ? OfJson(path, value.GetString()!) : OfField(path, path, value);

    private static string? OfField(string setting, string path, JsonElement value, string? name = null) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Select(field => IsKeyAsName(field.Name) ? NamedByKey(path) : OfField(setting, $"{path}:{Named(field.Name)}", field.Value, field.Name)).FirstOrDefault(failure => failure is not null),
        JsonValueKind.Array => value.EnumerateArray().Select(entry => OfField(setting, path, entry, name)).FirstOrDefault(failure => failure is not null),
        JsonValueKind.String when !IsEmpty(value) && name is not null && IsSecret(name) => Refusal(path, setting, "this is one by its name", AsHeader),
        JsonValueKind.String when HasKey(value.GetString()!) => Refusal(path, setting, "this holds what looks like a key", AsHeader),
        _ => null,
    };

    // By whole words, and by what is written as one: max_tokens is none, and prompt_cache_key says nothing that must not be known.
    private static bool IsSecret(string name)
    {
        string[] words = [.. WordsOf().Matches(name).Select(word => word.Value.ToLowerInvariant())];
        var whole = string.Concat(words);
        return !words.Contains("cache") && (words.Any(Words.Contains) || Array.Exists(Parts, part => whole.Contains(part, StringComparison.Ordinal)));
    }

    private static string Named(string name) => name.Length <= 40 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.') ? name : "with a secret's name";

    [GeneratedRegex("^Access:(ApiKeys|OperatorKeys|CallbackTokens)(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex AccessKeys();

    [GeneratedRegex("^Models:[^:]+:Upstreams:[^:]+:ApiKey$", RegexOptions.IgnoreCase)]
    private static partial Regex UpstreamKey();

    [GeneratedRegex("^Models:[^:]+:Upstreams:[^:]+:Headers:[^:]+:Value$", RegexOptions.IgnoreCase)]
    private static partial Regex HeaderValue();

    [GeneratedRegex("^Models:[^:]+:Tools:Mcp:[^:]+:(ApiKey|Headers:[^:]+:Value)$", RegexOptions.IgnoreCase)]
    private static partial Regex McpKey();

    [GeneratedRegex("^Transcripts:ConnectionString$", RegexOptions.IgnoreCase)]
    private static partial Regex Storage();

    [GeneratedRegex("(Secret|SecretName)$", RegexOptions.IgnoreCase)]
    private static partial Regex NameOfSecret();

    // Names of secrets have letters, digits and dashes; keys of 32 hex digits and of 40 letters and digits and more have, too.
    [GeneratedRegex("^(sk-|gsk_|xai-|AIza)|[^0-9A-Za-z-]|^[0-9a-fA-F]{32}$|^(?=.*[0-9])[0-9A-Za-z]{40,}$")]
    private static partial Regex KeyItself();

    // OpenAI and those that do as it does, Groq, xAI, Google, Hugging Face, GitHub, Slack, AWS, a JSON web token.
    [GeneratedRegex(@"(?<![0-9A-Za-z])(sk-(?=[\w-]*[0-9])[\w-]{16,}|sk_(?=\w*[0-9])\w{16,}|gsk_\w{16,}|xai-[\w-]{16,}|AIza[\w-]{30,}|hf_\w{20,}|gh[opsu]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{16,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)")]
    private static partial Regex Key();

    // Those that begin like nothing else.
    [GeneratedRegex("^[0-9a-fA-F]{32}$|^(?=.*[0-9])[0-9A-Za-z]{40,}$")]
    private static partial Regex BareKey();

    [GeneratedRegex("(?<=Limits:Keys:)[^:]{20,}(?=:)", RegexOptions.IgnoreCase)]
    private static partial Regex KeyOfLimit();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex WordsOf();
}
