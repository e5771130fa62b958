using Switchboard.Contract;

namespace Switchboard.Keys;

/// <summary>
/// How much each key may ask of this instance: so many requests at once, and as many a minute from then on, evenly. Only keys that were accepted have an entry, so
/// there are never more entries than keys; those of one name that has a limit of its own have one together.
/// </summary>
/// <param name="requestsPerMinute">How many; 0: no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="named">How many it is in the place of that for the keys of a name.</param>
/// <remarks>System.Threading.RateLimiting has no clock but the machine's.</remarks>
internal sealed class KeyLimits(int requestsPerMinute, TimeProvider time, IReadOnlyDictionary<string, int>? named = null)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();

    private readonly Dictionary<string, (int Most, KeyDigest Entry)> _named =
        (named ?? new Dictionary<string, int>()).ToDictionary(limit => limit.Key, limit => (limit.Value, KeyDigest.Of(limit.Key)), StringComparer.OrdinalIgnoreCase);

    // When the requests of a key so far, evenly spread, would be over: the further ahead, the less it may still ask.
    private readonly Dictionary<KeyDigest, TimeSpan> _busyUntil = [];
    private readonly long _start = time.GetTimestamp();

    /// <summary>Counts a request.</summary>
    /// <returns>The refusal, 429, when it is one too many; else null.</returns>
    public ApiException? Count(KnownKey known)
    {
        (int Most, KeyDigest Key) limit = default;
        var isOfName = known.Name is { } name && _named.TryGetValue(name, out limit);
        var (most, key) = isOfName ? limit : (requestsPerMinute, known.Digest);
        if (most == 0)
        {
            return null;
        }

        var now = time.GetElapsedTime(_start);
        var step = Minute / most;
        TimeSpan wait;
        lock (_gate)
        {
            var busyUntil = _busyUntil.GetValueOrDefault(key);
            if (busyUntil < now)
            {
                busyUntil = now;
            }

            wait = busyUntil + step - (now + Minute);
            if (wait <= TimeSpan.Zero)
            {
                _busyUntil[key] = busyUntil + step;
                Forget(now);
            }
        }

        return wait <= TimeSpan.Zero ? null : isOfName ? ApiException.TooManyRequestsOfName(most, wait) : ApiException.TooManyRequests(most, wait);
    }

    // Keys that were rotated away.
    private void Forget(TimeSpan now)
    {
        const int Many = 64;
        if (_busyUntil.Count <= Many)
        {
            return;
        }

        foreach (var idle in _busyUntil.Where(entry => entry.Value <= now).ToList())
        {
            _busyUntil.Remove(idle.Key);
        }
    }
}
