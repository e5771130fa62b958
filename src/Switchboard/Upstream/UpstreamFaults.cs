using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>Names what went wrong while asking one upstream.</summary>
/// <param name="upstream">The upstream's host, as its log lines have it.</param>
/// <param name="time">For a <c>Retry-After</c> that is a date.</param>
internal sealed class UpstreamFaults(string upstream, TimeProvider time)
{
    /// <summary>Whether reading a body may end so: the connection, the packing or what was packed is at fault, not we.</summary>
    public static bool IsOfBody(Exception fault) =>
        fault is IOException or HttpRequestException or OperationCanceledException or JsonException or InvalidDataException or EventTooLargeException
        // What the stream of Brotli has for data that is none.
        || fault is InvalidOperationException and not ObjectDisposedException;

    public UpstreamException Of(UpstreamFailure failure, Exception? cause = null) => new(failure, upstream, cause);

    /// <summary>A fault before the headers of the answer.</summary>
    public UpstreamException OfRequest(Exception cause) => cause switch
    {
        // Nobody asked for it, so it is the handler's ConnectTimeout.
        OperationCanceledException => Of(UpstreamFailure.Timeout, cause),
        _ => Of(UpstreamFailure.Connect, cause),
    };

    /// <summary>A fault inside the body of the answer.</summary>
    public UpstreamException OfBody(Exception cause) => cause switch
    {
        EventTooLargeException => Of(UpstreamFailure.TooLarge, cause),
        JsonException or InvalidDataException or InvalidOperationException => Of(UpstreamFailure.Malformed, cause),
        _ => Of(UpstreamFailure.Truncated, cause),
    };

    /// <summary>An answer whose status is no success.</summary>
    public UpstreamException OfStatus(HttpResponseMessage response, ErrorReport report)
    {
        var retryAfter = response.Headers.RetryAfter;
        var wait = retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow());
        return new UpstreamException(UpstreamFailure.Status, upstream)
        {
            Status = (int)response.StatusCode,
            RetryAfter = wait < TimeSpan.Zero ? TimeSpan.Zero : wait,
            Report = report,
        };
    }

    public UpstreamException OfReport(ErrorReport report) =>
        new(UpstreamFailure.ErrorEvent, upstream) { Status = report.Status, Report = report };
}
