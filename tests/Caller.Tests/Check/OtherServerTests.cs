using Caller.Check;
using Caller.Tests.Servers;

namespace Caller.Tests.Check;

public sealed class OtherServerTests
{
    public static TheoryData<string> Names => [.. OtherServers.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ExecuteAsync_ServerUnlikeOursThatWorks_FailsNothingRequired(string name)
    {
        await using var server = await FixtureServer.StartAsync(OtherServers.All[name]);

        var report = await ServerCheck.RunAsync(server, name == "no authentication" ? ServerCheck.Options with { Key = null } : null);

        Assert.True(report.Passes, ServerCheck.Show(report));
    }

    [Fact]
    public async Task ExecuteAsync_NoToolsAndNoHangUpText_ToolChecksDoNotApply()
    {
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            Chunks = turn => Conforming.Chunks(turn).Where(chunk => BrokenChunks.Choice(chunk)?["delta"]?["tool_calls"] is null),
            Validate = body =>
            {
                body.Remove("tools");
                return Conforming.Validate(body);
            },
        });

        var report = await ServerCheck.RunAsync(server, ServerCheck.Options with { HangUpText = null });

        Assert.True(report.Passes, ServerCheck.Show(report));
        Assert.All(
            report.Results.Where(result => result.Check.Group == "tools" && result.Check.Level == CheckLevel.Required),
            result => Assert.Equal(Outcome.NotApplicable, result.Verdict.Outcome));
    }

    [Fact]
    public async Task ExecuteAsync_DeadlineOver_DoesNotPass()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var turns = 0;
        await using var server = await FixtureServer.StartAsync(new ServerBehaviour
        {
            AroundTurn = (_, _, inner) =>
            {
                if (Interlocked.Increment(ref turns) == 2)
                {
                    clock.Advance(TimeSpan.FromMinutes(4));
                }

                return inner();
            },
        });

        var report = await ServerCheck.RunAsync(server, ServerCheck.Options with { Timeout = TimeSpan.FromMinutes(10) }, clock);

        Assert.False(report.Passes);
        Assert.Empty(ServerCheck.Failed(report, CheckLevel.Required));
        Assert.Contains(report.Results, result => result.Verdict == Verdict.NotRun("the time for the whole run (180.0 s) was over"));
    }
}
