using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>docs/configuration.md and the options classes know the same settings.</summary>
public sealed partial class DocumentationTests
{
    private const string None = "–";

    [Fact]
    public void Rows_AndOptions_AreTheSameSettings() =>
        Assert.Equal(KnownSetting.All.Select(setting => setting.Path).Order(), DocumentedSetting.All.Select(row => row.Path).Order());

    [Fact]
    public void Mentions_InTextAndExamples_AreSettingsThatExist()
    {
        var known = KnownSetting.All.SelectMany(setting => setting.Prefixes).ToHashSet(StringComparer.Ordinal);
        var mentioned = Mention().Matches(DocumentedSetting.Document).Select(mention => Indexed(mention.Value)).Distinct().ToList();

        Assert.NotEmpty(mentioned);
        Assert.All(mentioned, path => Assert.Contains(path, known));
    }

    [Fact]
    public void Defaults_OfTheRows_AreThoseOfTheOptions() => Assert.All(KnownSetting.All, setting =>
    {
        var row = Row(setting);
        if (setting.Default is null or "")
        {
            Assert.Equal(setting.Property.IsDefined(typeof(RequiredAttribute)) ? "required" : None, row.Default);
        }
        else
        {
            Assert.Equal(setting.Default, Convert(row.Default, setting.Type));
        }
    });

    [Fact]
    public void Examples_OfTheRows_AreValuesThatTheOptionsTake() => Assert.All(KnownSetting.All, setting =>
    {
        var value = Convert(Row(setting).Example, setting.Type);
        var rules = setting.Property.GetCustomAttributes<ValidationAttribute>().ToList();

        Assert.NotEqual(setting.Default, value);
        Assert.All(rules, rule => Assert.True(rule.IsValid(value), $"{setting.Path}: {value}"));
    });

    [Fact]
    public void Units_OfTheRows_NameTheTimes() => Assert.All(
        KnownSetting.All, setting => Assert.Equal(setting.Type == typeof(TimeSpan), Row(setting).Unit == "time"));

    [Fact]
    public void Example_OfTheDocument_StartsWithoutAFault()
    {
        var settings = Assignment().Matches(DocumentedSetting.Document)
            .ToDictionary(line => line.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal), line => (string?)line.Groups["value"].Value.Trim('"'));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();

        var model = Assert.Single(services.GetRequiredService<IOptions<SwitchboardOptions>>().Value.Models);

        Assert.Equal(2, model.Upstreams.Count);
        Assert.Equal(2, model.Filler.Text.Count);
        Assert.NotNull(model.Apology);
    }

    [Theory]
    [InlineData("README.md", 2)]
    [InlineData("docs/configuration.md", 2)]
    public void SettingsFiles_OfTheDocuments_StartWithoutAFault(string document, int count)
    {
        var files = SettingsFileBlock().Matches(File.ReadAllText(Repository.PathOf(document))).Select(block => block.Groups["text"].Value).ToList();

        Assert.Equal(count, files.Count);
        Assert.All(files, file =>
        {
            var folder = Directory.CreateTempSubdirectory("switchboard-document-");
            try
            {
                Directory.CreateDirectory(Path.Combine(folder.FullName, "prompts"));
                File.Copy(Repository.PathOf("prompts", "reception.md"), Path.Combine(folder.FullName, "prompts", "reception.md"));
                File.WriteAllText(Path.Combine(folder.FullName, SettingsFolder.FileName), file);
                var configuration = new ConfigurationBuilder().Add(new SettingsPlace(new LocalSettingsFolder(folder.FullName)))
                    .AddInMemoryCollection([new("Access:KeyVault:Uri", "https://my-vault.vault.azure.net/")]).Build();
                using var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();

                Assert.Equal(["reception"], services.GetRequiredService<IOptions<SwitchboardOptions>>().Value.Models.Select(model => model.Id));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
    }

    private static DocumentedSetting Row(KnownSetting setting) => Assert.Single(DocumentedSetting.All, row => row.Path == setting.Path);

    private static object? Convert(string text, Type type) => type == typeof(TimeSpan) ? SettingTime.TryParse(text, out var time) ? time : throw new FormatException(text)
        : TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, text);

    // Models__0__Upstreams__1__Model is Models:n:Upstreams:m:Model.
    private static string Indexed(string mention)
    {
        var lists = 0;
        return string.Join(':', mention.Replace("__", ":", StringComparison.Ordinal).Split(':')
            // A model may be named by its id, which begins with a small letter in this document.
            .Select((part, place) => !int.TryParse(part, out _) && !(place == 1 && char.IsAsciiLetterLower(part[0])) ? part : lists++ == 0 ? "n" : "m"));
    }

    [GeneratedRegex("^```json\n(?<text>\\{\n  \"\\$schema\".*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex SettingsFileBlock();

    [GeneratedRegex("^(?<key>[A-Za-z]+__[A-Za-z0-9_]+)=(?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    [GeneratedRegex(@$"\b({nameof(SwitchboardOptions.Access)}|{nameof(SwitchboardOptions.Models)}|{nameof(SwitchboardOptions.Limits)}|{nameof(SwitchboardOptions.Transcripts)}|{nameof(SwitchboardOptions.Console)}|{nameof(SwitchboardOptions.Telemetry)})((:|__)[A-Za-z0-9]+([-_][A-Za-z0-9]+)*)+")]
    private static partial Regex Mention();
}
