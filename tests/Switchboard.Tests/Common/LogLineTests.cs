using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Common;

namespace Switchboard.Tests.Common;

/// <summary>Every log line of the engine, with the worst texts that its parameters could hold.</summary>
public sealed partial class LogLineTests
{
    private const int MaxLine = 8192;

    private static readonly string Hostile =
        "a\r\n00:00 fail: forged\u001b[2J\u202Ereversed\u2028line\u2029\u0085\0\u200B\uFEFF\uD800half\U000E0041tag" + new string('x', 300_000);

    private static readonly MethodInfo[] Lines = [.. typeof(SwitchboardSource).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.GetCustomAttribute<LoggerMessageAttribute>() is not null)];

    public static TheoryData<int, string> Events => [.. Lines.Select(method => (method.GetCustomAttribute<LoggerMessageAttribute>()!.EventId, $"{method.DeclaringType!.Name}.{method.Name}"))];

    [Fact]
    public void Events_Count_IsThatOfTheWholeEngine() => Assert.True(Lines.Length >= 40, $"{Lines.Length}");

    [Theory]
    [MemberData(nameof(Events))]
    public void Log_HostileTexts_AreOneShortLine(int id, string method)
    {
        var line = Lines.Single(line => $"{line.DeclaringType!.Name}.{line.Name}" == method && line.GetCustomAttribute<LoggerMessageAttribute>()!.EventId == id);
        var logger = new FakeLogger();

        line.Invoke(null, [.. line.GetParameters().Select(parameter => Argument(parameter, logger))]);

        var record = Assert.Single(logger.Collector.GetSnapshot());
        AssertFit(record.Message);
        Assert.All(record.StructuredState ?? [], pair => AssertFit(pair.Value ?? ""));
    }

    // A text as such would go into the line as it came. An exception is told whole by one line only, at a level that is for a developer's machine.
    [Fact]
    public void Parameters_OfAllLines_AreNumbersTimesOrCleanTexts() => Assert.All(
        Lines.Where(line => line.GetCustomAttribute<LoggerMessageAttribute>()!.EventId != 102).SelectMany(line => line.GetParameters(), (line, parameter) => (line, parameter)),
        pair => Assert.True(
            pair.parameter.ParameterType.IsValueType || pair.parameter.ParameterType == typeof(ILogger) || pair.parameter.ParameterType == typeof(Version),
            $"{pair.line.DeclaringType!.Name}.{pair.line.Name}: {pair.parameter.Name} is a {pair.parameter.ParameterType.Name}; make it a LogText or a FailureText."));

    // The host's own lines of an invocation cost anybody nothing to cause: they are off, and ours are on.
    [Fact]
    public void HostJson_OfEveryFunction_LetsOurLinesThroughAndNotTheHosts()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("host.json")));
        var levels = host.RootElement.GetProperty("logging").GetProperty("logLevel").EnumerateObject().ToDictionary(level => level.Name, level => level.Value.GetString());
        var functions = Directory.GetFiles(Repository.PathOf("src", "FunctionsApp"), "*.cs")
            .SelectMany(file => Function().Matches(File.ReadAllText(file))).Select(function => function.Groups[1].Value).ToList();

        Assert.NotEmpty(functions);
        Assert.Equal("Warning", levels["Function"]);
        Assert.Equal(
            functions.Select(name => $"Function.{name}.User").Order(),
            levels.Where(level => level is { Key: ['F', 'u', 'n', ..], Value: "Information" }).Select(level => level.Key).Order());
    }

    [Theory]
    [InlineData(null, "-")]
    [InlineData("plain", "plain")]
    [InlineData("Grüße, 你好", "Grüße, 你好")]
    [InlineData("a\nb\u2028c", "a_b_c")]
    [InlineData("😀", "😀")]
    public void ToString_OfALogText_KeepsWhatIsFit(string? text, string expected) => Assert.Equal(expected, new LogText(text).ToString());

    [Fact]
    public void Clean_LongText_IsCutBetweenCharacters()
    {
        var clean = LogText.Clean($"a{string.Concat(Enumerable.Repeat("😀", 100))}")!;

        Assert.Equal(LogText.MaxLength, clean.Length);
        Assert.EndsWith("😀…", clean, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[Function\(""(\w+)""\)\]")]
    private static partial Regex Function();

    private static object? Argument(ParameterInfo parameter, ILogger logger) => parameter.ParameterType switch
    {
        var type when type == typeof(ILogger) => logger,
        var type when type == typeof(LogLevel) => LogLevel.Information,
        var type when type == typeof(LogText) => (LogText)Hostile,
        var type when type == typeof(FailureText) => (FailureText)Hostile,
        var type when type == typeof(string) => Hostile,
        var type when type == typeof(Version) => new Version(2, 0),
        var type when type == typeof(Exception) => new InvalidOperationException(),
        var type when type.IsValueType => Activator.CreateInstance(type),
        var type => throw new InvalidOperationException($"No value for a {type.Name}."),
    };

    private static void AssertFit(string text)
    {
        Assert.InRange(text.Length, 0, MaxLine);
        Assert.DoesNotContain(text.EnumerateRunes(), rune => rune.Value == 0xFFFD || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }
}
