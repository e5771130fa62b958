using System.Buffers;

namespace Switchboard.Upstream;

/// <summary>
/// What may come after the end of an answer: the end of the HTTP body, often a packet later. Without it the connection could not be
/// used again, and the next turn would wait for a new one. The turn does not wait for this.
/// </summary>
internal static class ResponseTail
{
    private const int MaxBytes = 16 * 1024;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    /// <summary>Reads to the end of the body, within bounds, and disposes the response.</summary>
    public static async Task ReadAsync(HttpResponseMessage response, Stream body, TimeProvider time)
    {
        using var timeout = new CancellationTokenSource(MaxWait, time);
        var buffer = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            var total = 0;
            while (total < MaxBytes && await body.ReadAsync(buffer, timeout.Token) is > 0 and var count)
            {
                total += count;
            }
        }
        catch (Exception fault) when (UpstreamFaults.IsOfBody(fault))
        {
            // The answer is whole; only its connection is lost.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            response.Dispose();
        }
    }
}
