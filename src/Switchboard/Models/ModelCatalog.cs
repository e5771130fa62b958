using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Switchboard.Platforms;
using Switchboard.Steps;

namespace Switchboard.Models;

/// <summary>The configured models, as the settings have them now.</summary>
internal sealed class ModelCatalog : IDisposable
{
    /// <summary>
    /// How long what a replaced set has used stays, once its last turn has left: a tool is run to its end, and an upstream that was left alone is tried, also when the turn is
    /// over by then. No <c>CallTimeout</c> and no <c>Deadline</c> is longer.
    /// </summary>
    public static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(2);

    private readonly ModelPipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly KeptParts _parts = new();
    private readonly CancellationTokenSource _stopped = new();
    private volatile ModelSet _current;

    public ModelCatalog(ConfiguredModels models, ModelPipeline pipeline, TimeProvider time)
    {
        _pipeline = pipeline;
        _time = time;
        _current = Build(models);
    }

    /// <summary>The models of now, to look at.</summary>
    public ModelSet Current => _current;

    /// <summary>The model ids, in the order of the configuration.</summary>
    public IReadOnlyList<string> Ids => _current.Ids;

    /// <summary>The models of now, to use: who enters leaves.</summary>
    public ModelSet Enter()
    {
        ModelSet current;
        do
        {
            current = _current;
        }
        while (!current.TryEnter());
        return current;
    }

    /// <summary>Builds other models, which are not used yet.</summary>
    public ModelSet Build(ConfiguredModels models) => new(models, _pipeline, _parts, set => _ = LetGoAsync(set), _time.GetUtcNow());

    /// <summary>Uses other models from now on. Turns that run end with those that they have.</summary>
    public void Use(ModelSet models)
    {
        var before = _current;
        _current = models;
        before.Leave();
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _current.LetGo();
    }

    private async Task LetGoAsync(ModelSet set)
    {
        await Task.Delay(Afterwards, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        set.LetGo();
    }
}

/// <summary>A configured model.</summary>
/// <param name="Id">Its id in the configuration.</param>
/// <param name="Responder">The name of its responder.</param>
/// <param name="Accept">What requests may ask of it.</param>
/// <param name="Client">What answers for it.</param>
/// <param name="Platform">The platform that asks for it; null for any.</param>
internal sealed record CatalogModel(string Id, string Responder, AcceptOptions Accept, IChatClient Client, Dialect? Platform)
{
    /// <summary>How answers are spoken where a first chunk can say so, as JSON; null for as the platform is set.</summary>
    public string? Steering { get; init; }
}

/// <summary>
/// Has the models built before anything listens, in whatever order a shell has added its server: templates, patterns and the tokenizer's tables
/// take up to a second, which the first caller would hear as dead air.
/// </summary>
internal sealed class ModelStart(ModelCatalog models, ConfiguredModels configured) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // They were built to be handed over; only the tokenizer loads on its own.
        _ = models;
        if (configured.Options.Any(model => model.History.MaxTokens is not null))
        {
            await TokenCount.WarmAsync().WaitAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Adds the models.</summary>
internal static class ModelServices
{
    /// <summary>Needs <see cref="ConfiguredModels"/>, a clock and the services of the features that models use.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.TryAddSingleton<ModelPipeline>();
        services.TryAddSingleton<ModelCatalog>();
        return services.AddHostedService<ModelStart>();
    }
}
