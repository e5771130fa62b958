using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Switchboard.Platforms;
using Switchboard.Steps;

namespace Switchboard.Models;

/// <summary>The configured models, each with its ready client.</summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly Dictionary<string, CatalogModel> _models = new(StringComparer.Ordinal);
    private readonly CatalogModel? _default;
    private readonly bool _hasPlatforms;

    public ModelCatalog(IReadOnlyList<ModelOptions> models, ModelPipeline pipeline)
    {
        foreach (var model in models)
        {
            var entry = new CatalogModel(model.Id, model.Responder, model.Accept, pipeline.Build(model), PlatformOf(model)) { Steering = model.Agora.ToSteering() };
            _models.Add(model.Id, entry);
            _default = model.Default ? entry : _default;
        }

        Ids = [.. models.Select(model => model.Id)];
        _hasPlatforms = _models.Values.Any(model => model.Platform is not null);
    }

    /// <summary>The model ids, in the order of the configuration.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The id of the default model; null where there is none.</summary>
    public string? DefaultId => _default?.Id;

    /// <summary>The model <paramref name="modelId"/>, or the default one for an id that nobody configured.</summary>
    public bool TryGet(string modelId, [NotNullWhen(true)] out CatalogModel? model)
    {
        model = _models.GetValueOrDefault(modelId) ?? _default;
        return model is not null;
    }

    /// <summary>The platform that the settings name for the model of a request; null where they name none. The request need not have been checked.</summary>
    public Dialect? PlatformOf(JsonElement body) => _hasPlatforms
        && TryGet(body.TryGetProperty("model"u8, out var id) && id.ValueKind is JsonValueKind.String ? id.GetString()! : "", out var model) ? model.Platform : null;

    private static Dialect? PlatformOf(ModelOptions model) => model.Platform is { } name && Dialects.TryFind(name, out var platform) ? platform : null;

    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Client.Dispose();
        }
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
internal sealed class ModelStart(ModelCatalog models, IReadOnlyList<ModelOptions> options) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // They were built to be handed over; only the tokenizer loads on its own.
        _ = models;
        if (options.Any(model => model.History.MaxTokens is not null))
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
    /// <summary>Needs the list of <see cref="ModelOptions"/>, a clock and the services of the features that models use.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.TryAddSingleton<ModelPipeline>();
        services.TryAddSingleton<ModelCatalog>();
        return services.AddHostedService<ModelStart>();
    }
}
