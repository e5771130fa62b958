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

    private static readonly string Source = Repository.PathOf("src", "Switchboard");

    /// <summary>The source by file, each with its folder; without comments.</summary>
    private static readonly (string Folder, string File, string Code)[] Files = [.. Directory.GetFiles(Source, "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar))
        .Where(path => path[0] is not ("bin" or "obj"))
        .Select(path => (path[0], string.Join('/', path), Comment().Replace(File.ReadAllText(Path.Combine([Source, .. path])), "")))];

    /// <summary>Each arrow between two folders, with what makes it.</summary>
    private static readonly ILookup<(string From, string To), string> Arrows = Compiled().Concat(Written())
        .Where(use => use.From != use.To)
        .Distinct()
        .ToLookup(use => (use.From, use.To), use => use.What);

    [Fact]
    public void Picture_Folders_AreThoseOfTheSource() =>
        Assert.Equal(
            Directory.GetDirectories(Source).Select(Path.GetFileName).Except(["bin", "obj"]).Order(),
            Floors.Keys.Order());

    [Fact]
    public void Page_FilesThatItNames_AreThere() =>
        Assert.All(NamedFile().Matches(Page), name => Assert.True(
            File.Exists(Path.Combine(Source, name.Groups["path"].Value)) || File.Exists(Path.Combine(Source, "..", name.Groups["path"].Value)),
            $"There is no {name.Groups["path"].Value}."));

    [Fact]
    public void Files_All_AreInTheNamespaceOfTheirFolder()
    {
        // What users write as `using Switchboard;` stays where they know it.
        string[] known = ["Hosting/SwitchboardServices.cs", "Hosting/TelemetryServices.cs"];
        var astray = Files.Where(file => !known.Contains(file.File) && !file.Code.Contains($"\nnamespace Switchboard.{file.Folder};", StringComparison.Ordinal)
            && !file.Code.StartsWith($"namespace Switchboard.{file.Folder};", StringComparison.Ordinal)).Select(file => file.File);

        Assert.Equal([], astray);
    }

    /// <summary>A package that a feature is about is that feature's: the others start without loading it.</summary>
    [Theory]
    [InlineData("Azure", "Hosting", "Keys", "Transcripts", "Upstream", "Vault")]
    [InlineData("HandlebarsDotNet", "Responders", "Templates")]
    [InlineData("Microsoft.ML", "Steps")]
    // Common names the code of an MCP failure in the log.
    [InlineData("ModelContextProtocol", "Common", "Tools")]
    [InlineData("OpenTelemetry", "Hosting")]
    [InlineData("Polly", "Failover")]
    public void Package_Users_AreItsFeatures(string package, params string[] folders) =>
        Assert.Equal(
            folders,
            Files.Where(file => Regex.IsMatch(file.Code, $@"(using |\b){Regex.Escape(package)}[.;]")).Select(file => file.Folder).Distinct().Order());

    [Fact]
    public void Arrows_AllFolders_GoDown()
    {
        var wrong = Arrows.Where(arrow => Floors.GetValueOrDefault(arrow.Key.From, -1) <= Floors.GetValueOrDefault(arrow.Key.To, -1) && !Allowed.Contains(arrow.Key))
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
        Assert.All(Floors.Keys, folder => Assert.InRange(Directory.GetFiles(Path.Combine(Source, folder), "*.cs").Length, 1, 30));

    // What the compiler made of it: also a use without a word in the source. A parameter of a generic method has the namespace of whoever calls it.
    private static IEnumerable<(string From, string To, string What)> Compiled() =>
        from type in new ArchLoader().LoadAssemblies(typeof(SwitchboardServices).Assembly).Build().Types
        from use in type.Dependencies
        where use.Target is not GenericParameter
        let origin = FolderOf(use.Origin.Namespace?.FullName)
        let target = FolderOf(use.Target.Namespace?.FullName)
        where origin is not null && target is not null
        select (origin, target, $"{use.Origin.Name} uses {use.Target.Name}");

    // What the compiler leaves nothing of, such as a constant, and the bodies of async iterators, which the loader does not see. A using counts: the build
    // fails for one that nothing needs.
    private static IEnumerable<(string From, string To, string What)> Written() =>
        from file in Files
        from Match name in Name().Matches(file.Code)
        let target = FolderOf(name.Value)
        where target is not null && Floors.ContainsKey(target)
        select (file.Folder, target, $"{file.File} names {name.Value}");

    // The namespace Switchboard itself is the composition root's; Switchboard.Speech is a library below all.
    private static string? FolderOf(string? name) =>
        name is null || !(name == "Switchboard" || name.StartsWith("Switchboard.", StringComparison.Ordinal)) ? null
        : name.Split('.') is [_, var folder, ..] ? folder == "Speech" ? null : folder
        : "Hosting";

    [GeneratedRegex(@"\bSwitchboard\.[A-Z]\w+")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"`(?<path>[A-Z]\w+/\w+\.cs)`")]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"^(?<floor>\d)(\s+(?<folder>[A-Z]\w+))+\s*$", RegexOptions.Multiline)]
    private static partial Regex Floor();

    [GeneratedRegex(@"^\| `(?<from>\w+)` → `(?<to>\w+)` \| .+ \|$", RegexOptions.Multiline)]
    private static partial Regex Exception();
}
