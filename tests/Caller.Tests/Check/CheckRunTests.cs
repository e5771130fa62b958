using Caller.Check;
using Caller.Tests.Servers;

namespace Caller.Tests.Check;

public sealed class CheckRunTests
{
    [Fact]
    public async Task ExecuteAsync_ConformingServer_FailsNothing()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour());

        var report = await ServerCheck.RunAsync(server);

        Assert.True(report.Results.All(result => result.Verdict.Outcome is Outcome.Held or Outcome.NotApplicable), ServerCheck.Show(report));
        Assert.True(report.Passes);
        Assert.Equal(
            ["transport.https", "tools.directive", "streaming.spread", "streaming.pieces", "concurrency.overlap"],
            report.Results.Where(result => result.Verdict.Outcome == Outcome.NotApplicable).Select(result => result.Check.Id));
    }
}
