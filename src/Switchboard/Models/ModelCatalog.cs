using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Responders;

namespace Switchboard.Models;

/// <summary>The configured models, each with its ready client.</summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly Dictionary<string, CatalogModel> _models = new(StringComparer.Ordinal);
    private readonly CatalogModel? _default;

    public ModelCatalog(IOptions<SwitchboardOptions> options, IEnumerable<ResponderRegistration> responders, ModelPipelines pipelines, IServiceProvider services)
    {
        // First, since it checks that the names of the responders differ.
        var settings = options.Value;
        var byName = responders.ToDictionary(responder => responder.Name, StringComparer.Ordinal);
        foreach (var model in settings.Models)
        {
            var entry = new CatalogModel(model.Id, model.Responder, model.Accept, pipelines.Build(model, byName[model.Responder].Create(services, model)));
            _models.Add(model.Id, entry);
            _default = model.Default ? entry : _default;
        }

        Ids = [.. settings.Models.Select(model => model.Id)];
    }

    /// <summary>The model ids, in the order of the configuration.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The model <paramref name="modelId"/>, or the default one for an id that nobody configured.</summary>
    public bool TryGet(string modelId, [NotNullWhen(true)] out CatalogModel? model)
    {
        model = _models.GetValueOrDefault(modelId) ?? _default;
        return model is not null;
    }

    public void Dispose()
    {
        foreach (var model in _models.Values)
        {
            model.Client.Dispose();
        }
    }
}
