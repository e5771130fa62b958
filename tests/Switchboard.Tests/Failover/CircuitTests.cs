using Switchboard.Failover;

namespace Switchboard.Tests.Failover;

/// <summary>An upstream that keeps failing is skipped, and probed again.</summary>
public sealed class CircuitTests
{
    [Fact]
    public async Task Post_FirstKeepsFailing_IsSkippedAndProbedAgain()
    {
        var failing = Enumerable.Repeat(Failures.Status(503), Circuits.MinimumTurns);
        await using var first = FaultyUpstream.Start([.. failing, Failures.Answer("First.")]);
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);

        await AskAsync(rig, Circuits.MinimumTurns, "Second.");
        Assert.Equal(Circuits.MinimumTurns, TurnRig.Asked(first));

        await AskAsync(rig, 3, "Second.");
        rig.Time.Advance(Circuits.Break - TimeSpan.FromMilliseconds(1));
        await AskAsync(rig, 1, "Second.");
        Assert.Equal(Circuits.MinimumTurns, TurnRig.Asked(first));
        Assert.Equal(4, rig.Logged(111).Count);

        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        await AskAsync(rig, 3, "First.");
        Assert.Equal(Circuits.MinimumTurns + 3, TurnRig.Asked(first));
    }

    [Fact]
    public async Task Post_TheProbeFails_IsSkippedAgain()
    {
        await using var first = FaultyUpstream.Start(Failures.Status(503));
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);
        await AskAsync(rig, Circuits.MinimumTurns, "Second.");
        rig.Time.Advance(Circuits.Break);

        await AskAsync(rig, 3, "Second.");

        Assert.Equal(Circuits.MinimumTurns + 1, TurnRig.Asked(first));
    }

    [Fact]
    public async Task Post_CallerLeavesTheProbe_ProvesNothing()
    {
        await using var first = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Status(503), Circuits.MinimumTurns), Failures.HeadersThenSilence(), Failures.Answer("First.")]);
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);
        await AskAsync(rig, Circuits.MinimumTurns, "Second.");
        rig.Time.Advance(Circuits.Break);
        using var leave = new CancellationTokenSource();
        var probing = rig.PostUntilAsync(true, null, null, leave.Token);
        while (TurnRig.Asked(first) <= Circuits.MinimumTurns)
        {
            await TurnRig.NextTurnAsync(first);
        }

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing);
        await LeftAsync(rig);

        await AskAsync(rig, 2, "Second.");
        rig.Time.Advance(Circuits.Break);
        await AskAsync(rig, 1, "First.");
    }

    [Fact]
    public async Task Post_EveryCircuitIsOpen_StillAsksTheFirst()
    {
        await using var first = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Status(503), Circuits.MinimumTurns), Failures.Answer("Back again.")]);
        await using var second = FaultyUpstream.Start(Failures.Status(500));
        await using var rig = await TurnRig.StartAsync([first, second]);
        for (var turn = 0; turn < Circuits.MinimumTurns; turn++)
        {
            (await rig.AskAsync()).AssertFails("upstream_error");
        }

        (await rig.AskAsync()).AssertSays("Back again.");

        Assert.Equal(Circuits.MinimumTurns, TurnRig.Asked(second));
    }

    [Fact]
    public async Task Post_OnlyUpstreamKeepsFailing_IsAlwaysAsked()
    {
        await using var only = FaultyUpstream.Start(Failures.Status(503));
        await using var rig = await TurnRig.StartAsync([only]);

        for (var turn = 1; turn <= 2 * Circuits.MinimumTurns; turn++)
        {
            (await rig.AskAsync()).AssertFails("upstream_error");
            Assert.Equal(turn, TurnRig.Asked(only));
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Post_RequestsAreBlamed_OpensNoCircuit(int status)
    {
        await using var first = FaultyUpstream.Start([.. Enumerable.Repeat(Failures.Status(status), 2 * Circuits.MinimumTurns), Failures.Answer("First.")]);
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);
        await AskAsync(rig, 2 * Circuits.MinimumTurns, "Second.");

        await AskAsync(rig, 1, "First.");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Post_KeyAccountOrModelIsRefused_OpensTheCircuit(int status)
    {
        await using var first = FaultyUpstream.Start(Failures.Status(status));
        await using var second = FaultyUpstream.Start(Failures.Answer("Second."));
        await using var rig = await TurnRig.StartAsync([first, second]);

        await AskAsync(rig, 2 * Circuits.MinimumTurns, "Second.");

        Assert.Equal(Circuits.MinimumTurns, TurnRig.Asked(first));
    }

    private static async Task LeftAsync(TurnRig rig)
    {
        await foreach (var record in rig.Host.Logs.GetLogsAsync(TestContext.Current.CancellationToken))
        {
            if (record.Id.Id == 100 && record.GetStructuredStateValue("Outcome") == "caller_left")
            {
                break;
            }
        }
    }

    private static async Task AskAsync(TurnRig rig, int turns, string answer)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            (await rig.AskAsync()).AssertSays(answer);
        }
    }
}
