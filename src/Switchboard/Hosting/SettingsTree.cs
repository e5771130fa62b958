using System.Collections;
using System.Globalization;
using System.Reflection;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>The names of all settings, as the options classes have them.</summary>
internal static class SettingsTree
{
    // Names that any program may have: one of them alone says little of whose a setting is.
    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "Caller", "ClientId", "Default", "Description", "Enabled", "Function", "Headers", "Id", "Keys", "Message", "Model", "Name", "Platform", "Text", "TimeZone", "Turn", "Uri", "Url", "Value",
    };

    /// <summary>The sections.</summary>
    public static IReadOnlyList<string> Sections { get; } = [.. Names(typeof(SwitchboardOptions))];

    public static IEnumerable<string> Names(Type type) => type.GetProperties().Select(property => property.Name);

    public static PropertyInfo? Find(Type type, string name) => type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    public static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Uri) || type == typeof(decimal);

    /// <summary>What a dictionary of settings holds under each name; null for what is none.</summary>
    public static Type? NamedItem(Type type) => type.GetInterfaces().Append(type)
        .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IDictionary<,>))?.GetGenericArguments()[1];

    /// <summary>What a list of settings holds; null for what is none.</summary>
    public static Type? ListedItem(Type type) =>
        type != typeof(string) && NamedItem(type) is null && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[0] : null;

    /// <summary>The setting that a path leads to.</summary>
    /// <param name="type">What the path begins in.</param>
    /// <param name="parts">The path.</param>
    /// <param name="ids">The ids of models, by which settings may name one.</param>
    /// <param name="isExact">Whether names must be right, but for letter case.</param>
    /// <returns>Null where there is none.</returns>
    public static FoundSetting? Find(Type type, ReadOnlySpan<string> parts, IReadOnlyCollection<string> ids, bool isExact = true)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (parts.IsEmpty)
        {
            return IsValue(type) ? new FoundSetting([], IsTelling: false) : null;
        }

        if (IsValue(type))
        {
            return null;
        }

        var (name, item) = ListedItem(type) is { } listed ? (IsIndex(parts[0]) || ids.Contains(parts[0], StringComparer.OrdinalIgnoreCase) ? parts[0] : null, listed)
            : NamedItem(type) is { } named ? (parts[0], named)
            : Property(type, parts[0], isExact);
        return name is not null && Find(item, parts[1..], ids, isExact) is { } found
            ? new FoundSetting([name, .. found.Path], found.IsTelling || (!IsIndex(name) && Find(type, name) is not null && !Common.Contains(name)))
            : null;
    }

    /// <summary>The setting of a path with indexes; that of the whole list for an entry of one.</summary>
    /// <returns>Null where there is none of this name.</returns>
    public static PropertyInfo? PropertyOf(string path)
    {
        var (type, found) = (typeof(SwitchboardOptions), (PropertyInfo?)null);
        foreach (var name in path.Split(':'))
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if ((ListedItem(type) ?? NamedItem(type)) is { } item)
            {
                type = item;
            }
            else if (!IsValue(type) && Find(type, name) is { } property)
            {
                (type, found) = (property.PropertyType, property);
            }
            else
            {
                return null;
            }
        }

        return found;
    }

    /// <summary>Where a setting of this name stands below a type, with 0 for each index; null where there is none, or several.</summary>
    public static string? Below(Type type, string name, bool isUnique)
    {
        var found = Paths(type).Where(path => path[(path.LastIndexOf(':') + 1)..].Equals(name, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return found.Count == 1 || (found.Count > 1 && !isUnique) ? found[0] : null;
    }

    public static bool IsIndex(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static (string? Name, Type Type) Property(Type type, string name, bool isExact)
    {
        var property = Find(type, name) ?? (isExact || SettingText.Nearest(name, Names(type)) is not { } near || Common.Contains(near) ? null : Find(type, near));
        return property is null ? (null, type) : (property.Name, property.PropertyType);
    }

    // Every name, of settings and of what holds some.
    private static IEnumerable<string> Paths(Type type) => type.GetProperties().SelectMany(property =>
    {
        var held = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return IsValue(held) ? [property.Name]
            : ListedItem(held) is { } item ? IsValue(item) ? [property.Name] : Paths(item).Select(path => $"{property.Name}:0:{path}").Prepend(property.Name)
            : NamedItem(held) is not null ? [property.Name]
            : Paths(held).Select(path => $"{property.Name}:{path}").Prepend(property.Name);
    });
}

/// <summary>A setting that a path leads to.</summary>
/// <param name="Path">Its path, as the settings write it.</param>
/// <param name="IsTelling">Whether a name in it is one that other programs hardly have.</param>
internal sealed record FoundSetting(IReadOnlyList<string> Path, bool IsTelling)
{
    public override string ToString() => string.Join(':', Path);
}
