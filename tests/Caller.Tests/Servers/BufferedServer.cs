using Microsoft.Extensions.Time.Testing;

namespace Caller.Tests.Servers;

/// <summary>Makes a long answer piece by piece, 100 ms each on the given clock, but keeps it back until it is complete.</summary>
public static class BufferedServer
{
    private static readonly TimeSpan PieceTime = TimeSpan.FromMilliseconds(100);

    public static ServerBehaviour Create(FakeTimeProvider clock, int timesBuffered = int.MaxValue) => new()
    {
        AroundTurn = (_, turn, inner) =>
        {
            if (turn.Said.Contains("count from one", StringComparison.Ordinal) && timesBuffered-- > 0)
            {
                clock.Advance(PieceTime * Conforming.Pieces(Conforming.Answer(turn).Text).Count());
            }

            return inner();
        },
    };
}
