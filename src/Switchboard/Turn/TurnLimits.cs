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

    // Those of the names that have a limit of their own.
    private readonly Dictionary<string, OpenTurns> _named = limits.Keys.Where(key => key.Value.MaxConcurrentTurns is not null)
        .ToDictionary(key => key.Key, key => new OpenTurns(key.Value.MaxConcurrentTurns!.Value), StringComparer.OrdinalIgnoreCase);

    private long _bytesUnderWay;
    private long _bytesInTurns;

    /// <summary>Takes a place, to be disposed when the turn ends.</summary>
    /// <param name="bytes">The length of its body.</param>
    /// <param name="keyName">The name of the key that it was asked with; null where it has none.</param>
    /// <exception cref="ApiException">429: there is none.</exception>
    public IDisposable Enter(long bytes, string? keyName = null)
    {
        var ofKey = keyName is not null ? _named.GetValueOrDefault(keyName) : null;
        if (ofKey?.TryEnter() is false)
        {
            throw ApiException.TooManyTurnsOfKey(ofKey.Most);
        }

        var lease = _limiter.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            ofKey?.Leave();
            throw ApiException.TooManyTurns(_limit);
        }

        var place = new Place(this, lease, bytes, ofKey);
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

    // How many turns with the keys of one name are being answered.
    private sealed class OpenTurns(int most)
    {
        private int _count;

        public int Most => most;

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref _count) <= most)
            {
                return true;
            }

            Leave();
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _count);
    }

    private sealed class Place(TurnLimits limits, RateLimitLease lease, long bytes, OpenTurns? ofKey) : IDisposable
    {
        public void Dispose()
        {
            ofKey?.Leave();
            Interlocked.Add(ref limits._bytesInTurns, -bytes);
            lease.Dispose();
        }
    }
}
