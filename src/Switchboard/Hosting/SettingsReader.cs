using System.Collections;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Switchboard.Hosting;

/// <summary>
/// Reads our sections of the configuration against the options classes and notes every failure: a name that is no setting,
/// a value that does not convert. The binder alone passes over the first and stops at the second, so a start would fail
/// as many times as there are failures.
/// </summary>
internal sealed class SettingsReader
{
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, string?> _usable = [];

    public SettingsReader(IConfiguration configuration)
    {
        foreach (var property in typeof(SwitchboardOptions).GetProperties())
        {
            var section = configuration.GetSection(property.Name);
            // A lone value under the name of a section is somebody else's: environment variables share one name space.
            ReadChildren(section, property.PropertyType);
        }

        Usable = new ConfigurationBuilder().AddInMemoryCollection(_usable).Build();
    }

    /// <summary>What is wrong, each failure with its key; never with its value, which may be a secret.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>What is not wrong, ready for the binder.</summary>
    public IConfiguration Usable { get; }

    private void Read(IConfigurationSection section, PropertyInfo property)
    {
        if (property.GetCustomAttribute<StringSyntaxAttribute>()?.Syntax is not StringSyntaxAttribute.Json || !section.GetChildren().Any())
        {
            Read(section, property.PropertyType);
        }
        else if (section.Value is { Length: > 0 })
        {
            _failures.Add($"{section.Path}: expected a value or settings below this name, found both.");
        }
        else
        {
            _usable[section.Path] = SettingsJson.Of(section)?.ToJsonString();
        }
    }

    private void Read(IConfigurationSection section, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!IsValue(type))
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
            ReadValue(section, type);
        }
    }

    private void ReadValue(IConfigurationSection section, Type type)
    {
        if (Converts(section.Value!, type))
        {
            _usable[section.Path] = section.Value;
        }
        else
        {
            _failures.Add($"{section.Path}: {Expected(type)}.");
        }
    }

    private void ReadChildren(IConfigurationSection section, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type)
    {
        if (typeof(IEnumerable).IsAssignableFrom(type))
        {
            ReadItems(section, type.GetGenericArguments()[0]);
            return;
        }

        foreach (var child in section.GetChildren())
        {
            if (type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is { } property)
            {
                Read(child, property);
            }
            else
            {
                _failures.Add($"{child.Path}: no such setting; here are {string.Join(", ", type.GetProperties().Select(known => known.Name))}.");
            }
        }
    }

    private void ReadItems(IConfigurationSection list, Type type)
    {
        // In the order of their indexes: so the configuration compares keys.
        var expected = 0;
        foreach (var item in list.GetChildren())
        {
            if (!int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                _failures.Add($"{item.Path}: expected an index such as {list.Path}:0.");
                continue;
            }

            // The binder closes a gap, so that a failure of Models:5 would be told of Models:2.
            if (index != expected)
            {
                _failures.Add($"{item.Path}: there is no {list.Path}:{expected}; count from 0 without a gap.");
            }

            expected = index + 1;
            Read(item, type);
        }
    }

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Uri);

    private static bool Converts(string value, Type type)
    {
        // A bare number is a TimeSpan of so many days, which nobody means.
        if (type == typeof(TimeSpan) && !value.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

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

    private static string Expected(Type type) =>
        type == typeof(TimeSpan) ? "expected a time such as 00:00:02.500"
        : type == typeof(bool) ? "expected true or false"
        : type == typeof(Uri) ? "expected an absolute URI"
        : type.IsEnum ? $"expected one of {string.Join(", ", Enum.GetNames(type))}"
        : "expected a number";
}
