using System.Security.Cryptography;
using System.Text;

namespace Switchboard.Hosting;

/// <summary>Digests over settings.</summary>
internal static class SettingsDigest
{
    private const int VersionDigits = 8;

    /// <summary>Over all of them. It tells what is used from what was used before, and leaves the process by no way: it would let whoever guesses at a secret know when that is right.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in settings)
        {
            // What no text contains keeps two settings apart.
            digest.AppendData(Encoding.UTF8.GetBytes($"{key.ToUpperInvariant()}\0{value}\0"));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>What may be shown: without what is secret in them.</summary>
    public static string VersionOf(IEnumerable<KeyValuePair<string, string?>> settings) =>
        Of(settings.Where(setting => !SettingsSecrets.IsKey(setting.Key)).Select(setting => KeyValuePair.Create(setting.Key, (string?)SettingsSecrets.Without(setting.Key, setting.Value!))))[..VersionDigits];
}
