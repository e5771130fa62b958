using Microsoft.Extensions.Options;
using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>
/// Who may ask: the section <c>Access</c>. Keys in configuration and in the key vault both count.
/// With neither source every request is refused.
/// </summary>
public sealed class AccessOptions
{
    /// <summary>API keys in configuration, for local runs, each with or without a name: <c>name: key</c>, with a space after the colon. None by default.</summary>
    public IList<string> ApiKeys { get; } = [];

    /// <summary>
    /// Keys that open the transcripts, for local runs. None by default. A key of <see cref="ApiKeys"/> does not open them, and one of
    /// these opens nothing else.
    /// </summary>
    public IList<string> OperatorKeys { get; } = [];

    /// <summary>
    /// Tokens that IMS sends with its callbacks, for local runs. None by default: then, and without a key vault, no callbacks are taken. One opens
    /// <c>ims/events</c> and nothing else, and no other key opens that.
    /// </summary>
    /// <remarks>https://help.aliyun.com/en/ims/user-guide/agent-callback</remarks>
    public IList<string> CallbackTokens { get; } = [];

    /// <summary>
    /// The origins whose pages may ask for turns and models from a browser, such as <c>https://studio.example.com</c>: scheme, host and, where it is not the
    /// scheme's own, port. None by default; there is no sign for all.
    /// </summary>
    public IList<string> Origins { get; } = [];

    /// <summary>
    /// Whether the Functions host demands a function key too (<c>code</c> in the address, or the header <c>x-functions-key</c>) before it reads a request.
    /// Default false. Heeded by the Functions app alone, on all routes but those of health.
    /// </summary>
    public bool RequireFunctionKey { get; set; }

    /// <summary>The key vault that holds the API keys. None by default.</summary>
    [ValidateObjectMembers]
    public KeyVaultOptions KeyVault { get; set; } = new();

    /// <summary>Whether there can be a token for callbacks.</summary>
    internal bool TakesCallbacks => CallbackTokens.Count > 0 || KeyVault.Uri is not null;

    /// <summary>Whether this key is configured, under whatever name.</summary>
    internal bool HasApiKey(string key) => ApiKeys.Any(entry => KeyText.KeyOf(entry) == key);

    /// <summary>Checks that a configured key cannot be guessed and can arrive in a header, and that a vault is asked over TLS.</summary>
    internal static IEnumerable<string> Failures(AccessOptions access)
    {
        List<string> failures =
        [
            .. Unfit(access.ApiKeys, "Access:ApiKeys"), .. Unfit(access.OperatorKeys, "Access:OperatorKeys"), .. Unfit(access.CallbackTokens, "Access:CallbackTokens"),
            .. access.Origins.Select((origin, index) => (origin, index)).Where(entry => OriginOf(entry.origin) is null)
                .Select(entry => $"Access:Origins:{entry.index}: expected an origin such as https://studio.example.com or http://localhost:3000: scheme, host and port, no path and no *."),
            .. Renamed(access.ApiKeys, "Access:ApiKeys"), .. Renamed(access.OperatorKeys, "Access:OperatorKeys"), .. Renamed(access.CallbackTokens, "Access:CallbackTokens"),
            .. Shared(access.OperatorKeys, "Access:OperatorKeys", access.ApiKeys, "Access:ApiKeys too, and the platform's key must not open the transcripts."),
            .. Shared(access.CallbackTokens, "Access:CallbackTokens", access.ApiKeys, "Access:ApiKeys too, and a token of callbacks must open nothing else."),
            .. Shared(access.CallbackTokens, "Access:CallbackTokens", access.OperatorKeys, "Access:OperatorKeys too, and a token of callbacks must open nothing else."),
        ];
        // A vault's names know no case.
        if (string.Equals(access.KeyVault.OperatorSecretName, access.KeyVault.SecretName, StringComparison.OrdinalIgnoreCase))
        {
            failures.Add("Access:KeyVault:OperatorSecretName: this is Access:KeyVault:SecretName too, and the platform's key must not open the transcripts.");
        }

        foreach (var (setting, name) in new[] { ("SecretName", access.KeyVault.SecretName), ("OperatorSecretName", access.KeyVault.OperatorSecretName) })
        {
            if (string.Equals(access.KeyVault.CallbackSecretName, name, StringComparison.OrdinalIgnoreCase))
            {
                failures.Add($"Access:KeyVault:CallbackSecretName: this is Access:KeyVault:{setting} too, and a token of callbacks must open nothing else.");
            }
        }

        if (access.KeyVault.Uri is { } vault && !(vault.IsAbsoluteUri && vault.Scheme == Uri.UriSchemeHttps && vault.PathAndQuery == "/"))
        {
            failures.Add("Access:KeyVault:Uri: expected an https URI without a path, such as https://my-vault.vault.azure.net/.");
        }

        if (access.KeyVault.LongestOutage < access.KeyVault.RefreshInterval)
        {
            failures.Add("Access:KeyVault:LongestOutage: this is less than Access:KeyVault:RefreshInterval, so the keys would count for a while only.");
        }

        return failures;
    }

    /// <summary>An origin as browsers write it; null for what is none.</summary>
    internal static string? OriginOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/" && uri.Fragment.Length == 0
            && !text!.EndsWith('/') && !text.Any(char.IsWhiteSpace) && !text.Contains('*', StringComparison.Ordinal)
            ? $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
            : null;

    private static IEnumerable<string> Unfit(IEnumerable<string> keys, string setting) => keys
        .Select((key, index) => (key, index))
        .Where(entry => !KeyText.IsKey(KeyText.KeyOf(entry.key)))
        .Select(entry => HasBadName(entry.key) ? $"{setting}:{entry.index}: {KeyText.NameRule}." : $"{setting}:{entry.index}: {KeyText.Rule}.");

    // Only where all else is right: what is before the colon may be a part of a key, and is never told.
    private static bool HasBadName(string entry) =>
        entry.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon && !KeyText.IsName(entry.AsSpan(0, colon).Trim()) && KeyText.IsKey(entry.AsSpan(colon + 1).Trim());

    // One key has one name: what it asks for would be told now of one, now of another.
    private static IEnumerable<string> Renamed(IEnumerable<string> keys, string setting)
    {
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        return keys.Select((entry, index) => (Name: KeyText.Split(entry, out var key), Key: key, Index: index)).ToList()
            .Where(entry => !names.TryAdd(entry.Key, entry.Name) && !string.Equals(names[entry.Key], entry.Name, StringComparison.OrdinalIgnoreCase))
            .Select(entry => $"{setting}:{entry.Index}: this key stands above too, under another name or none.");
    }

    private static IEnumerable<string> Shared(IEnumerable<string> keys, string setting, IList<string> others, string why) => keys
        .Select((key, index) => (key, index))
        .Where(entry => others.Any(other => KeyText.KeyOf(other) == KeyText.KeyOf(entry.key)))
        .Select(entry => $"{setting}:{entry.index}: this key is one of {why}");
}

/// <summary>What the other sections of the settings mean for keys.</summary>
/// <param name="RequestsPerMinute">The most requests a minute with one key; 0: no limit.</param>
/// <param name="HasOperators">Whether there are transcripts, so that the vault is asked for the keys that open them.</param>
/// <param name="Named">The most requests a minute with all keys of a name, where it has a limit of its own; null: none has.</param>
internal sealed record KeyPolicy(int RequestsPerMinute = 0, bool HasOperators = false, IReadOnlyDictionary<string, int>? Named = null)
{
    /// <summary>The names that have limits, of whatever kind.</summary>
    public IReadOnlyCollection<string> Limited { get; init; } = [];
}
