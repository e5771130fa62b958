using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Switchboard;

namespace Infra.Tests;

/// <summary>
/// Every metric, tag, event, field of a line and value that a query asks for is one that the code writes: a name that moved would make an alert that never fires.
/// The queries are those of the alert rules and those of docs/operations.md. Whether Azure Monitor takes them is not tested here.
/// </summary>
[Collection(InfrastructureTestGroup.Name)]
public sealed partial class QueryTests(CompiledInfrastructure infrastructure)
{
    private static readonly Dictionary<string, string> Sources = Directory
        .EnumerateFiles(Repository.PathOf("src", "Switchboard"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .ToDictionary(file => file, File.ReadAllText);

    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs", "operations.md"));

    // What Azure Monitor and the exporter add, and the words of the workspace's own table of operations.
    private static readonly string[] OfAzure = ["CategoryName", "EventId", "Ingestion", "Warning", "Switchboard."];

    [BicepFact]
    public void Rules_EveryName_IsWrittenByTheCode()
    {
        var queries = infrastructure.Tuned.OfType("Microsoft.Insights/scheduledQueryRules").Select(rule => AlertTests.Query(rule["properties"]!)).ToList();

        Assert.Equal(8, queries.Count);
        Assert.Equal([], queries.SelectMany(Unknown));
    }

    [Fact]
    public void Documentation_EveryName_IsWrittenByTheCode()
    {
        var queries = Block().Matches(Document).Select(block => block.Groups["query"].Value).ToList();

        Assert.NotEmpty(queries);
        Assert.Equal([], queries.SelectMany(Unknown));
    }

    [Theory]
    [InlineData("AppMetrics | where Name == \"switchboard.turn\"", "switchboard.turn")]
    [InlineData("AppMetrics | where Name == \"switchboard.turns\" | summarize sum(Sum) by tostring(Properties.reason)", "reason")]
    [InlineData("AppMetrics | where Name == \"switchboard.turns\" and tostring(Properties[\"error.kind\"]) == \"x\"", "error.kind")]
    [InlineData("AppMetrics | where Name == \"switchboard.turns\" and tostring(Properties.outcome) == \"apologized\"", "apologized")]
    [InlineData("AppTraces | where Properties.CategoryName == \"Switchboard.Telemetry.TurnTelemetry\" and toint(Properties.EventId) == 100", "Switchboard.Telemetry.TurnTelemetry")]
    [InlineData("AppTraces | where Properties.CategoryName == \"Switchboard.Turn.TurnTelemetry\" and toint(Properties.EventId) == 199", "199")]
    [InlineData("AppRequests | where tostring(Properties[\"switchboard.caller\"]) == \"<id>\"", "switchboard.caller")]
    [InlineData("AppTraces | where toint(Properties.EventId) == 100 | where todouble(Properties.FirstWordMs) > 1", "FirstWordMs")]
    public void Query_OfANameThatMoved_IsFound(string query, string name) => Assert.Contains(name, Unknown(query));

    private static IEnumerable<string> Unknown(string query)
    {
        var tags = Tag().Matches(query).Select(tag => tag.Groups["tag"].Value).Where(tag => !OfAzure.Contains(tag)).ToHashSet(StringComparer.Ordinal);
        var texts = Text().Matches(query).Select(text => text.Groups["text"].Value).Where(text => !tags.Contains(text) && !text.StartsWith('<') && !text.Contains(' ', StringComparison.Ordinal)).ToList();
        var metrics = texts.Where(text => text.StartsWith("switchboard.", StringComparison.Ordinal)).ToList();
        var events = Event().Matches(query).SelectMany(match => Number().Matches(match.Value)).Select(number => int.Parse(number.ValueSpan, CultureInfo.InvariantCulture)).ToList();
        var makers = metrics.Select(metric => Sources.Values.FirstOrDefault(source => Regex.IsMatch(source, $@"Create\w+(<\w+>)?\(\s*""{Regex.Escape(metric)}""", RegexOptions.None, TimeSpan.FromSeconds(5)))).ToList();
        var values = texts.Where(text => !metrics.Contains(text) && !OfAzure.Contains(text));
        return
        [
            .. metrics.Zip(makers).Where(pair => pair.Second is null).Select(pair => pair.First),
            .. events.Where(number => !Events.ContainsKey(number)).Select(number => number.ToString(CultureInfo.InvariantCulture)),
            // A span's tag is set; a metric's stands in the file that counts; a field of a line in the text of its event, or in the scope of every turn.
            .. tags.Where(tag => tag.StartsWith("switchboard.", StringComparison.Ordinal) ? !Sources.Values.Any(source => source.Contains($"SetTag(\"{tag}\"", StringComparison.Ordinal))
                : metrics.Count > 0 ? !makers.All(maker => maker?.Contains($"\"{tag}\"", StringComparison.Ordinal) is true)
                : !(events.Count == 0 ? Events.Keys.AsEnumerable() : events).Any(number => Events.GetValueOrDefault(number)?.Contains($"{{{tag}}}", StringComparison.Ordinal) is true) && !Scope.Contains(tag)),
            .. values.Where(value => value.StartsWith("Switchboard.", StringComparison.Ordinal)
                ? typeof(SwitchboardServices).Assembly.GetType(value) is null
                : !Sources.Values.Any(source => source.Contains($"\"{value}\"", StringComparison.Ordinal))),
        ];
    }

    // A field is a name in the text of the event, or a parameter that stands beside it.
    private static Dictionary<int, string> Events { get; } = typeof(SwitchboardServices).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .SelectMany(method => method.GetCustomAttributes<LoggerMessageAttribute>()
            .Select(message => (message.EventId, Fields: $"{message.Message}{string.Concat(method.GetParameters().Select(parameter => $"{{{parameter.Name}}}"))}")))
        .GroupBy(message => message.EventId).ToDictionary(messages => messages.Key, messages => string.Concat(messages.Select(message => message.Fields)));

    private static HashSet<string> Scope { get; } =
        [.. ScopeName().Matches(Sources.Single(source => Path.GetFileName(source.Key) == "TurnLog.cs").Value).Select(name => name.Groups["name"].Value)];

    [GeneratedRegex("\"(?<text>[^\"]*)\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"EventId\)\s*(?:==\s*\d+|!=\s*\d+|in\s*\([^)]*\))")]
    private static partial Regex Event();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"Properties(?:\.(?<tag>\w+)|\[""(?<tag>[^""]+)""\])")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\(""(?<name>\w+)"", ")]
    private static partial Regex ScopeName();

    [GeneratedRegex("```kusto\n(?<query>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
