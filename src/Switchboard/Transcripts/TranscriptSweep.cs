using Azure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>Deletes calls whose time is over: the table service has no expiry of its own. Every instance does, and none minds the others.</summary>
internal sealed partial class TranscriptSweep(CallEraser eraser, TranscriptsOptions options, TimeProvider time, ILogger<TranscriptSweep> logger) : BackgroundService
{
    /// <summary>The time to the first sweep, which must not weigh on a start, and to the next one when there is more to delete.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The most calls that one sweep deletes.</summary>
    public const int MaxCalls = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = Soon; ;)
        {
            await Task.Delay(pause, time, stoppingToken);
            pause = await SweepAsync(stoppingToken) < MaxCalls ? Interval : Soon;
        }
    }

    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var firstKept = today.AddDays(-options.RetentionDays);
        try
        {
            // Of calls that end after midnight what tools have found is still of use.
            await eraser.EraseRunsBeforeAsync(today.AddDays(-1), MaxCalls, cancellationToken);
            if (options.RetentionDays == 0)
            {
                return 0;
            }

            var deleted = await eraser.EraseBeforeAsync(firstKept, MaxCalls, cancellationToken);
            if (deleted > 0)
            {
                var day = TableKey.Of(firstKept);
                LogSwept(logger, deleted, day);
            }

            return deleted;
        }
        catch (RequestFailedException failure) when (TranscriptTables.AreMissing(failure))
        {
            return 0;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The next sweep goes on.
            if (TranscriptTables.IsOutage(failure))
            {
                var outage = FailureText.Describe(failure);
                LogNotSwept(logger, outage);
            }
            else
            {
                var described = FailureText.DescribeWithStack(failure);
                LogSweepFailed(logger, described);
            }

            return 0;
        }
    }

    [LoggerMessage(EventId = 510, Level = LogLevel.Information, Message = "Retention: {Count} calls that began before {Day} were deleted")]
    private static partial void LogSwept(ILogger logger, int count, LogText day);

    [LoggerMessage(EventId = 511, Level = LogLevel.Warning, Message = "Retention: old calls could not be deleted; the next sweep tries again: {Failure}")]
    private static partial void LogNotSwept(ILogger logger, FailureText failure);

    [LoggerMessage(EventId = 512, Level = LogLevel.Error, Message = "Retention: an error in this app ended the sweep, and old calls stay: {Failure}")]
    private static partial void LogSweepFailed(ILogger logger, FailureText failure);
}
