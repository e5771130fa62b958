using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Switchboard.Settings;

namespace Switchboard.Models;

/// <summary>The configured models, each with its ready client.</summary>
internal sealed class ModelCatalog : IDisposable
{
    private readonly Dictionary<string, IChatClient> _clients = new(StringComparer.Ordinal);
    private readonly IChatClient? _default;

    public ModelCatalog(IOptions<SwitchboardOptions> options, IEnumerable<ResponderRegistration> responders, IServiceProvider services)
    {
        var byName = responders.ToDictionary(responder => responder.Name, StringComparer.Ordinal);
        foreach (var model in options.Value.Models)
        {
            var client = byName[model.Responder].Create(services, model);
            _clients.Add(model.Id, client);
            _default = model.Default ? client : _default;
        }

        Ids = [.. options.Value.Models.Select(model => model.Id)];
    }

    /// <summary>The model ids, in the order of the configuration.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The client of <paramref name="modelId"/>, or the default model's for an id that nobody configured.</summary>
    public bool TryGet(string modelId, [NotNullWhen(true)] out IChatClient? client)
    {
        client = _clients.GetValueOrDefault(modelId) ?? _default;
        return client is not null;
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }
}
