using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Models;
using Switchboard.Responders;
using Switchboard.Settings;

namespace Switchboard.Access;

/// <summary>Adds what reads the key vault.</summary>
internal static class VaultServices
{
    /// <summary>The setting without which there is no vault.</summary>
    public const string UriSetting = "Access:KeyVault:Uri";

    public static void Add(IServiceCollection services, bool withOperators)
    {
        services.TryAddSingleton(provider => VaultConnection.For(Options(provider)));
        services.AddSingleton(provider =>
        {
            var connection = provider.GetRequiredService<VaultConnection>();
            return new VaultReader(
                new SecretClient(Options(provider).Uri, connection.Credential, connection.Options), provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<SecretSource>(provider => provider.GetRequiredService<SecretValues>().Source);
        services.AddSingleton(provider => new VaultKeys(
            Options(provider).SecretName,
            provider.GetRequiredService<KeyRing>(),
            isRequired: true,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VaultKeys>>()));
        if (withOperators)
        {
            services.AddKeyedSingleton(OperatorAccess.Key, (provider, _) => new VaultKeys(
                Options(provider).OperatorSecretName,
                provider.GetRequiredKeyedService<KeyRing>(OperatorAccess.Key),
                isRequired: false,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<VaultKeys>>()));
        }

        services.AddSingleton(provider => new VaultRefresh(
            provider.GetRequiredService<VaultReader>(),
            [provider.GetRequiredService<VaultKeys>(), .. provider.GetKeyedServices<VaultKeys>(OperatorAccess.Key)],
            provider.GetRequiredService<SecretValues>(),
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<VaultRefresh>>()));
        services.AddHostedService(provider =>
        {
            // The models come first: they name the secrets that the first load must bring.
            provider.GetRequiredService<ModelCatalog>();
            return provider.GetRequiredService<VaultRefresh>();
        });
    }

    private static KeyVaultOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<SwitchboardOptions>>().Value.Access.KeyVault;
}
