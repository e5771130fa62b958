using System.Threading.RateLimiting;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>Admits so many turns at once. Flex Consumption ignores the limits of host.json, so admission is ours.</summary>
internal sealed class TurnLimits(LimitsOptions limits) : IDisposable
{
    /// <summary>
    /// The most bytes, over all requests, of bodies that are not whole yet: a place is taken only afterwards, and many large bodies that trickle
    /// in would otherwise fill the memory. Real bodies are there within milliseconds; this is 64 of the largest at once.
    /// </summary>
    public const long MaxBytesUnderWay = 64 * 1024 * 1024;

    private readonly int _limit = limits.MaxConcurrentTurns;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.MaxConcurrentTurns,
        QueueLimit = 0,
    });

    private long _bytesUnderWay;

    /// <summary>Takes a place, to be disposed when the turn ends.</summary>
    /// <exception cref="ApiException">429: there is none.</exception>
    public RateLimitLease Enter()
    {
        var lease = _limiter.AttemptAcquire();
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw ApiException.TooManyTurns(_limit);
    }

    /// <summary>Counts bytes of a body that is not whole yet; all of them are to be given back by <see cref="Release"/>, also after a failure.</summary>
    /// <exception cref="ApiException">429: there are too many.</exception>
    public void Hold(long bytes)
    {
        if (Interlocked.Add(ref _bytesUnderWay, bytes) > MaxBytesUnderWay)
        {
            throw ApiException.TooManyBodies();
        }
    }

    /// <summary>Gives back what a body took with <see cref="Hold"/>: it is whole, or given up.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _bytesUnderWay, -bytes);

    public void Dispose() => _limiter.Dispose();
}
