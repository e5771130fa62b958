using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Switchboard.Common;

/// <summary>
/// Services of features that the settings may leave out. Whether one is there is decided when it is asked for, by the settings as they are then;
/// until then none of its types is touched, so that an app without a vault loads no Azure assemblies: a cold start is dead air.
/// </summary>
internal static class OptionalServices
{
    /// <summary>A service that <c>GetService</c> gives, and a constructor gets, only where it is on; else null.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="isOn">Whether the settings ask for it.</param>
    /// <param name="create">Makes it; null for its constructor.</param>
    public static IServiceCollection AddWhere<T>(this IServiceCollection services, Func<IServiceProvider, bool> isOn, Func<IServiceProvider, T>? create = null)
        where T : class =>
        services.AddSingleton(provider => !isOn(provider) ? null! : create is null ? ActivatorUtilities.CreateInstance<T>(provider) : create(provider));

    /// <summary>Has a service of <see cref="AddWhere"/> started with the app, where it is on.</summary>
    public static IServiceCollection AddHostedWhere<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.AddSingleton<IHostedService>(provider => provider.GetService<T>() ?? (IHostedService)new NoService());

    /// <summary>A hosted service that does nothing where it is off.</summary>
    public static IServiceCollection AddHostedWhere(this IServiceCollection services, Func<IServiceProvider, bool> isOn, Func<IServiceProvider, IHostedService> create) =>
        services.AddSingleton(provider => isOn(provider) ? create(provider) : new NoService());

    private sealed class NoService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
