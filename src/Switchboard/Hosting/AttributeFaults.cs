using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Switchboard.Hosting;

/// <summary>
/// Reports what <see cref="SwitchboardOptionsValidator"/> found by the key in the configuration: the generated code names
/// properties (<c>SwitchboardOptions.Models[0].Id</c>), and nobody can look those up in a settings file.
/// </summary>
internal sealed partial class AttributeFaults(SwitchboardOptionsValidator attributes) : IValidateOptions<SwitchboardOptions>
{
    public ValidateOptionsResult Validate(string? name, SwitchboardOptions options)
    {
        var result = attributes.Validate(name, options);
        return result.Failed ? ValidateOptionsResult.Fail(result.Failures.Select(Named)) : result;
    }

    private static string Named(string fault) => Property().Replace(fault, property => property.Groups["path"].Value
        .Replace('.', ':')
        .Replace("[", ":", StringComparison.Ordinal)
        .Replace("]", "", StringComparison.Ordinal));

    [GeneratedRegex($@"\b{nameof(SwitchboardOptions)}\.(?<path>\w+(\[\d+\]|\.\w+)*)")]
    private static partial Regex Property();
}
