using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>
/// Reads our sections of the configuration against the options classes and notes every failure: a name that is no setting,
/// a value that does not convert. The binder alone passes over the first and stops at the second, so a start would fail
/// as many times as there are failures.
/// </summary>
internal sealed class SettingsReader
{
    private const string Unusable = "unusable";

    private readonly List<string> _failures = [];
    private readonly Dictionary<string, string?> _usable = [];
    private readonly HashSet<string> _meant = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly string[] _ids;
    private readonly Func<string, bool>? _isOfFile;

    /// <param name="configuration">All settings.</param>
    /// <param name="isOfFile">Whether a setting stands in <c>switchboard.json</c>, which may hold no secret; null where there is none.</param>
    public SettingsReader(IConfiguration configuration, Func<string, bool>? isOfFile = null)
    {
        _isOfFile = isOfFile;
        _ids = [.. configuration.GetSection(nameof(SwitchboardOptions.Models)).GetChildren().Select(model => model["Id"]).OfType<string>()];
        _failures.AddRange(MistypedSections.Failures(configuration, _ids));
        foreach (var property in typeof(SwitchboardOptions).GetProperties())
        {
            var section = configuration.GetSection(property.Name);
            // A lone value under the name of a section is somebody else's: environment variables share one name space.
            ReadChildren(section, property.PropertyType);
        }

        Usable = new ConfigurationBuilder().AddInMemoryCollection(_usable).Build();
    }

    /// <summary>What is wrong, each failure with its key; with its value only where that cannot be a secret.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>The settings that were probably meant by names that are none: they are not missing.</summary>
    public IReadOnlyCollection<string> Meant => _meant;

    /// <summary>What is not wrong, ready for the binder.</summary>
    public IConfiguration Usable { get; }

    /// <summary>The text of a setting, as it was written; null where there is none.</summary>
    public string? TextOf(string path) => _given.GetValueOrDefault(path);

    /// <summary>Whether the configuration has a setting, or settings below its name.</summary>
    public bool IsGiven(string path) => _given.Keys.Any(given => given.StartsWith(path, StringComparison.OrdinalIgnoreCase) && (given.Length == path.Length || given[path.Length] == ':'));

    private void Read(IConfigurationSection section, PropertyInfo property)
    {
        if (property.GetCustomAttribute<StringSyntaxAttribute>()?.Syntax is not StringSyntaxAttribute.Json || !section.GetChildren().Any())
        {
            Read(section, property.PropertyType, property.GetCustomAttribute<RangeAttribute>());
        }
        else if (section.Value is { Length: > 0 })
        {
            _failures.Add($"{section.Path}: expected a value or settings below this name, found both.");
        }
        else
        {
            _usable[section.Path] = _given[section.Path] = SettingsJson.Of(section)?.ToJsonString() ?? "";
        }
    }

    private void Read(IConfigurationSection section, Type type, RangeAttribute? range = null)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!SettingsTree.IsValue(type))
        {
            if (section.Value is { Length: > 0 })
            {
                _failures.Add($"{section.Path}: expected settings below this name, found a value.");
            }

            ReadChildren(section, type);
        }
        else if (section.GetChildren().Any())
        {
            _failures.Add($"{section.Path}: expected a value, found settings below this name.");
        }
        else if (section.Value is not null)
        {
            ReadValue(section, type, range);
        }
    }

    private void ReadValue(IConfigurationSection section, Type type, RangeAttribute? range)
    {
        var text = section.Value!;
        _given[section.Path] = text;
        if (type == typeof(TimeSpan))
        {
            if (SettingTime.TryParse(text, out var time))
            {
                _usable[section.Path] = time.ToString("c", CultureInfo.InvariantCulture);
                return;
            }
        }
        else if (type == typeof(Uri) && text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)))
        {
            // What comes after a blank may be anything, such as a password.
            _failures.Add($"{section.Path}: an address has no blanks or controls in it; one that belongs to it is written as %20 and the like.");
            return;
        }
        else if (Converts(text, type))
        {
            // By its name: the binder knows no other way to write an entry.
            _usable[section.Path] = type.IsEnum ? TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text)!.ToString() : text;
            return;
        }

        _failures.Add($"{section.Path}: expected {Expected(type, text)}{(SecretSettings.Has(section.Path) ? "" : SettingText.Found(text))}{MeantValue(text, type, range)}");
    }

    private void ReadChildren(IConfigurationSection section, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type)
    {
        if (SettingsTree.ListedItem(type) is { } item)
        {
            ReadItems(section, item);
            return;
        }

        if (SettingsTree.NamedItem(type) is { } named)
        {
            foreach (var child in section.GetChildren().Where(IsNoKey))
            {
                Read(child, named);
            }

            return;
        }

        foreach (var child in section.GetChildren().Where(IsNoKey))
        {
            if (SettingsTree.Find(type, child.Key) is { } property)
            {
                Read(child, property);
            }
            else
            {
                _failures.Add($"{child.Path}: no such setting; {MeantName(child, section.Path, type)}");
            }
        }
    }

    private bool IsNoKey(IConfigurationSection setting)
    {
        if (!SecretText.IsKey(setting.Key))
        {
            return true;
        }

        _failures.Add($"{setting.Path}: this name looks like a key, which is the value of a setting and never a name.");
        return false;
    }

    private void ReadItems(IConfigurationSection list, Type type)
    {
        // In the order of their indexes: so the configuration compares keys.
        var expected = 0;
        foreach (var item in list.GetChildren())
        {
            if (!int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                _failures.Add($"{item.Path}: {NoIndex(list, item.Key, type)}");
                continue;
            }

            // The binder closes a gap, so that a failure of Models:5 would be told of Models:2.
            if (index != expected)
            {
                _failures.Add($"{item.Path}: there is no {list.Path}:{expected}; count from 0 without a gap.");
            }

            expected = index + 1;
            var count = _usable.Count;
            Read(item, type);
            if (!SettingsTree.IsValue(type) && _usable.Count == count && IsWritten(item))
            {
                // So that the binder makes an entry of it, and tells the next one by its own index.
                _usable[$"{item.Path}:{Unusable}"] = "";
            }
        }
    }

    // What a layer above has emptied is no entry; the file says by an empty one that it has something there.
    private static bool IsWritten(IConfigurationSection item) =>
        item.Value is not null || item.AsEnumerable().Any(setting => setting.Value is { Length: > 0 });

    private static bool Converts(string value, Type type)
    {
        try
        {
            // The converter also takes the number of a name, and of none.
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is { } converted && (!type.IsEnum || Enum.IsDefined(type, converted));
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            // The converters have no Try form.
            return false;
        }
    }

    // What was probably meant by a name: a neighbour, one that stands further below, one of another section; else all there are.
    private string MeantName(IConfigurationSection given, string path, Type type)
    {
        var name = given.Key;
        var meant = SettingsTree.Find(type, name.Split('_', '.'), [])?.ToString()
            ?? SettingText.Nearest(name, SettingsTree.Names(type))
            ?? SettingsTree.Below(type, name, isUnique: false);
        meant = meant is null ? SettingsTree.Below(typeof(SwitchboardOptions), name, isUnique: true) : $"{path}:{meant}";
        if (meant is not null)
        {
            _meant.Add(meant);
        }

        return meant is not null ? $"did you mean {(_isOfFile?.Invoke(given.Path) is true ? SettingsSecrets.InFile(meant) : meant)}?"
            : $"here are {string.Join(", ", SettingsTree.Names(type))}.";
    }

    private string NoIndex(IConfigurationSection list, string name, Type type)
    {
        // Models:0_Id, and a model's settings by its name.
        var meant = SettingsTree.Find(typeof(IList<>).MakeGenericType(type), name.Split('_', '.'), [])?.ToString()
            ?? (list.Path.Equals(nameof(SwitchboardOptions.Models), StringComparison.OrdinalIgnoreCase) ? SettingText.Nearest(name, _ids.Where(id => id != name)) : null)
            ?? (SettingsTree.Find(type, name) is { } property ? $"0:{property.Name}" : null);
        return $"expected an index such as {list.Path}:0{(meant is null ? "." : $"; did you mean {list.Path}:{meant}?")}";
    }

    private static string Expected(Type type, string text) =>
        type == typeof(TimeSpan) ? "a time such as 2.5s, 800ms or 00:00:02.500"
        : type == typeof(bool) ? "true or false"
        : type == typeof(Uri) ? "an absolute URI"
        : type == typeof(decimal) ? "a number such as 0.25"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type != typeof(double) && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "a whole number"
        : "a number";

    private static string MeantValue(string text, Type type, RangeAttribute? range)
    {
        var meant = type == typeof(TimeSpan) ? SettingTime.Meant(text, Time(range?.Minimum) ?? TimeSpan.Zero, Time(range?.Maximum) ?? TimeSpan.MaxValue)
            : type == typeof(bool) ? MeantName(text, ["true", "false"], ["true"], ["false"])
            : type.IsEnum ? MeantName(text, Enum.GetNames(type), ["On", "All"], ["Off", "None"])
            : null;
        return meant is null ? "." : $"; did you mean {meant}?";
    }

    // A word for yes or no means one of that kind or none, however near the letters of another are.
    private static string? MeantName(string text, string[] names, string[] yes, string[] no) => text.Trim().ToUpperInvariant() switch
    {
        "YES" or "TRUE" or "ON" or "1" or "ENABLE" or "ENABLED" => names.FirstOrDefault(yes.Contains),
        "NO" or "NONE" or "NEVER" or "FALSE" or "OFF" or "0" or "DISABLE" or "DISABLED" => names.FirstOrDefault(no.Contains),
        _ => SettingText.Nearest(text, names),
    };

    private static TimeSpan? Time(object? bound) => bound is string text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : null;
}

/// <summary>Which settings hold a secret or the name of one, so that nothing of their values is shown.</summary>
internal static class SecretSettings
{
    private static readonly string[] Words = ["ApiKey", "OperatorKey", "CallbackToken", "Secret", "Password", "Credential", "ConnectionString", "Headers"];

    public static bool Has(string path) => path.Split(':').Any(name => Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
