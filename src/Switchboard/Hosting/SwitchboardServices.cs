using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Failover;
using Switchboard.Hosting;
using Switchboard.Keys;
using Switchboard.Masks;
using Switchboard.Models;
using Switchboard.Platforms;
using Switchboard.Responders;
using Switchboard.Steps;
using Switchboard.Tools;
using Switchboard.Transcripts;
using Switchboard.Turn;
using Switchboard.Upstream;
using Switchboard.Vault;

namespace Switchboard;

/// <summary>Puts the engine together.</summary>
public static class SwitchboardServices
{
    /// <summary>Adds the routes (<see cref="HttpRoutes"/>) and all that they need. A bad setting stops the start with one message that names every failure.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configuration">
    /// Where the sections of <see cref="SwitchboardOptions"/> stand. It is read when the app starts: sources that are added after
    /// this call count, and so does <c>services.Configure&lt;SwitchboardOptions&gt;(…)</c>.
    /// </param>
    public static IServiceCollection AddSwitchboard(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSettings(configuration)
            // Before all services that are stopped: see there.
            .AddDrain()
            // First: the models that it builds name the secrets that the first load must bring.
            .AddModels()
            .AddFailover()
            // Before the vault: where the keys come from is said first, and then what became of them.
            .AddKeys()
            .AddVault()
            .AddUpstreams(provider => provider.CurrentSettings().AsksUpstreams)
            .AddTools(provider => provider.CurrentSettings().HasMcpTools)
            .AddWhere<NumberMask>(provider => provider.Settings().Transcripts.Redact is Redaction.Numbers, provider => new NumberMask([.. provider.Settings().OwnNumbers]))
            .AddTranscripts()
            .AddHttpRoutes()
            .AddHostedWhere<SettingsReload>(provider => provider.GetRequiredService<SettingsState>().Folder is not null);
    }

    /// <summary>Adds a responder of your own: a model with <c>Responder = name</c> is then answered by it.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="name">The name for the configuration; it must not be one of the built-in ones.</param>
    /// <param name="create">Makes the client; called once for each model that names it. Only its streaming method is used.</param>
    public static IServiceCollection AddResponder(this IServiceCollection services, string name, Func<IServiceProvider, IChatClient> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        return services.AddSingleton(new ResponderRegistration(name, create));
    }

    /// <summary>The settings, checked.</summary>
    internal static SwitchboardOptions Settings(this IServiceProvider services) => services.GetRequiredService<IOptions<SwitchboardOptions>>().Value;

    private static IServiceCollection AddDrain(this IServiceCollection services)
    {
        services.TryAddSingleton<TurnDrain>();
        return services.AddHostedService(provider => provider.GetRequiredService<TurnDrain>());
    }

    // With what a change has brought since.
    private static SwitchboardOptions CurrentSettings(this IServiceProvider services) => services.GetRequiredService<SettingsState>().Current ?? services.Settings();

    private static IServiceCollection AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => new SettingsLayers(configuration));
        services.AddSingleton<SettingsState>();
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, SettingsRules>();
        services.AddOptions<SwitchboardOptions>().Configure<SettingsState>((options, settings) => settings.Loaded.Usable.Bind(options)).ValidateOnStart();
        // Each feature sees its own.
        return services
            .AddOwn(settings => settings.Access)
            .AddOwn(settings => settings.Access.KeyVault)
            .AddOwn(settings => new KeyPolicy(
                settings.Limits.RequestsPerMinute,
                settings.Transcripts.AreKept,
                settings.Limits.Keys.Where(key => key.Value.RequestsPerMinute is not null).ToDictionary(key => key.Key, key => key.Value.RequestsPerMinute!.Value))
            {
                Limited = [.. settings.Limits.Keys.Keys],
            })
            .AddSingleton(provider => new ConfiguredModels([.. provider.Settings().Models], provider.GetRequiredService<SettingsState>().Loaded.Version))
            .AddOwn(settings => new CallContextReader(settings.Calls))
            .AddOwn(settings => settings.Limits)
            .AddOwn(settings => settings.Transcripts)
            .AddOwn(settings => new CallbackPolicy(settings.Access.TakesCallbacks))
            .AddOwn(settings => settings.Console)
            .AddOwn(settings => new TelemetryOptions { MessageContent = settings.TracesContent })
            .AddHostedService<SettingsNotice>();
    }

    private static IServiceCollection AddOwn<T>(this IServiceCollection services, Func<SwitchboardOptions, T> options)
        where T : class => services.AddSingleton(provider => options(provider.Settings()));
}
