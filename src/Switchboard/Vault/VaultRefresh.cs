using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Vault;

/// <summary>
/// Keeps what comes from the key vault current: loads it at start without holding the start up, then every
/// <see cref="KeyVaultOptions.RefreshInterval"/>, sooner after a failure, and early for an unknown key.
/// </summary>
internal sealed class VaultRefresh(
    VaultReader vault, VaultLoads loads, KeyVaultOptions options, TimeProvider time, ILogger<VaultRefresh> logger) : BackgroundService
{
    /// <summary>The longest that a refresh may take: one that hangs must end for the next one to come.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>The least time between early refreshes, and the first pause after a failure.</summary>
    public static readonly TimeSpan EarlyInterval = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a request with an unknown key waits for an early refresh.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RefreshWindow _early = new(EarlyInterval, time);
    private Task _current = Task.CompletedTask;
    private TimeSpan _pause = options.RefreshInterval;
    private TimeSpan _backoff = EarlyInterval;

    /// <summary>When an unknown key may trigger a refresh again.</summary>
    public TimeSpan NextEarly => _early.Remaining;

    /// <summary>
    /// Waits for a refresh that is under way, or for one that starts now; at most <see cref="MaxWait"/>, and not at all
    /// while the last early one is too recent.
    /// </summary>
    public async ValueTask RefreshEarlyAsync(CancellationToken cancellationToken)
    {
        if (JoinOrStart(isEarly: true) is { IsCompleted: false } refresh)
        {
            try
            {
                await refresh.WaitAsync(MaxWait, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The refresh goes on; the keys of now decide.
            }
        }
    }

    /// <summary>Has one more secret kept current from now on, and loads it at once; waits for that, but no longer than <see cref="MaxWait"/>.</summary>
    public async Task AddAsync(VaultLoad load)
    {
        loads.Add(load);
        await LoadNowAsync(load);
    }

    /// <summary>Loads the secrets at once that were named since the last refresh; waits for that, but no longer than <see cref="MaxWait"/>.</summary>
    public Task LoadNewAsync() => loads.Secrets.Where(secret => secret.Status is { LoadedAt: null, Failure: null }).ToArray() is { Length: > 0 } named ? LoadNowAsync(named) : Task.CompletedTask;

    private async Task LoadNowAsync(params VaultLoad[] current)
    {
        try
        {
            await Task.Run(() => LoadAsync(current)).WaitAsync(MaxWait, time);
        }
        catch (TimeoutException)
        {
            // It goes on, and comes again with the others.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Cancel();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await JoinOrStart(isEarly: false);
            await Task.Delay(_pause, time, stoppingToken);
        }
    }

    private Task JoinOrStart(bool isEarly)
    {
        lock (_gate)
        {
            if (_current.IsCompleted && (!isEarly || _early.TryPass()))
            {
                _current = Task.Run(RefreshAsync);
            }

            return _current;
        }
    }

    private Task RefreshAsync() => LoadAsync([.. loads.All], PlanNext);

    private async Task LoadAsync(VaultLoad[] current, Action<VaultFailure[]>? then = null)
    {
        using var timeout = new CancellationTokenSource(Deadline, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            await Task.WhenAll(current.Select(load => load.RefreshAsync(vault, time, logger, _stopping.Token, deadline.Token)));
            then?.Invoke([.. current.Select(load => load.Status.Failure).OfType<VaultFailure>()]);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // The app stops; nobody needs keys any more.
        }
    }

    private void PlanNext(VaultFailure[] failures)
    {
        if (failures.Length == 0)
        {
            _pause = options.RefreshInterval;
            _backoff = EarlyInterval;
            return;
        }

        // Not longer than the interval: a vault, or what stands in its place, must not put us off for hours.
        var asked = Shorter(failures.Max(failure => failure.RetryAfter) ?? TimeSpan.Zero, options.RefreshInterval);
        _early.CloseFor(asked);
        _pause = Shorter(asked > _backoff ? asked : _backoff, options.RefreshInterval);
        _backoff = Shorter(_backoff * 2, options.RefreshInterval);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
