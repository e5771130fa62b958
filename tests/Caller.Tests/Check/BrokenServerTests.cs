using Caller.Check;
using Caller.Tests.Servers;

namespace Caller.Tests.Check;

public sealed class BrokenServerTests
{
    public static TheoryData<string> Names => [.. BrokenServer.All.Select(server => server.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ExecuteAsync_BrokenServer_IsCaughtByTheCheckMeantForItAlone(string name)
    {
        var broken = BrokenServer.All.Single(server => server.Name == name);
        await using var server = await FixtureServer.StartAsync(broken.Create());

        var report = await ServerCheck.RunAsync(server, ServerCheck.Options with { Timeout = broken.Caught == "streaming.ends" ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(20), AfterDone = TimeSpan.FromMilliseconds(broken.Caught == "transport.closes" ? 50 : 1000) });

        Assert.False(report.Passes);
        Assert.True(
            broken.AlsoFails.Append(broken.Caught).Order(StringComparer.Ordinal).SequenceEqual(ServerCheck.Failed(report, CheckLevel.Required).Order(StringComparer.Ordinal)),
            ServerCheck.Show(report));
    }
}
