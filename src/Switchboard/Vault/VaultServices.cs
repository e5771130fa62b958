using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Responders;
using Switchboard.Settings;

namespace Switchboard.Vault;

/// <summary>Adds what reads the key vault.</summary>
internal static class VaultServices
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(provider => VaultConnection.For(Options(provider)));
        services.AddSingleton(provider =>
        {
            var connection = provider.GetRequiredService<VaultConnection>();
            return new VaultReader(
                new SecretClient(Options(provider).Uri, connection.Credential, connection.Options), provider.GetRequiredService<TimeProvider>());
        });
        services.AddWhere<SecretSource>(settings => settings.HasVault, provider => provider.GetRequiredService<SecretValues>().Source);
        services.AddWhere(settings => settings.HasVault, provider => new VaultKeys(
            Options(provider).SecretName,
            provider.GetRequiredService<KeyRing>(),
            isRequired: true,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VaultKeys>>()));
        services.AddKeyedSingleton(OperatorAccess.Key, (provider, _) => new VaultKeys(
            Options(provider).OperatorSecretName,
            provider.GetRequiredKeyedService<KeyRing>(OperatorAccess.Key),
            isRequired: false,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VaultKeys>>()));
        services.AddWhere(settings => settings.HasVault, provider => new VaultRefresh(
            provider.GetRequiredService<VaultReader>(),
            provider.Settings().HasOperatorSecret
                ? [provider.GetRequiredService<VaultKeys>(), provider.GetRequiredKeyedService<VaultKeys>(OperatorAccess.Key)]
                : [provider.GetRequiredService<VaultKeys>()],
            provider.GetRequiredService<SecretValues>(),
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VaultRefresh>>()));
        services.AddHostedWhere(settings => settings.HasVault, provider =>
        {
            // The models come first: they name the secrets that the first load must bring.
            provider.GetRequiredService<ModelCatalog>();
            return provider.GetRequiredService<VaultRefresh>();
        });
    }

    private static KeyVaultOptions Options(IServiceProvider provider) => provider.Settings().Access.KeyVault;
}
