using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Switchboard.Failover;
using Switchboard.Hosting;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Platforms;
using Switchboard.Responders;
using Switchboard.Tools;
using Switchboard.Transcripts;
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
            // First: the models that it builds name the secrets that the first load must bring.
            .AddModels()
            .AddFailover()
            // Before the vault: where the keys come from is said first, and then what became of them.
            .AddKeys()
            .AddVault()
            .AddUpstreams(provider => provider.Settings().AsksUpstreams)
            .AddTools(provider => provider.Settings().HasMcpTools)
            .AddTranscripts()
            .AddHttpRoutes();
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

    private static IServiceCollection AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => new SettingsReader(configuration));
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, SettingsRules>();
        services.AddOptions<SwitchboardOptions>().Configure<SettingsReader>((options, settings) => settings.Usable.Bind(options)).ValidateOnStart();
        // Each feature sees its own.
        return services
            .AddOwn(settings => settings.Access)
            .AddOwn(settings => settings.Access.KeyVault)
            .AddOwn(settings => new KeyPolicy(settings.Limits.RequestsPerMinute, settings.Transcripts.AreKept))
            .AddOwn<IReadOnlyList<ModelOptions>>(settings => [.. settings.Models])
            .AddOwn(settings => new CallContextReader(settings.Calls))
            .AddOwn(settings => settings.Limits)
            .AddOwn(settings => settings.Transcripts)
            .AddOwn(settings => new CallbackPolicy(settings.Access.TakesCallbacks))
            .AddOwn(settings => settings.Console)
            .AddOwn(settings => settings.Telemetry);
    }

    private static IServiceCollection AddOwn<T>(this IServiceCollection services, Func<SwitchboardOptions, T> options)
        where T : class => services.AddSingleton(provider => options(provider.Settings()));
}
