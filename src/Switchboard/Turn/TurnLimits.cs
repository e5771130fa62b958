using System.Threading.RateLimiting;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>Admits so many turns at once. Flex Consumption ignores the limits of host.json, so admission is ours.</summary>
internal sealed class TurnLimits(LimitsOptions limits) : IDisposable
{
    /// <summary>
    /// The most bytes, over all requests, of bodies that are not whole yet or are being unpacked: a place is taken only afterwards, and many large
    /// bodies that trickle in would otherwise fill the memory. Real bodies are there within milliseconds; this is 8 of the largest at once.
    /// </summary>
    public const long MaxBytesUnderWay = 64 * 1024 * 1024;

    /// <summary>
    /// The most bytes of bodies, unpacked, over all turns that are being answered. A turn keeps its conversation, pictures as text of twice their
    /// size in the body, until it ends: so many leave room in the smallest instance of 2 GB. It is 32 of the largest at once, and thousands of those that have no pictures.
    /// </summary>
    public const long MaxBytesInTurns = 256 * 1024 * 1024;

    private readonly int _limit = limits.MaxConcurrentTurns;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.MaxConcurrentTurns,
        QueueLimit = 0,
    });

    private long _bytesUnderWay;
    private long _bytesInTurns;

    /// <summary>Takes a place, to be disposed when the turn ends.</summary>
    /// <param name="bytes">The length of its body.</param>
    /// <exception cref="ApiException">429: there is none.</exception>
    public IDisposable Enter(long bytes)
    {
        var lease = _limiter.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            throw ApiException.TooManyTurns(_limit);
        }

        var place = new Place(this, lease, bytes);
        if (Interlocked.Add(ref _bytesInTurns, bytes) <= MaxBytesInTurns)
        {
            return place;
        }

        place.Dispose();
        throw ApiException.TooManyBodies();
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

    private sealed class Place(TurnLimits limits, RateLimitLease lease, long bytes) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Add(ref limits._bytesInTurns, -bytes);
            lease.Dispose();
        }
    }
}
