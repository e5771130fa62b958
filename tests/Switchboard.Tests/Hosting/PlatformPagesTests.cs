using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Switchboard.Hosting;
using Switchboard.Platforms;

namespace Switchboard.Tests.Hosting;

/// <summary>docs/platforms: no platform is missing, what is to be set can be set, and the answers are those that are given.</summary>
public sealed partial class PlatformPagesTests
{
    public static TheoryData<string> Pages => [.. PlatformPage.All.Select(page => page.Name)];

    [Fact]
    public void Dialects_EachHasAPageOrARow()
    {
        var told = PlatformPage.Index.FirstCells.Concat(PlatformPage.All.Select(page => page.Name)).Select(Letters).ToList();

        Assert.All(Dialects.All, dialect => Assert.Contains(told, name => name.Contains(Letters(dialect.Name), StringComparison.Ordinal)));
    }

    [Fact]
    public void Pages_AreLinkedFromTheIndexAndItFromTheReadme()
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));

        Assert.Contains("(docs/platforms/README.md", readme, StringComparison.Ordinal);
        Assert.All(PlatformPage.All, page => Assert.Contains($"({page.Name}.md)", PlatformPage.Index.Text, StringComparison.Ordinal));
        Assert.All(PlatformPage.All, page => Assert.Contains($"(docs/platforms/{page.Name}.md)", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Mentions_AreSettingsThatExist()
    {
        var known = KnownSetting.All.SelectMany(setting => setting.Prefixes).Select(Unindexed).ToList();
        var mentioned = PlatformPage.All.Append(PlatformPage.Index)
            .SelectMany(page => Mention().Matches(page.Text).Select(mention => mention.Groups["path"].Value).Concat(page.Settings.Keys)).Distinct().ToList();

        Assert.NotEmpty(mentioned);
        Assert.All(mentioned, path => Assert.Contains(known, setting => $":{setting}".EndsWith($":{Unindexed(path)}", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Settings_OfAPage_Start(string name)
    {
        var settings = new Dictionary<string, string?>(PlatformPage.Index.Settings);
        foreach (var (key, value) in Page(name).Settings)
        {
            settings[key] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();

        Assert.NotNull(Assert.Single(services.GetRequiredService<IOptions<SwitchboardOptions>>().Value.Models).Apology);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Examples_OfAPage_AreAnsweredAsItShows(string name)
    {
        var page = Page(name);
        await using var host = await TestHost.StartAsync(settings: ServerOf(page), time: new FakeTimeProvider());
        var examples = page.Examples.ToList();
        var answers = new List<string>();
        foreach (var (request, _) in examples)
        {
            answers.Add(await AskAsync(host, request));
        }

        var lines = host.Logs.GetSnapshot().Select(record => Normal(record.Message)).ToHashSet();
        Assert.NotEmpty(examples);
        Assert.Equal(examples.Select(example => Normal(example.Answer)), answers);
        Assert.NotEmpty(page.LogLines);
        Assert.All(page.LogLines, line => Assert.Contains(Normal(line), lines));
    }

    private static PlatformPage Page(string name) => PlatformPage.All.Single(page => page.Name == name);

    // The server of the examples, with what the page says of the call.
    private static Dictionary<string, string?> ServerOf(PlatformPage page)
    {
        using var json = JsonDocument.Parse(PlatformPage.Index.Blocks("json").Single());
        var settings = json.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => PlatformPage.Key(value.Name), value => value.Value.GetString());
        foreach (var (key, value) in page.Settings.Where(setting => setting.Key.StartsWith("Calls:", StringComparison.Ordinal) || setting.Key == "Models:0:Platform"))
        {
            settings[key] = value;
        }

        return settings;
    }

    private static async Task<string> AskAsync(TestHost host, PlatformRequest request)
    {
        using var response = await request.SendAsync(host, LocalHost.LocalSettings.SampleKey);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await host.WaitForTurnEndAsync();
        return Normal(body.TrimEnd('\n') + '\n');
    }

    private static string Normal(string text) => Times().Replace(EventReader.WithoutIds(text), match => $"{match.Groups["name"].Value}…");

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static string Unindexed(string path) => string.Join(':', path.Split(':').Where(part => part is not ("n" or "m" or "l") && !int.TryParse(part, out _)));

    [GeneratedRegex("`(?<path>[A-Z][A-Za-z]+(:[A-Za-z0-9]+)+)`")]
    private static partial Regex Mention();

    [GeneratedRegex("(?<name>\"created\":|first speech |first answer |total |request |settings )(?:[0-9.]*(?= ms)|[0-9a-f]{8}(?=, request)|[0-9]+|req_[0-9a-f]+)")]
    private static partial Regex Times();
}
