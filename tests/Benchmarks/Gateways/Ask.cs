using System.Globalization;
using System.Text.Unicode;

namespace Benchmarks.Gateways;

/// <summary>What a stream asks of <see cref="CannedUpstream"/>, as the text of its message. No two of its tokens are the same, nor any of two streams.</summary>
internal sealed record Ask(int Stream, int Tokens, TimeSpan Pace)
{
    public const int MaxTokenBytes = 64;

    private const string Mark = "canned";

    /// <summary>The message that asks for this.</summary>
    public string Message => FormattableString.Invariant($"{Mark} {Stream} {Tokens} {Pace.TotalMilliseconds} end");

    /// <summary>Finds the message in a request.</summary>
    public static Ask Find(string request)
    {
        var fields = request[request.LastIndexOf(Mark, StringComparison.Ordinal)..].Split(' ');
        return new Ask(
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            TimeSpan.FromMilliseconds(double.Parse(fields[3], CultureInfo.InvariantCulture)));
    }

    /// <summary>Writes one token.</summary>
    /// <returns>Its length.</returns>
    public int Write(int token, Span<byte> bytes) =>
        Utf8.TryWrite(bytes, CultureInfo.InvariantCulture, $" für{Stream}-{token}", out var length) ? length : throw new ArgumentException("Too short.", nameof(bytes));
}
