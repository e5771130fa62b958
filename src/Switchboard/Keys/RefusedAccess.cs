using System.Collections.Concurrent;
using System.Diagnostics;
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
    // Each name is configured, so there are few.
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.OrdinalIgnoreCase);

    public RefusedAccess(IMeterFactory meters, TimeProvider time, ILogger<RefusedAccess> logger)
    {
        _counter = meters.Create(SwitchboardSource.Name).CreateCounter<long>(
            "switchboard.access.refused", "{request}", "Requests that were refused, by the code of their error.");
        _window = new RefreshWindow(Interval, time);
        _logger = logger;
    }

    /// <param name="refusal">What the client is told.</param>
    /// <param name="key">With which key it came, in words; one that was accepted, and only asks too much, is named.</param>
    /// <param name="name">The key's name; null where it is not known.</param>
    public void Report(ApiException refusal, string key, string? name)
    {
        var tags = new TagList { { "error.type", refusal.Code } };
        if (name is not null)
        {
            tags.Add("key", name);
            _known.TryAdd(name, true);
        }

        _counter.Add(1, tags);
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
            string[] known = [.. _known.Keys.Order(StringComparer.Ordinal)];
            foreach (var told in known)
            {
                _known.TryRemove(told, out _);
            }

            var names = known is [] ? "none" : string.Join(", ", known);
            Summary(_logger, rejected, unavailable, limited, names);
        }
    }

    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message =
        "Requests were refused: {Rejected} with a missing or wrong key, {Unavailable} because no keys are loaded, {Limited} over the requests a minute of their key; keys that have a name: {Known}. This line comes at most once a minute and counts all since the last one")]
    private static partial void Summary(ILogger logger, long rejected, long unavailable, long limited, LogText known);

    [LoggerMessage(EventId = 321, Level = LogLevel.Debug, Message = "A request was refused ({Error}); it came with {Key}")]
    private static partial void Refused(ILogger logger, LogText key, LogText error);
}
