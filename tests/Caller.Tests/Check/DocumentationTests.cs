using Caller.Check;
using Caller.Platform;
using Switchboard.Testing;

namespace Caller.Tests.Check;

public sealed class DocumentationTests
{
    [Fact]
    public async Task CallerMd_ListsEveryCheckAsItIs()
    {
        var text = await File.ReadAllTextAsync(Repository.PathOf("docs", "caller.md"), TestContext.Current.CancellationToken);

        Assert.All(CheckCatalogue.All.Where(check => check.Group == "platform"), check => Assert.Contains(
            $"| `{check.Id}` | {(check.Level == CheckLevel.Required ? "required" : "advised")} | {check.Contract} ({Platforms(check)})",
            text,
            StringComparison.Ordinal));
        Assert.All(CheckCatalogue.All.Where(check => check.Group != "platform"), check => Assert.Contains(
            $"| `{check.Id}` | {(check.Level == CheckLevel.Required ? "required" : "advised")} | {check.Contract.Replace("<", "&lt;", StringComparison.Ordinal)} ([source]({check.Source}))",
            text,
            StringComparison.Ordinal));
        var ims = CheckCatalogue.For(VoicePlatforms.Ims);
        var required = ims.Count(check => check.Level == CheckLevel.Required);
        Assert.All(
            new[] { $"{ims.Count} checks of the contract", $"**Required** ({required})", $"**Advised** ({ims.Count - required})" },
            number => Assert.Contains(number, text, StringComparison.Ordinal));
        Assert.All(VoicePlatforms.All, platform => Assert.Contains($"| `{platform.Name}`", text, StringComparison.Ordinal));
    }

    private static string Platforms(Caller.Check.Check check)
    {
        var names = VoicePlatforms.All.Where(platform => CheckCatalogue.For(platform).Any(other => other.Id == check.Id)).Select(platform => platform.Name).ToList();
        return names.Count == VoicePlatforms.All.Count - 1 ? "all but ims" : string.Join(", ", names);
    }
}
