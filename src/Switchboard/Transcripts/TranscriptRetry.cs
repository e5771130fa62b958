using System.Net;
using Azure;
using Polly;
using Polly.Retry;

namespace Switchboard.Transcripts;

/// <summary>Tries again for as long as it takes what may succeed later: an outage is waited out, and the queue's bounds are the limit.</summary>
/// <param name="First">The pause after the first failure; it doubles with each, and is randomised.</param>
/// <param name="Longest">The longest pause.</param>
internal sealed record TranscriptRetry(TimeSpan First, TimeSpan Longest)
{
    public static readonly TranscriptRetry Default = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(20));

    /// <summary>While the app stops.</summary>
    public static readonly TranscriptRetry Hurried = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500));

    public ResiliencePipeline Build(TimeProvider time, TranscriptReport report) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is { } fault && MaySucceedLater(fault) && !attempt.Context.CancellationToken.IsCancellationRequested),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = First,
            MaxDelay = Longest,
            OnRetry = attempt =>
            {
                report.FailedFor(attempt.Outcome.Exception!);
                return default;
            },
        })
        .Build();

    /// <remarks>https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes</remarks>
    private static bool MaySucceedLater(Exception fault) => fault switch
    {
        // Also 401 and 403: a role that was just given takes minutes to count.
        RequestFailedException { Status: >= 400 and < 500 } answer => (HttpStatusCode)answer.Status
            is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.RequestTimeout
            or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed or HttpStatusCode.TooManyRequests,
        AggregateException several => several.InnerExceptions.All(MaySucceedLater),
        _ => TranscriptTables.IsOutage(fault),
    };
}
