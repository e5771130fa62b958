using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Switchboard.Common;

namespace Switchboard.Hosting;

/// <summary>
/// Checks what the attributes of the options classes demand, of settings from a configuration and from code alike, and says it in the words of all other
/// failures. The messages of .NET name properties and fields, and nobody can look those up in a settings file.
/// </summary>
/// <param name="textOf">The text of a setting as it was written; null where it comes from code.</param>
internal sealed class AttributeRules(Func<string, string?> textOf)
{
    /// <summary>What is wrong, each failure with its key.</summary>
    /// <param name="options">The settings, or those of one section.</param>
    /// <param name="path">Where they stand; empty for all.</param>
    public IEnumerable<string> Failures(object options, string path = "")
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var (below, value) = (path.Length == 0 ? property.Name : $"{path}:{property.Name}", property.GetValue(options));
            foreach (var failure in property.GetCustomAttributes<ValidationAttribute>().SelectMany(rule => Failures(rule, value, property.PropertyType, below)).OfType<string>())
            {
                yield return failure;
            }

            foreach (var failure in value is null ? [] : Below(value, below))
            {
                yield return failure;
            }
        }
    }

    private IEnumerable<string> Below(object value, string path) => SettingsTree.IsValue(value.GetType()) ? []
        : value is IDictionary named ? named.Keys.Cast<object>().Where(name => IsHolder(named[name])).SelectMany(name => Failures(named[name]!, $"{path}:{name}"))
        : value is IEnumerable listed ? listed.Cast<object?>().SelectMany((item, index) => IsHolder(item) ? Failures(item!, $"{path}:{index}") : [])
        : Failures(value, path);

    private static bool IsHolder(object? item) => item is not null && !SettingsTree.IsValue(item.GetType());

    private IEnumerable<string?> Failures(ValidationAttribute rule, object? value, Type type, string path) => rule is SpokenAttribute && value is IEnumerable<string?> texts
        ? texts.Select((text, index) => string.IsNullOrEmpty(text) ? $"{path}:{index}: {SpokenAttribute.Blank}" : Failure(rule, text, typeof(string), $"{path}:{index}"))
        : [Failure(rule, value, type, path)];

    private string? Failure(ValidationAttribute rule, object? value, Type type, string path) => rule switch
    {
        RangeAttribute range => OutOfRange(range, value, Nullable.GetUnderlyingType(type) ?? type) is { } expected ? $"{path}: expected {expected}{Found(value, path)}." : null,
        _ when rule.IsValid(value) => null,
        SpokenAttribute => $"{path}: {SpokenAttribute.Failure((string)value!)}",
        RequiredAttribute => $"{path}: a value is required.",
        // Written for this one setting, which it may name already.
        { ErrorMessage: { } message } => message.StartsWith($"{path}:", StringComparison.Ordinal) ? message : $"{path}: {message}",
        _ => $"{path}: {rule.FormatErrorMessage("this value")}",
    };

    // Null where the value is within the range, else the range in words. By the invariant culture, whatever this machine's is.
    private static string? OutOfRange(RangeAttribute range, object? value, Type type)
    {
        if (value is null)
        {
            return null;
        }

        var (least, most) = (Bound(range.Minimum, type), Bound(range.Maximum, type));
        return ((IComparable)value).CompareTo(least) >= 0 && ((IComparable)value).CompareTo(most) <= 0 ? null
            : type == typeof(TimeSpan) ? $"a time from {Show(least)} to {Show(most)}"
            : Equals(most, int.MaxValue) || Equals(most, long.MaxValue) ? $"a number of {Show(least)} or more"
            : $"a number from {Show(least)} to {Show(most)}";
    }

    private static object Bound(object bound, Type type) => type == typeof(TimeSpan)
        ? TimeSpan.Parse(Convert.ToString(bound, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture)
        : Convert.ChangeType(bound, type, CultureInfo.InvariantCulture);

    private string Found(object? value, string path) => SecretSettings.Has(path) ? "" : SettingText.Found(textOf(path) ?? Show(value));

    private static string Show(object? value) => value is TimeSpan time ? SettingTime.Show(time) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
