using Caller.Check;
using Caller.Wire;

namespace Caller.Tests.Check;

public sealed class TimingCheckTests
{
    public static TheoryData<string, int[], string> LongAnswers => new()
    {
        { "paced", [200, 400, 600, 800, 1000, 1200], "Held" },
        { "burst after a long wait", [1000, 1001, 1001, 1002, 1002, 1003], "Failed" },
        { "slow start, then fast but spread", [1000, 1040, 1080, 1120, 1160, 1200], "Held" },
        { "too fast to tell", [1, 1, 1, 2, 2, 2], "NotApplicable" },
        { "few pieces", [1000, 1001], "NotApplicable" },
    };

    [Theory]
    [MemberData(nameof(LongAnswers))]
    public void Spread_LongAnswer_IsJudgedByArrivalTimes(string name, int[] pieceAt, string expected)
    {
        var verdict = Seen.Judge("streaming.spread", Seen.Answer(ProbeNames.Long, 0, pieceAt));

        Assert.True(expected == verdict.Outcome.ToString(), $"{name}: {verdict}");
    }

    [Fact]
    public void Gaps_LongSilenceInside_Fails()
    {
        var verdict = Seen.Judge("streaming.gaps", Seen.Answer(ProbeNames.Long, 0, [100, 200, 5300]));

        Assert.Equal(Verdict.Failed("long answer: 5.1 s of silence"), verdict);
    }

    [Fact]
    public void FirstSpeech_LaterThanAllowed_Fails()
    {
        Assert.Equal(Verdict.Failed("2.6 s"), Seen.Judge("streaming.first-speech", Seen.Answer(ProbeNames.Long, 0, [2600])));
        Assert.Equal(Verdict.Held("2.4 s"), Seen.Judge("streaming.first-speech", Seen.Answer(ProbeNames.Long, 0, [2400])));
    }

    [Fact]
    public void Overlap_OneAfterTheOther_Fails()
    {
        var verdict = Seen.Judge(
            "concurrency.overlap",
            Seen.Answer(ProbeNames.Parallel, 0, [100, 400]),
            Seen.Answer(ProbeNames.Parallel, 0, [500, 800]),
            Seen.Answer(ProbeNames.Parallel, 0, [900, 1200]));

        Assert.Equal(Outcome.Failed, verdict.Outcome);
    }

    [Fact]
    public void Overlap_AtTheSameTimeThoughSlower_Holds()
    {
        var verdict = Seen.Judge(
            "concurrency.overlap",
            Seen.Answer(ProbeNames.Parallel, 0, [100, 1000]),
            Seen.Answer(ProbeNames.Parallel, 0, [120, 1100]),
            Seen.Answer(ProbeNames.Parallel, 0, [140, 1200]));

        Assert.Equal(Outcome.Held, verdict.Outcome);
    }

    [Fact]
    public void NoDelay_SlowTurnAfterABargeIn_Fails()
    {
        var greeting = Seen.Answer(ProbeNames.Greeting, 0, [200]);

        Assert.Equal(Outcome.Failed, Seen.Judge("cancellation.no-delay", greeting, Seen.Answer(ProbeNames.AfterBargeIn, 0, [1700])).Outcome);
        Assert.Equal(Outcome.Held, Seen.Judge("cancellation.no-delay", greeting, Seen.Answer(ProbeNames.AfterBargeIn, 0, [300])).Outcome);
    }

    [Fact]
    public void Ends_TimedOutTurn_Fails()
    {
        var stalled = Seen.Answer(ProbeNames.Greeting, 0, [200]);

        var verdict = Seen.Judge("streaming.ends", stalled with { Exchange = stalled.Exchange with { End = ExchangeEnd.TimedOut, EndedAfter = TimeSpan.FromSeconds(20) } });

        Assert.Equal(Verdict.Failed("greeting: not finished after 20.0 s, 1 events seen"), verdict);
    }
}
