using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Switchboard.Settings;
using Switchboard.Wire;

namespace Switchboard.Endpoints;

/// <summary>Admits so many turns at once. Flex Consumption ignores the limits of host.json, so admission is ours.</summary>
internal sealed class TurnLimits(IOptions<SwitchboardOptions> options) : IDisposable
{
    private readonly int _limit = options.Value.Limits.MaxConcurrentTurns;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.Limits.MaxConcurrentTurns,
        QueueLimit = 0,
    });

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

    public void Dispose() => _limiter.Dispose();
}
