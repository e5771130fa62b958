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
        services.AddSingleton(provider => isOn(provider) ? Create(provider, create) : null!);

    /// <summary>A service that is started with the app where it is on, and is not there otherwise; one that a change of the settings turns on is started by <see cref="StartLateAsync"/>.</summary>
    /// <inheritdoc cref="AddWhere"/>
    public static IServiceCollection AddHostedWhere<T>(this IServiceCollection services, Func<IServiceProvider, bool> isOn, Func<IServiceProvider, T>? create = null)
        where T : class, IHostedService =>
        services.AddSingleton<IHostedService>(provider => isOn(provider) ? Create(provider, create) : new LateService(() => isOn(provider) ? Create(provider, create) : null));

    /// <summary>Starts what is on by now, and was not when the app started.</summary>
    public static async Task StartLateAsync(IEnumerable<IHostedService> services, CancellationToken cancellationToken)
    {
        foreach (var service in services.OfType<LateService>())
        {
            await service.StartLateAsync(cancellationToken);
        }
    }

    private static T Create<T>(IServiceProvider provider, Func<IServiceProvider, T>? create) =>
        create is null ? ActivatorUtilities.CreateInstance<T>(provider) : create(provider);

    // The host watches it as any other, so that what is started late fails as what is started with the app.
    private sealed class LateService(Func<IHostedService?> create) : BackgroundService
    {
        private readonly TaskCompletionSource<IHostedService> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IHostedService? _service;

        public async Task StartLateAsync(CancellationToken cancellationToken)
        {
            if (!_started.Task.IsCompleted && (_service ??= create()) is { } late)
            {
                await late.StartAsync(cancellationToken);
                _started.TrySetResult(late);
            }
        }

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await (_service?.StopAsync(cancellationToken) ?? Task.CompletedTask);
            await base.StopAsync(cancellationToken);
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
            await ((await _started.Task.WaitAsync(stoppingToken) as BackgroundService)?.ExecuteTask ?? Task.CompletedTask);
    }
}
