using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Http;

/// <summary>
/// Notes who was refused the transcripts: at most one line in so long, with how many there were since the last, or strangers would fill the
/// log. The first refusal is noted at once.
/// </summary>
internal sealed class OperatorRefusals(TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly RefreshWindow _window = new(Interval, time);
    private long _count;

    public void Add(string key, string request)
    {
        Interlocked.Increment(ref _count);
        if (_window.TryPass())
        {
            var count = Interlocked.Exchange(ref _count, 0);
            OperatorLog.Refused(logger, key, request, count);
        }
    }
}
