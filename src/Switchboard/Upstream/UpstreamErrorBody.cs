using System.Buffers;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>The body of an answer whose status is no success. It is waited for a moment only: somebody else may have to be asked.</summary>
internal static class UpstreamErrorBody
{
    /// <summary>How much of it is read, unpacked.</summary>
    public const int MaxBytes = 4096;

    /// <summary>How long it is waited for.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    /// <summary>Reads it, and disposes the response; of one that was read its headers stay.</summary>
    /// <returns>What it says that may be told, and all of it; of a body that comes too late, is no JSON or breaks off, what came before.</returns>
    public static async Task<(ErrorReport Report, byte[] Text)> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(MaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        var report = new ErrorReport();
        var total = 0;
        byte[] text;
        Stream? read = null;
        try
        {
            var body = await response.Content.ReadAsStreamAsync(either.Token);
            var isOver = false;
            while (!isOver && total < MaxBytes)
            {
                var count = await body.ReadAsync(buffer.AsMemory(total, MaxBytes - total), either.Token);
                total += count;
                report = ErrorReport.ReadBody(buffer.AsSpan(0, total), out isOver);
                isOver |= count == 0;
            }

            read = isOver ? body : null;
        }
        catch (Exception failure) when (UpstreamFailures.IsOfBody(failure))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            text = buffer[..total];
            ArrayPool<byte>.Shared.Return(buffer);
            if (read is null)
            {
                response.Dispose();
            }
            else
            {
                // The next turn may have its connection.
                _ = ResponseTail.ReadAsync(response, read, time);
            }
        }

        return (report, text);
    }
}

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
        catch (Exception failure) when (UpstreamFailures.IsOfBody(failure))
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
