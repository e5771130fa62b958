using Microsoft.Extensions.Configuration;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>
/// Finds what was meant for one of our sections and stands under another name. The environment is full of other programs' variables, and none of these may stop
/// a start: so a name must be near one of ours, and what is below it must be a setting of that section.
/// </summary>
internal static class MistypedSections
{
    // What people put around all settings: the name of the program, and what the Functions tooling has in local.settings.json.
    private static readonly string[] Wrappers = ["Switchboard", "Values"];

    private static readonly string[] Separators = ["__", "_", ".", "-"];

    /// <summary>What is wrong, one failure for each section.</summary>
    /// <param name="configuration">All of the configuration, whoever's it is.</param>
    /// <param name="ids">The ids of the models.</param>
    public static IEnumerable<string> Failures(IConfiguration configuration, IReadOnlyCollection<string> ids)
    {
        ids = [.. ids, .. ids.Select(SettingText.AsVariable)];
        foreach (var section in configuration.GetChildren().Where(section => !SettingsTree.Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var meant = Leaves(section).Select(leaf => (leaf.Path, Meant: Meant(leaf.Path.Split(':'), ids))).Where(leaf => leaf.Meant is not null).OrderBy(leaf => leaf.Path.Length).ToList();
            if (meant.Count > 0)
            {
                var more = meant.Count > 1 ? $" {meant.Count - 1} more stand below {section.Key}." : "";
                yield return $"{meant[0].Path}: no such setting; did you mean {meant[0].Meant}?{more}";
            }
        }
    }

    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(Leaves).Concat(section.Value is null ? [] : [section]);

    private static string? Meant(string[] path, IReadOnlyCollection<string> ids)
    {
        if (path.Length > 1 && Nearest(path[0]) is { } near)
        {
            var (name, distance) = near;
            var section = SettingsTree.Find(typeof(SwitchboardOptions), name)!.PropertyType;
            var found = SettingsTree.Find(section, path.AsSpan(1), ids) ?? SettingsTree.Find(section, path.AsSpan(1), ids, isExact: false);
            if (found is not null && (found.IsTelling || distance == 1))
            {
                return $"{name}:{found}";
            }
        }

        if (path.Length > 1 && Wrappers.Contains(path[0], StringComparer.OrdinalIgnoreCase))
        {
            return Exact([.. path[1..].SelectMany(part => part.Split("__"))], ids);
        }

        // AccessApiKeys__0
        foreach (var name in SettingsTree.Sections.Where(name => path[0].Length > name.Length && path[0].StartsWith(name, StringComparison.OrdinalIgnoreCase)))
        {
            if (Exact([name, path[0][name.Length..], .. path[1..]], ids) is { } meant)
            {
                return meant;
            }
        }

        // Models_0_Id. Other programs have such names too (CONSOLE_ENABLED, MODELS_PORT_8080_TCP of Kubernetes): ours has an index in it, and is right in every part.
        return Separators.Where(path[0].Contains).Select(separator => path.SelectMany(part => part.Split(separator)).ToArray())
            .Where(parts => parts.Any(SettingsTree.IsIndex))
            .Select(parts => Exact(parts, ids))
            .FirstOrDefault(meant => meant is not null);
    }

    private static string? Exact(string[] parts, IReadOnlyCollection<string> ids) => SettingsTree.Find(typeof(SwitchboardOptions), parts, ids)?.ToString();

    // At most two letters off; the names of our sections are long enough for that.
    private static (string Name, int Distance)? Nearest(string given)
    {
        var (name, distance) = SettingsTree.Sections.Select(name => (name, SettingText.Distance(given, name))).MinBy(pair => pair.Item2);
        return distance <= 2 && given.Length >= 4 ? (name, distance) : null;
    }
}
