using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace FunctionsApp;

/// <summary>
/// The host tells of an invocation on one connection and sends its request on another. Where the request never comes, because its client was gone
/// first or sent what cannot be forwarded, the worker's steps throw, and host and worker would log a failed invocation with its stack: anybody could
/// fill the log with a few bytes a line. Nobody is there to be answered, so it is counted, and told once a minute.
/// </summary>
public sealed partial class LostRequests(TimeProvider time, ILogger<LostRequests> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>The least time between two lines.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly RefreshWindow _window = new(Interval, time);
    private long _lost;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException && context.GetHttpContext() is null)
        {
            Count();
        }
    }

    private void Count()
    {
        Interlocked.Increment(ref _lost);
        if (_window.TryPass())
        {
            var lost = Interlocked.Exchange(ref _lost, 0);
            Lost(logger, lost);
        }
    }

    [LoggerMessage(EventId = 600, Level = LogLevel.Warning, Message =
        "{Count} requests broke off before the Functions host had sent them to this app. This line comes at most once a minute and counts all since the last one")]
    private static partial void Lost(ILogger logger, long count);
}
