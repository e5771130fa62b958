using System.Text.RegularExpressions;

namespace Switchboard.Tests.Hosting;

/// <summary>A setting as a row of <c>docs/configuration.md</c> has it.</summary>
internal sealed partial record DocumentedSetting(string Path, string Default, string Unit, string Example, string Meaning)
{
    public static string Document { get; } = File.ReadAllText(Repository.PathOf("docs", "configuration.md"));

    public static IReadOnlyList<DocumentedSetting> All { get; } =
        [.. Row().Matches(Document).Select(row => new DocumentedSetting(Cell(row, 1), Cell(row, 2), Cell(row, 3), Cell(row, 4), Cell(row, 5)))];

    private static string Cell(Match row, int group) => row.Groups[group].Value.Trim('`');

    [GeneratedRegex(@"^\| (`\w+:[\w:<>]+`) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
