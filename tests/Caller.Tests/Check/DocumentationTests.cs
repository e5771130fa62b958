using Caller.Check;
using Switchboard.Testing;

namespace Caller.Tests.Check;

public sealed class DocumentationTests
{
    [Fact]
    public async Task CallerMd_ListsEveryCheckAsItIs()
    {
        var text = await File.ReadAllTextAsync(Repository.PathOf("docs", "caller.md"), TestContext.Current.CancellationToken);

        Assert.All(CheckCatalogue.All, check => Assert.Contains(
            $"| `{check.Id}` | {(check.Level == CheckLevel.Required ? "required" : "advised")} | {check.Contract.Replace("<", "&lt;", StringComparison.Ordinal)} ([source]({check.Source}))",
            text,
            StringComparison.Ordinal));
        var required = CheckCatalogue.All.Count(check => check.Level == CheckLevel.Required);
        Assert.All(
            new[] { $"{CheckCatalogue.All.Count} checks of the contract", $"**Required** ({required})", $"**Advised** ({CheckCatalogue.All.Count - required})" },
            number => Assert.Contains(number, text, StringComparison.Ordinal));
    }
}
