using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Http;
using Switchboard.Keys;
using Switchboard.Models;
using Switchboard.Responders;
using Switchboard.Tools;
using Switchboard.Transcripts;
using Switchboard.Turn;
using Switchboard.Upstream;
using Switchboard.Vault;

namespace Switchboard;

/// <summary>Puts the engine together.</summary>
public static class SwitchboardServices
{
    /// <summary>Adds the endpoints and all that they need. A bad setting stops the start with one message that names every fault.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configuration">
    /// Where the sections <c>Access</c>, <c>Models</c> and <c>Limits</c> stand. It is read when the app starts: sources that are added after
    /// this call count, and so does <c>services.Configure&lt;SwitchboardOptions&gt;(…)</c>.
    /// </param>
    public static IServiceCollection AddSwitchboard(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        AddSettings(services, configuration);
        services.AddHostedService<ModelStart>();
        services.AddVault();
        services.AddKeys();
        AddModels(services);
        services.AddUpstreams(provider => provider.Settings().AsksUpstreams);
        services.AddTools(provider => provider.Settings().HasMcpTools);
        services.AddTranscripts(provider => provider.Settings().Transcripts);
        AddEndpoints(services);
        return services;
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

    private static void AddSettings(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => new SettingsReader(configuration));
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, SettingsFaults>();
        services.AddSingleton<SwitchboardOptionsValidator>();
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, AttributeFaults>();
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, ModelRules>();
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, TurnRules>();
        services.AddSingleton<IValidateOptions<SwitchboardOptions>, FeatureRules>();
        services.AddOptions<SwitchboardOptions>().Configure<SettingsReader>((options, settings) => settings.Usable.Bind(options)).ValidateOnStart();
        // Each feature sees its own.
        services.AddSingleton(provider => provider.Settings().Access);
        services.AddSingleton(provider => provider.Settings().Access.KeyVault);
        services.AddSingleton(provider => new KeyPolicy(provider.Settings().Limits.RequestsPerMinute, provider.Settings().Transcripts.AreKept));
    }

    private static void AddModels(IServiceCollection services)
    {
        services.AddSingleton<ModelCatalog>();
        services.AddSingleton<ModelPipelines>();
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.AddTransient<IStartupFilter, StrictTransport>();
        // By factory: the endpoints are public for the shells, what they are made of is not.
        services.AddSingleton<TurnLimits>();
        services.AddSingleton<OpenCalls>();
        services.AddMetrics().AddSingleton<TurnTelemetry>();
        services.AddSingleton(provider => new ChatCompletionsEndpoint(
            provider.GetRequiredService<AccessControl>().Platforms,
            provider.GetRequiredService<TurnLimits>(),
            provider.GetRequiredService<OpenCalls>(),
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<IOptions<SwitchboardOptions>>(),
            provider.GetRequiredService<TurnTelemetry>(),
            provider.GetService<Transcriber>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChatCompletionsEndpoint>>()));
        services.AddSingleton(provider => new ModelsEndpoint(
            provider.GetRequiredService<AccessControl>().Platforms,
            provider.GetRequiredService<ModelCatalog>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ModelsEndpoint>>()));
        services.AddSingleton(provider => new OperatorGate(
            provider.GetRequiredService<AccessControl>().Operators,
            provider.GetService<StoredCalls>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OperatorGate>>()));
        services.AddSingleton(provider => new CallsEndpoint(provider.GetRequiredService<OperatorGate>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CallEndpoint(provider.GetRequiredService<OperatorGate>()));
        services.AddSingleton(provider => new ConsoleEndpoint(
            provider.GetRequiredService<IOptions<SwitchboardOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConsoleEndpoint>>()));
        services.AddSingleton(provider => new LiveEndpoint(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LiveEndpoint>>()));
        services.AddSingleton(provider => new ReadyEndpoint(
            provider.GetRequiredService<AccessHealth>(),
            provider.GetRequiredService<AccessControl>().Platforms,
            provider.GetRequiredService<AccessControl>().Operators,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReadyEndpoint>>()));
    }
}
