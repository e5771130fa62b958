using Azure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>Deletes calls whose time is over: the table service has no expiry of its own. Every instance does, and none minds the others.</summary>
internal sealed class TranscriptSweep(CallEraser eraser, TranscriptsOptions options, TimeProvider time, ILogger<TranscriptSweep> logger) : BackgroundService
{
    /// <summary>The time to the first sweep, which must not weigh on a start, and to the next one when there is more to delete.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>The most calls that one sweep deletes.</summary>
    public const int MaxCalls = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = Soon; options.RetentionDays > 0;)
        {
            await Task.Delay(pause, time, stoppingToken);
            pause = await SweepAsync(stoppingToken) < MaxCalls ? Interval : Soon;
        }
    }

    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var firstKept = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-options.RetentionDays);
        try
        {
            var deleted = await eraser.EraseBeforeAsync(firstKept, MaxCalls, cancellationToken);
            if (deleted > 0)
            {
                var day = TableKey.Of(firstKept);
                TranscriptLog.Swept(logger, deleted, day);
            }

            return deleted;
        }
        catch (RequestFailedException fault) when (TranscriptTables.AreMissing(fault))
        {
            return 0;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // The next sweep goes on.
            var isOutage = TranscriptTables.IsOutage(fault);
            var described = isOutage ? FaultText.Describe(fault) : FaultText.DescribeWithStack(fault);
            (isOutage ? (Action<ILogger, FaultText>)TranscriptLog.NotSwept : TranscriptLog.SweepFailed)(logger, described);

            return 0;
        }
    }
}
