using Switchboard.Contract;
using Switchboard.Turn;

namespace Switchboard.Tests.Turn;

/// <summary>What all turns together may hold.</summary>
public sealed class TurnLimitsTests
{
    [Fact]
    public void Enter_BodiesOfAllTurnsAreTooLarge_Is429UntilOneEnds()
    {
        const int Each = 8 * 1024 * 1024;
        using var limits = new TurnLimits(new LimitsOptions());
        var places = Enumerable.Range(0, (int)(TurnLimits.MaxBytesInTurns / Each)).Select(_ => limits.Enter(Each)).ToList();

        // A refusal takes nothing: neither a place nor room.
        for (var count = 0; count < 300; count++)
        {
            Assert.Equal(429, Assert.Throws<ApiException>(() => limits.Enter(1)).Status);
        }

        places[0].Dispose();
        limits.Enter(Each).Dispose();
        limits.Enter(1).Dispose();
    }
}
