using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Switchboard.Settings;

/// <summary>
/// Services of features that the settings may leave out. Whether one is there is decided when it is asked for, by the settings as they are then;
/// until then none of its types is touched, so that an app without a vault loads no Azure assemblies: a cold start is dead air.
/// </summary>
internal static class FeatureServices
{
    /// <summary>The settings, checked.</summary>
    public static SwitchboardOptions Settings(this IServiceProvider services) => services.GetRequiredService<IOptions<SwitchboardOptions>>().Value;

    /// <summary>A service that <c>GetService</c> gives only where the settings ask for it.</summary>
    public static IServiceCollection AddWhere<T>(this IServiceCollection services, Func<SwitchboardOptions, bool> isOn, Func<IServiceProvider, T> create)
        where T : class =>
        services.AddSingleton(provider => isOn(provider.Settings()) ? create(provider) : null!);

    /// <summary>A hosted service that does nothing where the settings do not ask for it.</summary>
    public static IServiceCollection AddHostedWhere(this IServiceCollection services, Func<SwitchboardOptions, bool> isOn, Func<IServiceProvider, IHostedService> create) =>
        services.AddSingleton(provider => isOn(provider.Settings()) ? create(provider) : new NoService());

    private sealed class NoService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
