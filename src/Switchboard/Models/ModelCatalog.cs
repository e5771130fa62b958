using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;
using Switchboard.Responders;
using Switchboard.Upstream;

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
        var registered = responders.ToDictionary(responder => responder.Name, responder => responder.Create, StringComparer.Ordinal);
        foreach (var model in settings.Models)
        {
            var entry = new CatalogModel(model.Id, model.Responder, model.Accept, pipelines.Build(model, Clients(model, registered, services)));
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

    private static IReadOnlyList<KeyValuePair<string, IChatClient>> Clients(
        ModelOptions model, Dictionary<string, Func<IServiceProvider, IChatClient>> registered, IServiceProvider services)
    {
        if (model.Responder == UpstreamChatClient.Name)
        {
            return services.GetRequiredService<UpstreamClients>().Create(model.Id, model.Upstreams);
        }

        IChatClient client = model.Responder switch
        {
            SimulatedChatClient.Name => new SimulatedChatClient(model.Simulated, services.GetRequiredService<TimeProvider>()),
            ScriptedChatClient.Name => new ScriptedChatClient(model.Id, model.Script, services.GetRequiredService<ILogger<ScriptedChatClient>>()),
            _ => registered[model.Responder](services),
        };
        return [KeyValuePair.Create(model.Responder, client)];
    }
}
