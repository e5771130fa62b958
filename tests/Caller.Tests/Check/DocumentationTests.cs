using Caller.Check;

namespace Caller.Tests.Check;

public sealed class DocumentationTests
{
    [Fact]
    public async Task CallerMd_ListsEveryCheckAsItIs()
    {
        var text = await File.ReadAllTextAsync(Repository.File("docs", "caller.md"), TestContext.Current.CancellationToken);

        Assert.All(CheckCatalogue.All, check => Assert.Contains(
            $"| `{check.Id}` | {(check.Level == CheckLevel.Required ? "required" : "advised")} | {check.Contract.Replace("<", "&lt;", StringComparison.Ordinal)} ([source]({check.Source}))",
            text,
            StringComparison.Ordinal));
    }
}
