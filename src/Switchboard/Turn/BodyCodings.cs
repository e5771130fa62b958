using System.Buffers;
using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Turn;

/// <summary>
/// Undoes the <c>Content-Encoding</c> of a body that has come whole: D-ID sends its requests compressed. Each coding is undone on its own and no
/// further than the limit, so that whatever was packed into whatever costs no more than the largest body.
/// </summary>
/// <remarks>https://www.rfc-editor.org/rfc/rfc9110#section-8.4; that <c>deflate</c> comes without its wrapper too is said in 8.4.1.2</remarks>
internal static class BodyCodings
{
    /// <summary>What is understood, as a header says it.</summary>
    public const string Accepted = "gzip, br, deflate";

    /// <summary>The most codings in a row.</summary>
    public const int Most = 3;

    private const int PieceLength = 16 * 1024;

    /// <summary>Reads the header: the codings in the order in which they were applied.</summary>
    /// <exception cref="ApiException">415: one is unknown, or there are too many.</exception>
    public static IReadOnlyList<string> Read(StringValues header)
    {
        if (header.Count == 0)
        {
            return [];
        }

        string[] codings = [.. header
            .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(coding => coding.ToLowerInvariant())
            .Where(coding => coding is not "identity")
            .Take(Most + 1)];
        return codings.Length <= Most && codings.All(coding => coding is "gzip" or "x-gzip" or "br" or "deflate") ? codings : throw ApiException.UnsupportedEncoding();
    }

    /// <param name="body">The body, whole.</param>
    /// <param name="codings">What <see cref="Read"/> gave.</param>
    /// <param name="maxBytes">The most that may come of it, at each step.</param>
    /// <param name="hold">Told of each piece that takes memory.</param>
    /// <exception cref="ApiException">400: it is not what the header says; 413: it is too large.</exception>
    public static ReadOnlyMemory<byte> Undo(ReadOnlyMemory<byte> body, IReadOnlyList<string> codings, long maxBytes, Action<long> hold)
    {
        foreach (var coding in codings.Reverse())
        {
            body = Undo(body, coding, maxBytes, hold);
        }

        return body;
    }

    private static ReadOnlyMemory<byte> Undo(ReadOnlyMemory<byte> packed, string coding, long maxBytes, Action<long> hold)
    {
        var unpacked = new ArrayBufferWriter<byte>();
        try
        {
            var isWhole = coding is "br" ? Brotli(packed.Span, Take) : Deflated(packed, coding, Take);
            return isWhole ? unpacked.WrittenMemory : throw ApiException.InvalidJson($"The body is not what 'Content-Encoding: {coding}' says: its data is cut off, or something follows it.");
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            throw ApiException.InvalidJson($"The body is not what 'Content-Encoding: {coding}' says: its data is corrupt.");
        }

        void Take(ReadOnlySpan<byte> piece)
        {
            if (unpacked.WrittenCount + piece.Length > maxBytes)
            {
                throw ApiException.RequestTooLarge(maxBytes);
            }

            hold(piece.Length);
            unpacked.Write(piece);
        }
    }

    private static bool Brotli(ReadOnlySpan<byte> packed, SpanAction take)
    {
        using var decoder = new BrotliDecoder();
        var piece = new byte[PieceLength];
        while (true)
        {
            var status = decoder.Decompress(packed, piece, out var read, out var written);
            packed = packed[read..];
            take(piece.AsSpan(0, written));
            switch (status)
            {
                case OperationStatus.Done:
                    return packed.IsEmpty;
                case OperationStatus.NeedMoreData:
                    return false;
                case OperationStatus.InvalidData:
                    throw new InvalidDataException();
            }
        }
    }

    private static bool Deflated(ReadOnlyMemory<byte> packed, string coding, SpanAction take)
    {
        var source = new PackedStream(packed);
        using Stream inflated = coding is not "deflate" ? new GZipStream(source, CompressionMode.Decompress)
            : HasZlibHeader(packed.Span) ? new ZLibStream(source, CompressionMode.Decompress)
            : new DeflateStream(source, CompressionMode.Decompress);
        var piece = new byte[PieceLength];
        for (int length; (length = inflated.Read(piece)) > 0;)
        {
            take(piece.AsSpan(0, length));
        }

        // Behind the end of gzip another member may follow, so one look is taken there, and no more.
        return source.IsAtEnd && source.ReadsBeyond == (coding is "deflate" ? 0 : 1);
    }

    // https://www.rfc-editor.org/rfc/rfc1950#page-5: deflate with a window of 32 KiB at most, and a sum that is a multiple of 31. What is raw begins otherwise.
    private static bool HasZlibHeader(ReadOnlySpan<byte> packed) =>
        packed is [var method, var flags, ..] && (method & 0x0F) == 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 == 0;

    private delegate void SpanAction(ReadOnlySpan<byte> piece);

    /// <summary>
    /// What is packed, its last bytes one by one. The streams that unpack it do not say whether they came to an end, nor where; by what they
    /// have read, and whether they wanted more, it can be told.
    /// </summary>
    private sealed class PackedStream(ReadOnlyMemory<byte> packed) : ReadingStream
    {
        private const int SingleBytes = 64;

        // Ends no gzip: at the end of one stands the highest byte of a length that is no longer than the limit.
        private const byte Beyond = 0xFF;

        private int _position;

        public bool IsAtEnd => _position == packed.Length;

        public int ReadsBeyond { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty)
            {
                return 0;
            }

            if (IsAtEnd)
            {
                buffer[0] = Beyond;
                return ++ReadsBeyond == 1 ? 1 : 0;
            }

            var length = Math.Min(buffer.Length, Math.Max(packed.Length - SingleBytes - _position, 1));
            packed.Span.Slice(_position, length).CopyTo(buffer);
            _position += length;
            return length;
        }
    }
}
