using System.Text;

namespace Benchmarks.Gateways;

/// <summary>Reads the events of one answer and holds every token against what was asked for.</summary>
internal sealed class TokenCheck(Ask ask)
{
    private readonly byte[] _line = new byte[4096];
    private int _length;
    private bool _isFinished;
    private bool _isDone;

    /// <summary>How many tokens came so far.</summary>
    public int Tokens { get; private set; }

    /// <exception cref="InvalidOperationException">A token is missing, out of order or altered.</exception>
    public void Read(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'\n');
            var part = end < 0 ? body : body[..end];
            part.CopyTo(_line.AsSpan(_length));
            _length += part.Length;
            if (end < 0)
            {
                return;
            }

            ReadLine(_line.AsSpan(0, _length));
            _length = 0;
            body = body[(end + 1)..];
        }
    }

    /// <exception cref="InvalidOperationException">The answer is not whole.</exception>
    public void End()
    {
        if (Tokens != ask.Tokens || !_isFinished || !_isDone)
        {
            throw new InvalidOperationException($"Stream {ask.Stream} ended after {Tokens} of {ask.Tokens} tokens.");
        }
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] == (byte)':')
        {
            return;
        }

        _isDone |= line.SequenceEqual("data: [DONE]"u8);
        _isFinished |= line.IndexOf("\"finish_reason\":\"stop\""u8) >= 0;
        var mark = "\"content\":\""u8;
        var start = line.IndexOf(mark);
        if (start < 0)
        {
            if (!_isDone && !_isFinished)
            {
                throw new InvalidOperationException($"Stream {ask.Stream} has an unexpected line: {Encoding.UTF8.GetString(line)}");
            }

            return;
        }

        var content = line[(start + mark.Length)..];
        content = content[..content.IndexOf((byte)'"')];
        if (!content.IsEmpty)
        {
            ReadToken(content);
        }
    }

    private void ReadToken(ReadOnlySpan<byte> content)
    {
        Span<byte> expected = stackalloc byte[Ask.MaxTokenBytes];
        expected = expected[..ask.Write(Tokens, expected)];
        Tokens += content.SequenceEqual(expected)
            ? 1
            : throw new InvalidOperationException($"Stream {ask.Stream} has '{Encoding.UTF8.GetString(content)}' for token {Tokens}.");
    }
}
