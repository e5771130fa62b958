using System.Text.RegularExpressions;

namespace Infra.Tests;

/// <summary>docs/security.md says how each promise is tested; a test that was renamed or taken out must not be promised on.</summary>
public sealed partial class SecurityDocTests
{
    [Fact]
    public void Tests_ThatTheDocumentNames_AreThere()
    {
        var named = Name().Matches(File.ReadAllText(Repository.PathOf("docs", "security.md"))).Select(match => match.Groups["name"].Value).Distinct();
        var there = Directory.EnumerateDirectories(Repository.PathOf("tests"))
            .Where(project => Path.GetFileName(project) != "node_modules")
            .SelectMany(project => Directory.EnumerateFiles(project, "*Tests.cs", SearchOption.AllDirectories))
            .Select(Path.GetFileNameWithoutExtension)
            .ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(there));
    }

    [Fact]
    public void Document_IsLinkedFromTheReadme() =>
        Assert.Contains("(docs/security.md)", File.ReadAllText(Repository.PathOf("README.md")), StringComparison.Ordinal);

    [GeneratedRegex(@"`(?<name>\w+Tests)`")]
    private static partial Regex Name();
}
