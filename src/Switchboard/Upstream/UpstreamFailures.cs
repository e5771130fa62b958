using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>Names what went wrong while asking one upstream.</summary>
/// <param name="upstream">The upstream's host, as its log lines have it.</param>
/// <param name="time">For a <c>Retry-After</c> that is a date.</param>
internal sealed class UpstreamFailures(string upstream, TimeProvider time)
{
    private readonly ResponderName _upstream = new(upstream, IsUpstream: true);

    /// <summary>Whether reading a body may end so: the connection, the packing or what was packed is at fault, not we.</summary>
    public static bool IsOfBody(Exception failure) =>
        failure is IOException or HttpRequestException or OperationCanceledException or JsonException or InvalidDataException or EventTooLargeException
        // What the stream of Brotli has for data that is none.
        || failure is InvalidOperationException and not ObjectDisposedException;

    public ResponderException Of(ResponderFailure failure, Exception? cause = null) => new(failure, _upstream, cause);

    /// <summary>A failure before the headers of the answer.</summary>
    public ResponderException OfRequest(Exception cause) => cause switch
    {
        // Nobody asked for it, so it is the handler's ConnectTimeout.
        OperationCanceledException => Of(ResponderFailure.Timeout, cause),
        _ => Of(ResponderFailure.Connect, cause),
    };

    /// <summary>A failure inside the body of the answer.</summary>
    public ResponderException OfBody(Exception cause) => cause switch
    {
        EventTooLargeException => Of(ResponderFailure.TooLarge, cause),
        JsonException or InvalidDataException or InvalidOperationException => Of(ResponderFailure.Malformed, cause),
        _ => Of(ResponderFailure.Truncated, cause),
    };

    /// <summary>An answer whose status is no success.</summary>
    public ResponderException OfStatus(HttpResponseMessage response, ErrorReport report)
    {
        var retryAfter = response.Headers.RetryAfter;
        var wait = retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow());
        return new ResponderException(ResponderFailure.Status, _upstream)
        {
            Status = (int)response.StatusCode,
            RetryAfter = wait < TimeSpan.Zero ? TimeSpan.Zero : wait,
            Report = report,
        };
    }

    public ResponderException OfReport(ErrorReport report) =>
        new(ResponderFailure.ErrorEvent, _upstream) { Status = report.Status, Report = report };

    /// <summary>An answer that ends with the finish reason that it failed.</summary>
    public ResponderException OfFinish(string? reason) => new(ResponderFailure.GivenUp, _upstream) { Report = ErrorReport.OfWord(reason) };
}
