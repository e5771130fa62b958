using System.Text.RegularExpressions;

namespace Infra.Tests;

/// <summary>Shortens the expression that reads a module's output to <c>&lt;module.output&gt;</c>.</summary>
internal static partial class ModuleOutput
{
    public static string Shorten(string value)
    {
        var reference = Reference().Match(value);
        if (!reference.Success)
        {
            return value;
        }

        var output = $"<{reference.Groups["module"]}.{reference.Groups["output"]}>";
        var format = Format().Match(value);
        return format.Success ? format.Groups["text"].Value.Replace("{0}", output, StringComparison.Ordinal) : output;
    }

    [GeneratedRegex(@"uniqueString\('(?<module>\w+)', deployment\(\)\.name\)\)\), '[\d-]+'\)\.outputs\.(?<output>\w+)\.value\)?\]$")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\[format\('(?<text>[^']*)', reference\(")]
    private static partial Regex Format();
}
