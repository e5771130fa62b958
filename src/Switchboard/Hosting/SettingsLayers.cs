using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Switchboard.Common;
using Switchboard.Models;
using Switchboard.Responders;
using Switchboard.Transcripts;
using Switchboard.Upstream;

namespace Switchboard.Hosting;

/// <summary>
/// The sources of a configuration, with <c>switchboard.json</c> at its <see cref="SettingsPlace"/> among them. They are read once; the file may be put in again. A model may be named by its
/// id in the place of its index: <c>Models:reception:Responder</c>.
/// </summary>
internal sealed partial class SettingsLayers
{
    private const string Section = nameof(SwitchboardOptions.Models);

    // Settings of which one is to be given, and where they stand.
    private static readonly (Regex Parent, string[] Names)[] Alternatives =
    [
        (Asked(), [nameof(UpstreamOptions.ApiKey), nameof(UpstreamOptions.ApiKeySecret), nameof(UpstreamOptions.Credential)]),
        (Header(), [nameof(UpstreamHeader.Value), nameof(UpstreamHeader.Secret)]),
        (Model(), [nameof(ModelOptions.Prompt), nameof(ModelOptions.PromptFile)]),
        (Rule(), [nameof(ScriptRule.Say), nameof(ScriptRule.SayFile)]),
        (Kept(), [nameof(TranscriptsOptions.TableServiceUri), nameof(TranscriptsOptions.ConnectionString)]),
    ];

    private readonly Dictionary<string, string?> _below = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string?> _above = new(StringComparer.OrdinalIgnoreCase);

    public SettingsLayers(IConfiguration configuration)
    {
        if (configuration is not IConfigurationRoot root || !root.Providers.OfType<SettingsPlace.Provider>().Any())
        {
            foreach (var (key, value) in configuration.AsEnumerable(makePathsRelative: true))
            {
                _above[key] = value;
            }

            return;
        }

        var layer = _below;
        foreach (var provider in root.Providers)
        {
            if (provider is SettingsPlace.Provider place)
            {
                Folder = place.Folder;
                layer = _above;
            }

            Copy(provider, null, layer);
        }
    }

    /// <summary>Where the file is; null where the configuration has no place for one.</summary>
    public SettingsFolder? Folder { get; }

    /// <summary>Whether sources above the file list models of their own, with their ids. They then take the place of the file's: two lists, mixed by index, would be nobody's.</summary>
    public bool HasOwnModels => _above.Any(setting => ListedId().IsMatch(setting.Key) && setting.Value is { Length: > 0 });

    /// <summary>Where the settings are kept, which no file says of itself.</summary>
    public SettingsOptions Own()
    {
        var options = new SettingsOptions();
        new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(With(SettingsFile.Empty.Values, [])).Build()).Usable.GetSection(nameof(SwitchboardOptions.Settings)).Bind(options);
        return options;
    }

    /// <summary>All settings, with those of a file.</summary>
    /// <param name="file">What the file says.</param>
    /// <param name="failures">Gets what is wrong with the names of models.</param>
    /// <param name="written">Gets, by their names with an index, the names of the settings that name their model by its id.</param>
    public Dictionary<string, string?> With(IReadOnlyDictionary<string, string?> file, ICollection<string> failures, IDictionary<string, string>? written = null)
    {
        var all = new Dictionary<string, string?>(_below, StringComparer.OrdinalIgnoreCase);
        var hasOwn = HasOwnModels;
        foreach (var (key, value) in file.Where(setting => !hasOwn || !setting.Key.StartsWith($"{Section}:", StringComparison.OrdinalIgnoreCase)).Concat(_above))
        {
            all[key] = value;
        }

        written ??= new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        UseIndexes(all, failures, written);
        LeaveOneOfEach(all, new HashSet<string>(_above.Keys.Concat(written.Where(name => _above.ContainsKey(name.Value)).Select(name => name.Key)), StringComparer.OrdinalIgnoreCase));
        return all;
    }

    /// <summary>Where all settings stand, with those of a file.</summary>
    /// <param name="file">What the file says.</param>
    /// <param name="written">The settings that name their model by its id, by their names with an index.</param>
    public SettingsPlaces Places(SettingsFile file, IEnumerable<string> written) => new(
        HasOwnModels ? file.Lines.Where(line => !LoadedSettings.IsOfModels(line.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase) : file.Lines, [.. _above.Keys, .. written], _below.Keys);

    // What says the same in another way: the app settings' ApiKey is in the place of the file's ApiKeySecret, which may stand there for another environment.
    private static void LeaveOneOfEach(Dictionary<string, string?> all, HashSet<string> above)
    {
        foreach (var given in above.Where(key => key.Contains(':', StringComparison.Ordinal) && all.GetValueOrDefault(key) is { Length: > 0 }))
        {
            var at = given.LastIndexOf(':');
            var names = Array.Find(Alternatives, alternative => alternative.Names.Contains(given[(at + 1)..], StringComparer.OrdinalIgnoreCase) && alternative.Parent.IsMatch(given.AsSpan(0, at))).Names ?? [];
            foreach (var other in names.Select(name => $"{given[..at]}:{name}").Where(other => !above.Contains(other)))
            {
                all.Remove(other);
            }
        }
    }

    // What is named by id wins: it cannot be meant for another model, while an index may.
    private static void UseIndexes(Dictionary<string, string?> all, ICollection<string> failures, IDictionary<string, string> written)
    {
        var ids = all.Where(setting => ListedId().IsMatch(setting.Key) && setting.Value is { Length: > 0 }).ToDictionary(setting => setting.Key.Split(':')[1], setting => setting.Value!);
        foreach (var group in all.Keys.Select(key => ById().Match(key)).Where(match => match.Success).GroupBy(match => match.Groups["id"].Value, StringComparer.OrdinalIgnoreCase).ToList())
        {
            var index = IndexOf(group.Key, ids);
            if (index is null && group.Any(match => all[match.Value] is not null))
            {
                failures.Add($"{Section}:{group.Key}: {(ids.Count == 0 ? "expected an index such as Models:0" : $"no model has this id; there are {string.Join(", ", ids.OrderBy(id => Number(id.Key)).Select(id => id.Value))}")}{(Meant(group.Key, ids.Values) is { } meant ? $"; did you mean {Section}:{meant}?" : ".")}");
            }

            foreach (var match in group)
            {
                all.Remove(match.Value, out var value);
                var rest = match.Groups["rest"].Value;
                if (rest.Equals($":{nameof(ModelOptions.Id)}", StringComparison.OrdinalIgnoreCase) && index is not null && value != ids[index])
                {
                    failures.Add($"{match.Value}: a model that is named by its id has that id.");
                }
                else if (index is not null)
                {
                    all[$"{Section}:{index}{rest}"] = value;
                    written.TryAdd($"{Section}:{index}{rest}", match.Value);
                }
            }
        }
    }

    // Another id, an index with its name (0_Id), or a setting without an index.
    private static string? Meant(string name, IEnumerable<string> ids) => SettingText.Nearest(name, ids)
        ?? SettingsTree.Find(typeof(IList<ModelOptions>), name.Split('_', '.'), [])?.ToString()
        ?? (SettingsTree.Find(typeof(ModelOptions), name) is { } setting ? $"0:{setting.Name}" : null);

    // To the letter; else as the name of a variable has it, in which letter case is lost on some systems and a hyphen is not possible.
    private static string? IndexOf(string name, Dictionary<string, string> ids) =>
        ids.Where(id => id.Value == name).Select(id => id.Key).FirstOrDefault()
        ?? (ids.Where(id => Folded(id.Value) == Folded(name)).ToList() is [var only] ? only.Key : null);

    private static string Folded(string id) => SettingText.AsVariable(id).ToLowerInvariant();

    private static int Number(string index) => int.Parse(index, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void Copy(IConfigurationProvider provider, string? parent, Dictionary<string, string?> into)
    {
        foreach (var name in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase).ToList())
        {
            var path = parent is null ? name : ConfigurationPath.Combine(parent, name);
            if (provider.TryGet(path, out var value))
            {
                into[path] = value;
            }

            Copy(provider, path, into);
        }
    }

    [GeneratedRegex(@"^Models:\d+:(Upstreams|Tools:Mcp):\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Asked();

    [GeneratedRegex(@"^Models:\d+:(Upstreams|Tools:Mcp):\d+:Headers:\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Header();

    [GeneratedRegex(@"^Models:\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Model();

    [GeneratedRegex(@"^Models:\d+:Script:\d+$", RegexOptions.IgnoreCase)]
    private static partial Regex Rule();

    [GeneratedRegex("^Transcripts$", RegexOptions.IgnoreCase)]
    private static partial Regex Kept();

    [GeneratedRegex(@"^Models:\d{1,9}:Id$", RegexOptions.IgnoreCase)]
    private static partial Regex ListedId();

    [GeneratedRegex(@"^Models:(?!\d+(:|$))(?<id>[^:]+)(?<rest>(:.*)?)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex ById();
}
