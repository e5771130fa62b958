using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Switchboard.Tests.Architecture;

/// <summary>Holds the compiled engine to the picture in docs/architecture.md: arrows go down, and there is no cycle.</summary>
public sealed partial class ArrowTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "architecture.md"));

    /// <summary>The floor of each folder, as the picture has it.</summary>
    private static readonly Dictionary<string, int> Floors = Floor().Matches(Page)
        .SelectMany(line => line.Groups["folder"].Captures, (line, folder) => (Folder: folder.Value, Floor: int.Parse(line.Groups["floor"].ValueSpan)))
        .ToDictionary(entry => entry.Folder, entry => entry.Floor);

    /// <summary>The arrows that the page allows although they do not go down.</summary>
    private static readonly HashSet<(string From, string To)> Allowed = [.. Exception().Matches(Page)
        .Select(row => (row.Groups["from"].Value, row.Groups["to"].Value))];

    /// <summary>Each arrow between two folders, with the types that make it.</summary>
    private static readonly ILookup<(string From, string To), string> Arrows = new ArchLoader().LoadAssemblies(typeof(SwitchboardServices).Assembly).Build()
        .Types.SelectMany(type => type.Dependencies)
        // One of a generic method has the namespace of whoever calls it.
        .Where(use => use.Target is not GenericParameter)
        .Select(use => (From: FolderOf(use.Origin), To: FolderOf(use.Target), Types: $"{use.Origin.Name} uses {use.Target.Name}"))
        .Where(use => use.From is not null && use.To is not null && use.From != use.To)
        .Distinct()
        .ToLookup(use => (use.From!, use.To!), use => use.Types);

    [Fact]
    public void Picture_Folders_AreThoseOfTheSource() =>
        Assert.Equal(
            Directory.GetDirectories(Repository.PathOf("src", "Switchboard")).Select(Path.GetFileName).Except(["bin", "obj"]).Order(),
            Floors.Keys.Order());

    [Fact]
    public void Arrows_AllFolders_GoDown()
    {
        var wrong = Arrows.Where(arrow => Floors[arrow.Key.From] <= Floors[arrow.Key.To] && !Allowed.Contains(arrow.Key))
            .SelectMany(arrow => arrow, (arrow, types) => $"{arrow.Key.From} -> {arrow.Key.To}: {types}").Order().ToList();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Exceptions_AllListed_AreNeeded() => Assert.All(Allowed, arrow => Assert.True(Arrows.Contains(arrow), $"{arrow.From} -> {arrow.To} is allowed, and nothing needs it."));

    [Fact]
    public void Folders_All_AreInNoCycle()
    {
        var rest = Arrows.Select(arrow => arrow.Key).ToHashSet();
        // What nobody uses, or uses nobody, is in no cycle, and neither is, without it, the next one.
        while (rest.RemoveWhere(arrow => !rest.Any(other => other.To == arrow.From) || !rest.Any(other => other.From == arrow.To)) > 0)
        {
        }

        Assert.True(rest.Count == 0, string.Join(Environment.NewLine, rest));
    }

    [Fact]
    public void Folders_All_AreRoomsThatOneCanSurvey() =>
        Assert.All(Floors.Keys, folder => Assert.InRange(Directory.GetFiles(Repository.PathOf("src", "Switchboard", folder), "*.cs").Length, 1, 30));

    // A type in the namespace Switchboard itself is the composition root's.
    private static string? FolderOf(IType type) =>
        type.Namespace?.FullName is not { } name || !(name == "Switchboard" || name.StartsWith("Switchboard.", StringComparison.Ordinal)) ? null
        : name.Split('.') is [_, var folder, ..] ? folder == "Speech" ? null : folder
        : "Hosting";

    [GeneratedRegex(@"^(?<floor>\d)(\s+(?<folder>[A-Z]\w+))+\s*$", RegexOptions.Multiline)]
    private static partial Regex Floor();

    [GeneratedRegex(@"^\| `(?<from>\w+)` → `(?<to>\w+)` \| .+ \|$", RegexOptions.Multiline)]
    private static partial Regex Exception();
}
