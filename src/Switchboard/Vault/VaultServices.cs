using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Switchboard.Common;

namespace Switchboard.Vault;

/// <summary>Adds what reads the key vault.</summary>
internal static class VaultServices
{
    /// <summary>Needs <see cref="KeyVaultOptions"/> and a clock. Where they name no vault, <see cref="VaultRefresh"/>, <see cref="SecretSource"/> and <see cref="SecretEnd"/> are null.</summary>
    public static IServiceCollection AddVault(this IServiceCollection services)
    {
        services.TryAddSingleton<VaultLoads>();
        services.TryAddSingleton(provider => VaultConnection.For(provider.GetRequiredService<KeyVaultOptions>()));
        services.TryAddSingleton<VaultReader>();
        return services
            .AddWhere<SecretSource>(HasVault, provider => provider.GetRequiredService<VaultLoads>().AddSecret)
            .AddWhere<SecretEnd>(HasVault, provider => provider.GetRequiredService<VaultLoads>().Remove)
            .AddWhere<VaultRefresh>(HasVault)
            .AddHostedWhere(HasVault, provider => provider.GetRequiredService<VaultRefresh>());
    }

    private static bool HasVault(IServiceProvider provider) => provider.GetRequiredService<KeyVaultOptions>().Uri is not null;
}
