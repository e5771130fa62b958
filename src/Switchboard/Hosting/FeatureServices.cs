using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>Services that are there where the settings ask for them.</summary>
internal static class FeatureServices
{
    /// <summary>The settings, checked.</summary>
    public static SwitchboardOptions Settings(this IServiceProvider services) => services.GetRequiredService<IOptions<SwitchboardOptions>>().Value;

    /// <summary>A service that <c>GetService</c> gives only where the settings ask for it.</summary>
    public static IServiceCollection AddWhere<T>(this IServiceCollection services, Func<SwitchboardOptions, bool> isOn, Func<IServiceProvider, T> create)
        where T : class =>
        services.AddWhere((IServiceProvider provider) => isOn(provider.Settings()), create);

    /// <summary>A hosted service that does nothing where the settings do not ask for it.</summary>
    public static IServiceCollection AddHostedWhere(this IServiceCollection services, Func<SwitchboardOptions, bool> isOn, Func<IServiceProvider, IHostedService> create) =>
        services.AddHostedWhere((IServiceProvider provider) => isOn(provider.Settings()), create);
}
