using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Switchboard;

namespace FunctionsApp.Tests;

/// <summary>The table of log events in docs/operations.md and the code have the same categories and numbers.</summary>
public sealed partial class LogEventTests
{
    private static readonly Assembly[] Assemblies = [typeof(SwitchboardServices).Assembly, typeof(LostRequests).Assembly, Assembly.Load("LocalHost")];

    private static readonly Match[] Rows = Row().Matches(File.ReadAllText(Repository.PathOf("docs", "operations.md"))).ToArray();

    [Fact]
    public void Categories_OfTheTable_AreTypes()
    {
        var categories = Rows.Select(row => row.Groups["category"].Value).Where(category => category != "as 101").Distinct().ToList();

        Assert.Contains("`Turn.TurnTelemetry`", categories);
        Assert.All(categories, category => Assert.NotNull(TypeOf(category)));
    }

    [Fact]
    public void Numbers_OfTheTable_AreThoseOfTheCode()
    {
        var documented = Rows.SelectMany(row => Numbers(row.Groups["events"].Value)).ToList();
        var coded = Assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId).OfType<int>().ToHashSet();

        Assert.Distinct(documented);
        Assert.Equal(coded.Order(), documented.Order());
    }

    private static Type? TypeOf(string category)
    {
        var name = category.Split('`')[1];
        return category.EndsWith("(no `Switchboard.` before it)", StringComparison.Ordinal) ? Assemblies[1].GetType(name) : Assemblies[0].GetType($"Switchboard.{name}");
    }

    private static IEnumerable<int> Numbers(string events)
    {
        int[] numbers = [.. Number().Matches(events).Select(number => int.Parse(number.ValueSpan, CultureInfo.InvariantCulture))];
        return events.Contains(" to ", StringComparison.Ordinal) ? Enumerable.Range(numbers[0], numbers[1] - numbers[0] + 1) : numbers;
    }

    [GeneratedRegex(@"^\| (?<events>\d{3}(?:(?:, | to )\d{3})*)(?: `[^|]*`)? \| (?<category>[^|]+) \| (?:Trace|Debug|Information|Warning|Error)", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\d{3}")]
    private static partial Regex Number();
}
