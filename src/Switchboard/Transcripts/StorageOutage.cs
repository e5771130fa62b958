using System.Net;
using Azure;

namespace Switchboard.Transcripts;

/// <summary>
/// Tries again for as long as it takes what may succeed later: an outage is waited out, and the queue's bounds are the limit. The first that succeeds ends the pauses of all: what waits
/// must not wait until each has found out by itself, or a stop soon after an outage would lose it.
/// </summary>
internal sealed class StorageOutage(TimeProvider time, TranscriptReport report)
{
    private TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="Exception">What never succeeds; or anything, when it was given up.</exception>
    public async Task TryAsync(TranscriptRetry retry, Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        var isWoken = false;
        for (var failures = 0; ; failures++)
        {
            // Before the attempt: another may succeed while this one fails.
            var end = Volatile.Read(ref _end).Task;
            try
            {
                await attempt(cancellationToken);
                Interlocked.Exchange(ref _end, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                return;
            }
            catch (Exception failure) when (MaySucceedLater(failure) && !cancellationToken.IsCancellationRequested)
            {
                // Where another has succeeded meanwhile, it is the last of an outage that is over, and not the first of a new one.
                if (!end.IsCompleted)
                {
                    report.FailedFor(failure);
                }
            }

            // What fails by itself, while others succeed, waits its time every other time.
            var pause = isWoken ? Task.Delay(retry.Pause(failures), time, cancellationToken) : end.WaitAsync(retry.Pause(failures), time, cancellationToken);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            isWoken = !isWoken && end.IsCompleted;
        }
    }

    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes</remarks>
    private static bool MaySucceedLater(Exception failure) => failure switch
    {
        // Also 401 and 403: a role that was just given takes minutes to count.
        RequestFailedException { Status: >= 400 and < 500 } answer => (HttpStatusCode)answer.Status
            is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.RequestTimeout
            or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.TooManyRequests,
        AggregateException several => several.InnerExceptions.All(MaySucceedLater),
        _ => TranscriptTables.IsOutage(failure),
    };
}

/// <summary>How long an attempt waits for the next.</summary>
/// <param name="First">The pause after the first failure; it doubles with each, and is randomised.</param>
/// <param name="Longest">The longest pause.</param>
internal sealed record TranscriptRetry(TimeSpan First, TimeSpan Longest)
{
    // Doubled so often, any is longer than the longest.
    private const int MaxDoublings = 20;

    public static readonly TranscriptRetry Default = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20));

    /// <summary>While the app stops.</summary>
    public static readonly TranscriptRetry Hurried = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500));

    /// <param name="failures">How many attempts have failed before the last one.</param>
    public TimeSpan Pause(int failures)
    {
        var longest = Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, Math.Min(failures, MaxDoublings)));
        return TimeSpan.FromTicks((long)(longest * (1 + Random.Shared.NextDouble()) / 2));
    }
}
