using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Switchboard.Contract;
using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>
/// Lets a request in that carries a good key: <c>Authorization: Bearer …</c>, or <c>api-key: …</c> as Azure OpenAI's clients send it, or <c>x-api-key: …</c> as
/// D-ID does. The first of them that is there counts alone: a request has one key, not three tries.
/// </summary>
/// <remarks>https://datatracker.ietf.org/doc/html/rfc6750#section-2.1</remarks>
/// <param name="keys">The keys.</param>
/// <param name="name">What the keys are called.</param>
/// <param name="vault">Where newer keys may be found; null when no vault is configured.</param>
/// <param name="barred">Keys that open something else and so nothing here, even where one of them is among <paramref name="keys"/>.</param>
/// <param name="limits">How much a key may ask; null for no limit.</param>
/// <param name="refused">Told of every refusal; null when nobody is to know.</param>
internal sealed class BearerCheck(
    KeyRing keys, string name, VaultRefresh? vault, KeyRing? barred = null, KeyLimits? limits = null, RefusedAccess? refused = null)
{
    private const string Scheme = "Bearer ";

    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>Whether a key may stand in <c>Authorization</c> without a scheme before it. Default false.</summary>
    public bool TakesBareKeys { get; init; }

    /// <summary>Further keys that open nothing here, once they are known: nobody waits for them. None by default.</summary>
    public IReadOnlyList<KeyRing> AlsoBarred { get; init; } = [];

    /// <summary>Loads the keys, when the first one is presented; null where they are loaded with the others. Default null.</summary>
    public Lazy<Task>? FirstLoad { private get; init; }

    /// <summary>
    /// A known key is let in at once, whatever the vault does. An unknown one may be newer than the last refresh,
    /// so it waits for an early one, if one is allowed: docs/decisions/0002-unknown-key-waits-briefly.md.
    /// </summary>
    /// <returns>The key that was accepted.</returns>
    /// <exception cref="ApiException">401 for a missing or wrong key; 429 for a key that asks too much; 503 while no keys are loaded.</exception>
    public ValueTask<KnownKey> DemandAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (Presented(request.Headers, TakesBareKeys) is not { } key)
        {
            return ValueTask.FromException<KnownKey>(Refusal(keys.IsLoaded || FirstLoad is not null ? KeyCheck.Rejected : KeyCheck.Unavailable, null));
        }

        return FirstLoad is { Value: { IsCompleted: false } loading } ? DemandAfterAsync(loading, key, cancellationToken) : DemandAsync(key, cancellationToken);
    }

    /// <summary>Whether a request carries a key that is good, or was when the keys were last loaded. The vault is not asked.</summary>
    public bool IsKnown(HttpRequest request) => Presented(request.Headers, TakesBareKeys) is { } key && (Check(key) is KeyCheck.Accepted || (keys.HasLapsed && keys.Contains(key)));

    /// <summary>What a log may call the key that a request presents, be it good or not: its name where it is known, also one that opens something else; null where there is no key.</summary>
    public string? LabelOf(HttpRequest request) => Presented(request.Headers, takesBareKeys: false) is { } key ? Known(key).Label : null;

    private async ValueTask<KnownKey> DemandAfterAsync(Task loading, KeyDigest key, CancellationToken cancellationToken)
    {
        await loading.WaitAsync(cancellationToken);
        return await DemandAsync(key, cancellationToken);
    }

    private ValueTask<KnownKey> DemandAsync(KeyDigest key, CancellationToken cancellationToken) =>
        Check(key) switch
        {
            KeyCheck.Accepted => Admit(key),
            var verdict when vault is null => ValueTask.FromException<KnownKey>(Refusal(verdict, key)),
            _ => DemandAfterRefreshAsync(key, vault, cancellationToken),
        };

    private async ValueTask<KnownKey> DemandAfterRefreshAsync(KeyDigest key, VaultRefresh newer, CancellationToken cancellationToken)
    {
        await newer.RefreshEarlyAsync(cancellationToken);
        var verdict = Check(key);
        return verdict is KeyCheck.Accepted ? await Admit(key) : throw Refusal(verdict, key);
    }

    private ValueTask<KnownKey> Admit(KeyDigest accepted)
    {
        var key = new KnownKey(accepted, keys.NameOf(accepted));
        if (limits?.Count(key) is not { } refusal)
        {
            return ValueTask.FromResult(key);
        }

        refused?.Report(refusal, $"{name} {key.FullLabel}", key.Name);
        return ValueTask.FromException<KnownKey>(refusal);
    }

    private KnownKey Known(KeyDigest key) => new(key, keys.NameOf(key) ?? barred?.NameOf(key) ?? AlsoBarred.Select(other => other.NameOf(key)).FirstOrDefault(known => known is not null));

    private KeyCheck Check(KeyDigest key) => keys.Check(key) switch
    {
        // Also a key whose time has not come or is over. And before the others are loaded nobody can say whether it is one of them.
        KeyCheck.Accepted when barred?.Contains(key) is true || IsAlsoBarred(key) => KeyCheck.Rejected,
        KeyCheck.Accepted when barred?.IsWaiting is true => KeyCheck.Unavailable,
        var verdict => verdict,
    };

    private bool IsAlsoBarred(KeyDigest key)
    {
        foreach (var other in AlsoBarred)
        {
            if (other.Contains(key))
            {
                return true;
            }
        }

        return false;
    }

    private ApiException Refusal(KeyCheck verdict, KeyDigest? presented)
    {
        var refusal = verdict is KeyCheck.Unavailable
            ? ApiException.AccessUnavailable($"No {name}s are loaded, so every request is refused.", RetryAfter())
            : ApiException.InvalidApiKey($"The {name} is missing or wrong. Send it as 'Authorization: Bearer <key>' or 'x-api-key: <key>'.");
        // One whose time has not come or is over, or that opens something else.
        var known = presented is { } key && Known(key) is { Name: not null } named ? named : (KnownKey?)null;
        refused?.Report(refusal, known is { } other ? $"key {other.FullLabel}, which is no {name} that is accepted" : $"no {name} that is accepted", known?.Name);
        return refusal;
    }

    // When a request can bring about the next attempt to load the keys.
    private TimeSpan RetryAfter() => vault is null ? DefaultRetryAfter : vault.NextEarly > MinRetryAfter ? vault.NextEarly : MinRetryAfter;

    private static KeyDigest? Presented(IHeaderDictionary headers, bool takesBareKeys)
    {
        var authorization = One(headers[HeaderNames.Authorization]);
        var text = authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is true ? authorization.AsSpan(Scheme.Length).Trim()
            : takesBareKeys && authorization is not null ? authorization.AsSpan().Trim()
            : One(headers["api-key"]) ?? One(headers["x-api-key"]);
        return KeyText.CanBePresented(text) ? KeyDigest.Of(text) : null;
    }

    // A header sent twice is not a key: two readers of one request could take a different one of them.
    private static string? One(StringValues values) => values is [{ Length: > 0 } value] ? value : null;
}
