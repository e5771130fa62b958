using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Vault;

namespace Switchboard.Keys;

/// <summary>What is loaded from one secret. A refresh that fails leaves the last good state in force.</summary>
/// <param name="secret">The secret's name.</param>
internal abstract class VaultLoad(string secret)
{
    private volatile VaultStatus _status = new();

    public string Secret => secret;

    public VaultStatus Status => _status;

    /// <summary>Loads anew. Only <paramref name="stopping"/> ends it with an exception; all else becomes the status and a line in the log.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where a failure is told.</param>
    /// <param name="stopping">The app stops.</param>
    /// <param name="deadline">The refresh takes too long.</param>
    public async Task RefreshAsync(VaultReader vault, TimeProvider time, ILogger logger, CancellationToken stopping, CancellationToken deadline)
    {
        try
        {
            await LoadAsync(vault, deadline);
            _status = new VaultStatus(time.GetUtcNow());
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            // Whatever a vault answers must not end the refreshing.
            _status = _status with { Fault = VaultFault.From(fault, time) };
            Report(fault, time, logger);
        }
    }

    /// <summary>Whether what was loaded has been without a refresh for so long that it no longer counts.</summary>
    protected virtual bool HasLapsed => false;

    protected abstract Task LoadAsync(VaultReader vault, CancellationToken cancellationToken);

    private void Report(Exception fault, TimeProvider time, ILogger logger)
    {
        var reason = _status.Fault!.Reason;
        if (VaultFault.IsOfThisApp(fault))
        {
            var stack = FaultText.DescribeWithStack(fault);
            AccessLog.ReadingFailed(logger, secret, stack);
        }

        if (HasLapsed)
        {
            AccessLog.Lapsed(logger, secret, _status.Age(time.GetUtcNow()), reason, FaultText.Describe(fault));
        }
        else if (_status.Age(time.GetUtcNow()) is { } age)
        {
            AccessLog.Stale(logger, secret, reason, age, FaultText.Describe(fault));
        }
        else
        {
            AccessLog.NeverLoaded(logger, secret, reason, FaultText.Describe(fault));
        }
    }
}
