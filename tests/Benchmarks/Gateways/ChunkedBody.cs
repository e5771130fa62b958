using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Benchmarks.Gateways;

/// <summary>Reads an HTTP/1.1 answer in chunks off a socket with next to no cost.</summary>
internal sealed class ChunkedBody(Socket socket)
{
    private static readonly byte[] NewLine = "\r\n"u8.ToArray();
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private int _left;

    /// <summary>Reads the head of the next answer.</summary>
    /// <exception cref="InvalidOperationException">It is no 200 in chunks.</exception>
    public async ValueTask ReadHeadAsync(CancellationToken cancellationToken)
    {
        var length = await FindAsync(EndOfHead, cancellationToken);
        var head = Encoding.ASCII.GetString(_buffer, _start, length);
        _start += length + EndOfHead.Length;
        _left = -1;
        if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || !head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"An unexpected answer: {head}");
        }
    }

    /// <summary>Reads on, to the end of a chunk at most.</summary>
    /// <returns>What came, good until the next call; empty at the end.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_left <= 0)
        {
            await StartChunkAsync(cancellationToken);
        }

        if (_left == 0)
        {
            await SkipLineAsync(cancellationToken);
            return default;
        }

        if (_start == _end)
        {
            await FillAsync(cancellationToken);
        }

        var piece = _buffer.AsMemory(_start, Math.Min(_left, _end - _start));
        _start += piece.Length;
        _left -= piece.Length;
        return piece;
    }

    private async ValueTask StartChunkAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
        {
            await SkipLineAsync(cancellationToken);
        }

        var length = await FindAsync(NewLine, cancellationToken);
        _left = int.Parse(_buffer.AsSpan(_start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _start += length + NewLine.Length;
    }

    private async ValueTask SkipLineAsync(CancellationToken cancellationToken)
    {
        // Not in one step: finding it may move the start.
        var length = await FindAsync(NewLine, cancellationToken);
        _start += length + NewLine.Length;
    }

    private async ValueTask<int> FindAsync(byte[] mark, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_start, _end - _start).IndexOf(mark);
            if (found >= 0)
            {
                return found;
            }

            await FillAsync(cancellationToken);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read > 0 ? read : throw new InvalidOperationException("The connection was closed inside an answer.");
    }
}
