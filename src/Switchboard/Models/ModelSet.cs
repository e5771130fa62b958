using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Platforms;

namespace Switchboard.Models;

/// <summary>
/// The configured models as one version of the settings has them, each with its ready client. A turn takes the set of its moment and keeps it to its end; a set that was
/// replaced is let go with the last turn in it.
/// </summary>
internal sealed class ModelSet
{
    private readonly Dictionary<string, CatalogModel> _models = new(StringComparer.Ordinal);
    private readonly CatalogModel? _default;
    private readonly bool _hasPlatforms;
    private readonly PartUse _parts;
    private readonly Action<ModelSet> _left;

    // One use is the catalogue's own.
    private int _uses = 1;

    /// <param name="models">The models, checked.</param>
    /// <param name="pipeline">Builds them.</param>
    /// <param name="parts">The parts that they share with other sets.</param>
    /// <param name="left">Called when it was replaced and its last turn has left.</param>
    /// <param name="loadedAt">Now.</param>
    public ModelSet(ConfiguredModels models, ModelPipeline pipeline, KeptParts parts, Action<ModelSet> left, DateTimeOffset loadedAt)
    {
        _parts = parts.Begin();
        _left = left;
        Version = models.Version;
        LoadedAt = loadedAt;
        try
        {
            foreach (var model in models.Options)
            {
                var entry = new CatalogModel(model.Id, model.Responder, model.Accept, pipeline.Build(model, _parts), PlatformOf(model)) { Steering = model.Agora.ToSteering() };
                _models.Add(model.Id, entry);
                _default = model.Default ? entry : _default;
            }
        }
        catch
        {
            LetGo();
            throw;
        }

        Ids = [.. models.Options.Select(model => model.Id)];
        _hasPlatforms = _models.Values.Any(model => model.Platform is not null);
    }

    /// <summary>The version of the settings.</summary>
    public string Version { get; }

    /// <summary>When this instance loaded it.</summary>
    public DateTimeOffset LoadedAt { get; }

    /// <summary>The model ids, in the order of the configuration.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The id of the default model; null where there is none.</summary>
    public string? DefaultId => _default?.Id;

    /// <summary>The model <paramref name="modelId"/>, or the default one for an id that nobody configured.</summary>
    public bool TryGet(string modelId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CatalogModel? model)
    {
        model = _models.GetValueOrDefault(modelId) ?? _default;
        return model is not null;
    }

    /// <summary>The platform that the settings name for the model of a request; null where they name none. The request need not have been checked.</summary>
    public Dialect? PlatformOf(JsonElement body) => _hasPlatforms
        && TryGet(body.TryGetProperty("model"u8, out var id) && id.ValueKind is JsonValueKind.String ? id.GetString()! : "", out var model) ? model.Platform : null;

    /// <summary>Whether a turn may enter; not when the set has been let go. Who enters leaves.</summary>
    public bool TryEnter()
    {
        for (var uses = Volatile.Read(ref _uses); uses > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return true;
            }

            uses = seen;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _left(this);
        }
    }

    /// <summary>Lets go of its clients, and of the parts that no other set has.</summary>
    public void LetGo()
    {
        foreach (var model in _models.Values)
        {
            model.Client.Dispose();
        }

        _parts.End();
    }

    private static Dialect? PlatformOf(ModelOptions model) => model.Platform is { } name && Dialects.TryFind(name, out var platform) ? platform : null;
}

/// <summary>The models as the settings have them.</summary>
/// <param name="Options">The models, checked.</param>
/// <param name="Version">The version of the settings.</param>
internal sealed record ConfiguredModels(IReadOnlyList<ModelOptions> Options, string Version);

/// <summary>
/// What models keep over a change of the settings: connections, circuits, responders. A part that two sets ask for by the same key is the same one, and it is let go with the last
/// set that uses it.
/// </summary>
internal sealed class KeptParts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Part> _parts = new(StringComparer.Ordinal);

    public PartUse Begin() => new(this);

    /// <summary>The text of a value and of all that is below it: the same for settings that say the same.</summary>
    public static string KeyOf(params ReadOnlySpan<object?> values)
    {
        var key = new StringBuilder();
        foreach (var value in values)
        {
            Write(value, key);
        }

        return key.ToString();
    }

    internal T Take<T>(PartUse use, string key, Func<T> create, Action<T>? letGo)
        where T : class
    {
        lock (_gate)
        {
            if (!_parts.TryGetValue(key, out var part))
            {
                var made = create();
                part = new Part(made, () => letGo?.Invoke(made));
                _parts.Add(key, part);
            }

            part.Uses++;
            use.Keys.Add(key);
            return (T)part.Value;
        }
    }

    internal void Return(List<string> keys)
    {
        lock (_gate)
        {
            foreach (var key in keys)
            {
                if (--_parts[key].Uses == 0)
                {
                    _parts.Remove(key, out var part);
                    part!.LetGo();
                }
            }

            keys.Clear();
        }
    }

    private static void Write(object? value, StringBuilder key)
    {
        switch (value)
        {
            case null:
                key.Append("-;");
                break;
            case string or IFormattable or bool or Uri:
                var text = value is Uri uri ? uri.OriginalString : Convert.ToString(value, CultureInfo.InvariantCulture)!;
                // By its length first, so that no text passes for two.
                key.Append(CultureInfo.InvariantCulture, $"{text.Length}:{text};");
                break;
            case IEnumerable items:
                foreach (var item in items)
                {
                    Write(item, key.Append('['));
                }

                key.Append("];");
                break;
            default:
                foreach (var property in value.GetType().GetProperties())
                {
                    Write(property.GetValue(value), key.Append(property.Name).Append('='));
                }

                key.Append(';');
                break;
        }
    }

    private sealed class Part(object value, Action letGo)
    {
        public object Value => value;

        public int Uses { get; set; }

        public void LetGo() => letGo();
    }
}

/// <summary>The parts that one set of models uses.</summary>
internal sealed class PartUse(KeptParts parts)
{
    internal List<string> Keys { get; } = [];

    /// <summary>The part of this key: the one that is there, or a new one.</summary>
    /// <param name="key">What tells it from all others of its kind.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="letGo">Called when no set uses it any more.</param>
    public T Take<T>(string key, Func<T> create, Action<T>? letGo = null)
        where T : class
    {
        // One set may ask for the same twice, and gets two.
        var kind = $"{typeof(T)} {key}";
        return parts.Take(this, $"{kind}{Keys.Count(taken => taken.StartsWith(kind, StringComparison.Ordinal))}", create, letGo);
    }

    public void End() => parts.Return(Keys);
}

/// <summary>A client that others use too, and that is not disposed with one of them. It adds nothing to what is streamed.</summary>
internal sealed class KeptClient(IChatClient client) : DelegatingChatClient(client)
{
#pragma warning disable CA2215 // The base would dispose the client; whoever made it does.
    protected override void Dispose(bool disposing)
    {
    }
#pragma warning restore CA2215
}
