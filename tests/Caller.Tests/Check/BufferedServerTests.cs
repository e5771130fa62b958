using Caller.Check;
using Caller.Tests.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Caller.Tests.Check;

public sealed class BufferedServerTests
{
    [Fact]
    public async Task ExecuteAsync_BufferedStream_FailsSpreadAlone()
    {
        var clock = new FakeTimeProvider();
        await using var server = await FixtureServer.StartAsync(BufferedServer.Create(clock));

        var report = await ServerCheck.RunAsync(server, time: clock);

        Assert.True(ServerCheck.Failed(report, CheckLevel.Required) is ["streaming.spread"], ServerCheck.Show(report));
        Assert.Equal("9 pieces within 0 ms, after 900 ms of nothing", report.Results.Single(result => result.Check.Id == "streaming.spread").Verdict.Seen);
    }

    [Fact]
    public async Task ExecuteAsync_ColdStartOnce_IsNotTakenForABufferedStream()
    {
        var clock = new FakeTimeProvider();
        await using var server = await FixtureServer.StartAsync(BufferedServer.Create(clock, timesBuffered: 1));

        var report = await ServerCheck.RunAsync(server, time: clock);

        Assert.True(report.Passes, ServerCheck.Show(report));
    }
}
