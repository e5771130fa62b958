using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>
/// Who may in: platforms, who ask for turns, operators, who read what was said on calls, and IMS, which tells of its calls. Their keys are kept
/// apart, by all the same parts.
/// </summary>
internal sealed partial class AccessControl
{
    private readonly KeyRing _operatorKeys;
    private readonly KeyPolicy _policy;
    private readonly ILogger _logger;
    private string _unknown = "";

    /// <param name="options">Where the keys are.</param>
    /// <param name="policy">What else counts.</param>
    /// <param name="loads">What the vault is to bring.</param>
    /// <param name="vault">Where newer keys may be found; null when no vault is configured.</param>
    /// <param name="refused">Told of every refusal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Tells of rotations.</param>
    public AccessControl(
        AccessOptions options, KeyPolicy policy, VaultLoads loads, VaultRefresh? vault, RefusedAccess refused, TimeProvider time, ILogger<VaultKeys> logger)
    {
        var hasVault = options.KeyVault.Uri is not null;
        PlatformKeys = new KeyRing(options.ApiKeys, hasVault, time, options.KeyVault.LongestOutage);
        (_policy, _logger) = (policy, logger);
        var operatorKeys = _operatorKeys = new KeyRing(options.OperatorKeys, hasVault && policy.HasOperators, time, options.KeyVault.LongestOutage);
        var callbackTokens = new KeyRing(options.CallbackTokens, hasVault, time, options.KeyVault.LongestOutage);
        if (hasVault)
        {
            PlatformSecret = new VaultKeys(options.KeyVault.SecretName, PlatformKeys, isRequired: true, time, logger, CheckNames);
            loads.Add(PlatformSecret);
            if (policy.HasOperators)
            {
                loads.Add(new VaultKeys(options.KeyVault.OperatorSecretName, operatorKeys, isRequired: false, time, logger, CheckNames));
            }
        }

        var limits = new KeyLimits(policy.RequestsPerMinute, time, policy.Named);
        Platforms = new BearerCheck(PlatformKeys, "API key", vault, barred: null, limits, refused);
        Operators = new BearerCheck(operatorKeys, "operator key", vault, barred: PlatformKeys, limits, refused) { AlsoBarred = [callbackTokens] };
        // Without a limit: a turn brings several of them, and one that is refused may be the end of a call.
        Callbacks = options.TakesCallbacks
            ? new BearerCheck(callbackTokens, "callback token", vault, barred: PlatformKeys, limits: null, refused)
            {
                AlsoBarred = [operatorKeys],
                TakesBareKeys = true,
                // With the first callback: most platforms send none, and their apps need not read one secret more every few minutes.
                FirstLoad = vault is null
                    ? null
                    : new Lazy<Task>(() => vault.AddAsync(new VaultKeys(options.KeyVault.CallbackSecretName, callbackTokens, isRequired: false, time, logger))),
            }
            : null;
    }

    /// <summary>Lets platforms in.</summary>
    public BearerCheck Platforms { get; }

    /// <summary>Lets operators in.</summary>
    public BearerCheck Operators { get; }

    /// <summary>Lets the callbacks of IMS in; null where there can be no token for them.</summary>
    public BearerCheck? Callbacks { get; }

    public KeyRing PlatformKeys { get; }

    /// <summary>What brings the platforms' keys from the vault; null when no vault is configured.</summary>
    public VaultKeys? PlatformSecret { get; }

    // With a vault the names are known only now. Told once, and again when others are missing.
    private void CheckNames()
    {
        if (!PlatformKeys.IsLoaded || (_policy.HasOperators && !_operatorKeys.IsLoaded))
        {
            return;
        }

        // One that is as long as a key may be one.
        var unknown = string.Join(", ", _policy.Limited.Except(PlatformKeys.Names.Concat(_operatorKeys.Names), StringComparer.OrdinalIgnoreCase)
            .Select(name => KeyText.IsKey(name) ? "…" : name).Order(StringComparer.Ordinal));
        if (Interlocked.Exchange(ref _unknown, unknown) != unknown && unknown.Length > 0)
        {
            NamesUnknown(_logger, unknown);
        }
    }

    [LoggerMessage(EventId = 312, Level = LogLevel.Warning, Message =
        "Limits:Keys has limits for {Names}, but no key has such a name: neither in configuration nor in the key vault, whose lines are 'name: key'")]
    private static partial void NamesUnknown(ILogger logger, LogText names);
}

/// <summary>Adds what lets requests in.</summary>
internal static class KeyServices
{
    /// <summary>Needs <see cref="AccessOptions"/>, a <see cref="KeyPolicy"/>, a clock and the vault's services.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<RefusedAccess>();
        services.TryAddSingleton<AccessControl>();
        services.TryAddSingleton<AccessHealth>();
        return services.AddHostedService<AccessNotice>();
    }
}
