using System.Collections;
using System.Reflection;
using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>A setting as the options classes have it. An index of a list is <c>n</c>, and <c>m</c> inside another list; a name that the operator chooses is <c>&lt;name&gt;</c>.</summary>
internal sealed record KnownSetting(string Path, PropertyInfo Property, Type Type, object? Default)
{
    public const string AnyName = "<name>";

    public static IReadOnlyList<KnownSetting> All { get; } = [.. Of(new SwitchboardOptions(), "", 'n')];

    /// <summary>Every path that leads to a setting, itself included.</summary>
    public IEnumerable<string> Prefixes =>
        Path.Split(':') is var parts ? Enumerable.Range(1, parts.Length).Select(count => string.Join(':', parts.Take(count))) : [];

    private static IEnumerable<KnownSetting> Of(object options, string path, char index) => options.GetType().GetProperties()
        .SelectMany(property => Of(property, property.GetValue(options), $"{path}{property.Name}", index));

    private static IEnumerable<KnownSetting> Of(PropertyInfo property, object? value, string path, char index)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (IsValue(type))
        {
            return [new KnownSetting(path, property, type, value)];
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            return Of(Activator.CreateInstance(type.GetGenericArguments()[1])!, $"{path}:{AnyName}:", index);
        }

        if (!type.IsAssignableTo(typeof(IEnumerable)))
        {
            return Of(value!, $"{path}:", index);
        }

        var item = type.GetGenericArguments()[0];
        return IsValue(item)
            ? [new KnownSetting($"{path}:{index}", property, item, null)]
            : Of(Activator.CreateInstance(item)!, $"{path}:{index}:", (char)(index - 1));
    }

    private static bool IsValue(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(TimeSpan) || type == typeof(Uri);
}
