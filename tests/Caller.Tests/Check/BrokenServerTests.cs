using Caller.Check;
using Caller.Platform;
using Caller.Tests.Servers;

namespace Caller.Tests.Check;

public sealed class BrokenServerTests
{
    public static TheoryData<string> Names => [.. BrokenServer.All.Select(server => server.Name)];

    [Fact]
    public void All_RequiredChecks_HaveABrokenServerEach()
    {
        var caught = BrokenServer.All.Select(server => server.Caught).Concat(["transport.reachable", "streaming.spread"]);

        Assert.Empty(CheckCatalogue.For(VoicePlatforms.Ims).Where(check => check.Level == CheckLevel.Required).Select(check => check.Id).Except(caught));
    }

    [Fact]
    public void All_Catalogue_IsLargeAndNamedOnce()
    {
        Assert.True(CheckCatalogue.All.Count >= 45);
        Assert.Equal(CheckCatalogue.All.Count, CheckCatalogue.All.DistinctBy(check => check.Id).Count());
        Assert.All(CheckCatalogue.All, check => Assert.True(check.Source.Scheme == "https" && (check.Contract.EndsWith('.') || check.Contract.EndsWith(')')) && check.Mend.EndsWith('.'), check.Id));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ExecuteAsync_BrokenServer_IsCaughtByTheCheckMeantForItAlone(string name)
    {
        var broken = BrokenServer.All.Single(server => server.Name == name);
        await using var server = await FixtureServer.StartAsync(broken.Create());

        var report = await ServerCheck.RunAsync(server, ServerCheck.Options with { Timeout = broken.Caught == "streaming.ends" ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(20), AfterDone = TimeSpan.FromMilliseconds(broken.Caught == "transport.closes" ? 50 : 1000) });

        Assert.False(report.Passes);
        Assert.True(
            broken.AlsoFails.Append(broken.Caught).Order(StringComparer.Ordinal).SequenceEqual(ServerCheck.Failed(report, CheckLevel.Required).Order(StringComparer.Ordinal)),
            ServerCheck.Show(report));
    }
}
