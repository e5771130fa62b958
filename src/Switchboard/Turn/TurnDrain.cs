using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Memory;

namespace Switchboard.Turn;

/// <summary>
/// Knows the turns that run, and lets them end before the app stops: from the first word of a stop no turn is begun, those that run have
/// <see cref="LimitsOptions.Drain"/>, and what then still runs is told that its time is over and ends as after a stall. Tools that a turn has begun have the same time, also
/// where its caller has left: half a booking is worse than none.
/// </summary>
/// <remarks>
/// The wait is in <see cref="StoppingAsync"/>, before any service stops: only so the server still listens, and who asks for a turn gets an answer that
/// names another time instead of a closed door. Added before the other services, since hosts begin with the last one: what they do at the first word of
/// a stop must not wait for this.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Its sources have no timer and no parent, so they need no disposal; a turn may look at its token when the app has gone.")]
internal sealed partial class TurnDrain(LimitsOptions limits, CallMemory memory, IOptions<HostOptions> host, TimeProvider time, ILogger<TurnDrain> logger) : IHostedLifecycleService
{
    /// <summary>What the stop of an app may take beside the drain: clients that take their last words, the server, the last transcripts.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private volatile bool _isStopping;
    private int _open;

    /// <summary>Is cancelled when the app is told to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Is cancelled when the turns that still run have to end.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Whether the app was told to stop.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Makes a place for a turn, to be entered when it begins and disposed when all of it is over.</summary>
    public Place Take() => new(this);

    /// <exception cref="ApiException">503: the app is stopping.</exception>
    public void EnsureOpen()
    {
        if (_isStopping)
        {
            throw ApiException.Stopping();
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        int open;
        lock (_gate)
        {
            open = _open;
            _isStopping = true;
            EndWhenEmpty();
        }

        await _stopping.CancelAsync();
        var most = SettingTime.Show(limits.Drain);
        Begins(logger, open, memory.Runs.Count, most);
        var begun = time.GetTimestamp();
        var isInTime = await EndsAsync(_empty.Task, limits.Drain, cancellationToken);
        var ended = isInTime ? 0 : _open;
        if (!isInTime)
        {
            await _over.CancelAsync();
            await EndsAsync(_empty.Task, Timeout.InfiniteTimeSpan, cancellationToken);
        }

        var left = _open;
        // Only turns begin others.
        var tools = memory.Runs;
        var rest = limits.Drain - time.GetElapsedTime(begun);
        if (rest > TimeSpan.Zero)
        {
            await EndsAsync(Task.WhenAll(tools), rest, cancellationToken);
        }

        var cut = tools.Count(tool => !tool.IsCompleted);
        Ended(logger, ended > 0 || cut > 0 ? LogLevel.Warning : LogLevel.Information, open, open - ended, ended, left, cut);
    }

    // The host waits for the turns, and then for as long again as their clients, the server and the transcripts may need; unless a shell has less time.
    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken)
    {
        if (host.Value.ShutdownTimeout == new HostOptions().ShutdownTimeout)
        {
            host.Value.ShutdownTimeout = limits.Drain + Rest;
        }

        return Task.CompletedTask;
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Whether it has come by then; the host may have less patience.
    private async Task<bool> EndsAsync(Task end, TimeSpan wait, CancellationToken cancellationToken)
    {
        await end.WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end.IsCompleted;
    }

    private void Enter()
    {
        lock (_gate)
        {
            // Here again: between the question and this lay the reading of the body.
            EnsureOpen();
            _open++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _open--;
            EndWhenEmpty();
        }
    }

    private void EndWhenEmpty()
    {
        if (_open == 0 && _isStopping)
        {
            _empty.TrySetResult();
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Information, Message =
        "The app is told to stop: new turns are refused with 503, and those that are open ({Open}), and tools that run ({Tools}), have up to {Drain} to end")]
    private static partial void Begins(ILogger logger, int open, int tools, LogText drain);

    [LoggerMessage(EventId = 121, Message =
        "The turns are over: of {Open} that were open at the stop {InTime} came to their own end, {Ended} were ended for want of time, and {Left} of those have not taken their end; {Tools} tools were still running")]
    private static partial void Ended(ILogger logger, LogLevel level, int open, int inTime, int ended, int left, int tools);

    /// <summary>The place of one turn.</summary>
    /// <param name="drain">Where it is counted.</param>
    internal sealed class Place(TurnDrain drain) : IDisposable
    {
        private bool _isEntered;

        /// <summary>Whether the turn was told to end, or came too late to begin.</summary>
        public bool IsOver => _isEntered ? drain._over.IsCancellationRequested : drain._isStopping;

        /// <exception cref="ApiException">503: the app is stopping.</exception>
        public void Enter()
        {
            drain.Enter();
            _isEntered = true;
        }

        public void Dispose()
        {
            if (_isEntered)
            {
                _isEntered = false;
                drain.Leave();
            }
        }
    }
}
