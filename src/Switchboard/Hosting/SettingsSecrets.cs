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
    private const string Vault = "Access:KeyVault:Uri";
    private const string Tables = "Transcripts:TableServiceUri";
    private const string AsHeader = "send it as a header, whose Secret names a secret of the Key Vault";
    private const string AsSecret = "name a secret of the Key Vault as ApiKeySecret";
    private const string AsSecretOrHeader = "name a secret of the Key Vault (ApiKeySecret, or a header's Secret)";
    private const string Looks = "this holds what looks like a key";

    // Path, what to write in the place of it, the setting for that: as a whole, or beside it; and the one that the environment takes, where that is another.
    private static readonly (Regex Path, string Instead, string Setting, Func<string, string>? Elsewhere)[] Rules =
    [
        (AccessKeys(), $"name a Key Vault ({Vault}), whose secrets hold the keys", Vault, path => $"{path}:0"),
        (UpstreamKey(), "name a secret of the Key Vault as ApiKeySecret, or ask by Credential", "ApiKeySecret", null),
        (HeaderValue(), "name a secret of the Key Vault as Secret", "Secret", null),
        (McpKey(), AsSecret, "ApiKeySecret", null),
        // There are no such headers.
        (McpHeader(), AsSecret, "ApiKeySecret", KeyBeside),
        (Storage(), "name the account as Transcripts:TableServiceUri, which is asked by identity", "TableServiceUri", null),
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

        foreach (var (secret, instead, _, elsewhere) in Rules)
        {
            if (secret.IsMatch(path))
            {
                return $"{path}: a secret must not stand in {SettingsFolder.FileName}, which is published with the app; {instead}, or set {Variable(elsewhere?.Invoke(path) ?? path)} in the environment or the app settings.";
            }
        }

        return property?.PropertyType == typeof(Uri) && value.ValueKind is JsonValueKind.String ? OfAddress(path, value.GetString()!)
            : IsJson(property) ? OfJson(path, value)
            : value.ValueKind is not JsonValueKind.String ? null
            : NameOfSecret().IsMatch(path) && SecretText.IsKeyInPlaceOfName(value.GetString()!)
                ? $"{path}: expected the name of a secret; this looks like a key itself, which must not stand in {SettingsFolder.FileName}."
            : SecretText.HasKey(value.GetString()!) ? Refusal(path, Looks, InsteadOf(path), KeyOf(path))
            : null;
    }

    /// <summary>Why a name in the file is refused, which is not told.</summary>
    /// <param name="path">What it stands below.</param>
    public static string NamedByKey(string path) => Refusal(path, "a name here looks like a key", AsSecretOrHeader);

    /// <summary>A failure without what looks like a key, wherever it stands in it. Whoever takes the name of a key for the key itself has one in the name of a limit.</summary>
    public static string Masked(string failure)
    {
        foreach (var name in failure[..Math.Max(0, failure.IndexOf(": ", StringComparison.Ordinal))].Split(':').Where(SecretText.IsKey))
        {
            failure = failure.Replace(name, SecretText.Mask, StringComparison.Ordinal);
        }

        return KeyOfLimit().Replace(SecretText.Masked(failure), SecretText.Mask);
    }

    /// <summary>The setting that may stand in the file in the place of one that may not.</summary>
    public static string InFile(string path) => Array.Find(Rules, rule => rule.Path.IsMatch(path)) is not { Path: not null } rule ? path
        : rule.Setting.Contains(':', StringComparison.Ordinal) ? rule.Setting
        : $"{path[..path.LastIndexOf(':')]}:{rule.Setting}";

    /// <summary>Whether the setting of this path holds a secret, whatever its value.</summary>
    public static bool IsKey(string path) => Array.Exists(Rules, rule => rule.Path.IsMatch(path));

    /// <summary>A value of another setting without what is secret in it: even a short digest of a key would let whoever guesses at it know when it is right. What else differs is left to differ.</summary>
    public static string Without(string path, string value)
    {
        var property = SettingsTree.PropertyOf(path);
        return property?.PropertyType == typeof(Uri) && Uri.TryCreate(value, UriKind.Absolute, out var address) ? SecretAddress.Masked(address)
            : IsJson(property) ? WithoutOfJson(value)
            : NameOfSecret().IsMatch(path) && SecretText.IsKeyInPlaceOfName(value) ? SecretText.Mask
            : SecretText.Masked(value);
    }

    private static string Refusal(string path, string why, string? instead, string? setting = null) =>
        $"{path}: a secret must not stand in {SettingsFolder.FileName}, which is published with the app, and {why}; leave it out{(instead is null ? "" : $" and {instead}")}"
        + $"{(setting is null ? "" : $", or set {Variable(setting)} in the environment or the app settings")}.";

    private static string Variable(string path) => path.Replace(":", "__", StringComparison.Ordinal);

    // Where the environment takes the key of what the setting belongs to; null where that cannot be told. The setting itself mostly takes none there either.
    private static string? KeyOf(string path) => Asked().Match(path) is { Success: true } asked ? $"{asked.Value}:ApiKey" : null;

    private static string KeyBeside(string path) => KeyOf(path)!;

    private static string? InsteadOf(string path) => !LoadedSettings.IsOfModels(path) ? null : path.Contains(":Mcp:", StringComparison.OrdinalIgnoreCase) ? AsSecret : AsSecretOrHeader;

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static bool IsJson(PropertyInfo? property) => property?.GetCustomAttribute<StringSyntaxAttribute>()?.Syntax is StringSyntaxAttribute.Json;

    private static string? OfAddress(string path, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url))
        {
            return SecretText.HasKey(address) ? Refusal(path, Looks, InsteadOf(path), KeyOf(path)) : null;
        }

        var (isPassword, why) = url.UserInfo.Length > 0 ? (true, "a password of an address is one")
            : SecretAddress.ParameterOf(url) is { } parameter ? (false, $"the parameter {Named(parameter)} of an address is one")
            : SecretAddress.HasKey(url) ? (false, "this address holds what looks like a key")
            : (false, null);
        return why is null ? null
            // These are asked by identity, and taken nowhere with anything else in them.
            : path.Equals(Tables, StringComparison.OrdinalIgnoreCase) ? Refusal(path, why, "ask by identity", "Transcripts:ConnectionString")
            : path.Equals(Vault, StringComparison.OrdinalIgnoreCase) ? Refusal(path, why, "ask by identity")
            // Nor is a password in any.
            : Refusal(path, why, InsteadOf(path), isPassword ? KeyOf(path) : path);
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
            return SecretText.HasKey(text) ? Refusal(path, Looks, InsteadOf(path), path) : null;
        }
    }

    private static string? OfJson(string path, JsonElement value) => value.ValueKind is JsonValueKind.String ? OfJson(path, value.GetString()!) : OfField(path, path, value);

    private static string? OfField(string setting, string path, JsonElement value, string? name = null) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Select(field => SecretText.IsKey(field.Name) ? NamedByKey(path) : OfField(setting, $"{path}:{Named(field.Name)}", field.Value, field.Name)).FirstOrDefault(failure => failure is not null),
        JsonValueKind.Array => value.EnumerateArray().Select(entry => OfField(setting, path, entry, name)).FirstOrDefault(failure => failure is not null),
        _ when IsSecret(name, value) => Refusal(path, "this is one by its name", HeaderFor(setting), setting),
        JsonValueKind.String when SecretText.HasKey(value.GetString()!) => Refusal(path, Looks, HeaderFor(setting), setting),
        _ => null,
    };

    private static bool IsSecret(string? name, JsonElement value) => name is not null && value.ValueKind switch
    {
        JsonValueKind.String => SecretText.IsSecret(name, value.GetString()!),
        JsonValueKind.Number => SecretText.IsSecretNumber(name),
        _ => false,
    };

    // Only an upstream has headers.
    private static string? HeaderFor(string setting) => KeyOf(setting) is null ? null : AsHeader;

    private static string WithoutOfJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return WithoutOfField(json.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Nothing uses it.
            return SecretText.Masked(text);
        }
    }

    private static string WithoutOfField(JsonElement value, string? name = null) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().Select(field => $"\"{(SecretText.IsKey(field.Name) ? SecretText.Mask : field.Name)}\":{WithoutOfField(field.Value, field.Name)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(entry => WithoutOfField(entry, name)))}]",
        _ when IsSecret(name, value) => SecretText.Mask,
        _ => SecretText.Masked(value.GetRawText()),
    };

    private static string Named(string name) => name.Length <= 40 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.') ? name : "with a secret's name";

    [GeneratedRegex("^Access:(ApiKeys|OperatorKeys|CallbackTokens)(:|$)", RegexOptions.IgnoreCase)]
    private static partial Regex AccessKeys();

    [GeneratedRegex("^Models:[^:]+:Upstreams:[^:]+:ApiKey$", RegexOptions.IgnoreCase)]
    private static partial Regex UpstreamKey();

    [GeneratedRegex("^Models:[^:]+:Upstreams:[^:]+:Headers:[^:]+:Value$", RegexOptions.IgnoreCase)]
    private static partial Regex HeaderValue();

    [GeneratedRegex("^Models:[^:]+:Tools:Mcp:[^:]+:ApiKey$", RegexOptions.IgnoreCase)]
    private static partial Regex McpKey();

    [GeneratedRegex("^Models:[^:]+:Tools:Mcp:[^:]+:Headers:[^:]+:Value$", RegexOptions.IgnoreCase)]
    private static partial Regex McpHeader();

    [GeneratedRegex("^Transcripts:ConnectionString$", RegexOptions.IgnoreCase)]
    private static partial Regex Storage();

    [GeneratedRegex("(Secret|SecretName)$", RegexOptions.IgnoreCase)]
    private static partial Regex NameOfSecret();

    [GeneratedRegex("^Models:[^:]+:(Upstreams|Tools:Mcp):[^:]+(?=:)", RegexOptions.IgnoreCase)]
    private static partial Regex Asked();

    [GeneratedRegex("(?<=Limits:Keys:)[^:]{20,}(?=:)", RegexOptions.IgnoreCase)]
    private static partial Regex KeyOfLimit();
}
