using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Keys;

/// <summary>
/// Tells of requests that were refused for their key. Anybody can be refused as often as they like, so each one is counted, and the log says it once a minute.
/// </summary>
internal sealed partial class RefusedAccess
{
    /// <summary>The least time between two warnings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Counter<long> _counter;
    private readonly RefreshWindow _window;
    private readonly ILogger<RefusedAccess> _logger;
    private long _rejected;
    private long _unavailable;
    private long _limited;

    public RefusedAccess(IMeterFactory meters, TimeProvider time, ILogger<RefusedAccess> logger)
    {
        _counter = meters.Create(SwitchboardSource.Name).CreateCounter<long>(
            "switchboard.access.refused", "{request}", "Requests that were refused, by the code of their error.");
        _window = new RefreshWindow(Interval, time);
        _logger = logger;
    }

    /// <param name="refusal">What the client is told.</param>
    /// <param name="key">With which key it came, in words; one that was accepted, and only asks too much, is named.</param>
    public void Report(ApiException refusal, string key)
    {
        _counter.Add(1, new KeyValuePair<string, object?>("error.type", refusal.Code));
        Refused(_logger, key, refusal.Code);
        _ = refusal.Status switch
        {
            StatusCodes.Status401Unauthorized => Interlocked.Increment(ref _rejected),
            StatusCodes.Status429TooManyRequests => Interlocked.Increment(ref _limited),
            _ => Interlocked.Increment(ref _unavailable),
        };
        if (_window.TryPass())
        {
            var (rejected, unavailable, limited) = (Interlocked.Exchange(ref _rejected, 0), Interlocked.Exchange(ref _unavailable, 0), Interlocked.Exchange(ref _limited, 0));
            Summary(_logger, rejected, unavailable, limited);
        }
    }

    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message =
        "Requests were refused: {Rejected} with a missing or wrong key, {Unavailable} because no keys are loaded, {Limited} over Limits:RequestsPerMinute. This line comes at most once a minute and counts all since the last one")]
    private static partial void Summary(ILogger logger, long rejected, long unavailable, long limited);

    [LoggerMessage(EventId = 321, Level = LogLevel.Debug, Message = "A request was refused ({Error}); it came with {Key}")]
    private static partial void Refused(ILogger logger, LogText key, LogText error);
}
