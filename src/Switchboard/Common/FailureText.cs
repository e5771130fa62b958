using System.Diagnostics;
using System.Net.Sockets;
using ModelContextProtocol;

namespace Switchboard.Common;

/// <summary>
/// Why something failed, in a log line: like a <see cref="LogText"/>, but longer. An exception is described without its message, which
/// may quote what was said or a key: types from outside in, their codes, and the method that threw.
/// </summary>
internal readonly struct FailureText(string? text, int maxLength = FailureText.MaxLength)
{
    /// <summary>The longest that a failure stands in a log line, in UTF-16 characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>The same with its stack: of a call into Azure's SDK, two dozen frames stand above ours.</summary>
    public const int MaxStackLength = 16384;

    // Nobody reads further, and a chain may be as long as who made it likes.
    private const int MaxDepth = 10;

    public static implicit operator FailureText(string? text) => new(text);

    public static string Describe(Exception exception)
    {
        var types = new List<string>();
        var innermost = exception;
        for (var current = exception; current is not null && types.Count < MaxDepth; current = current.InnerException)
        {
            types.Add(Name(current));
            innermost = current;
        }

        var frame = new StackTrace(innermost).GetFrames().FirstOrDefault(frame => frame.GetMethod()?.DeclaringType is not null);
        var place = frame?.GetMethod() is { } method ? $" at {method.DeclaringType}.{method.Name}" : "";
        return LogText.Clean(string.Join(" < ", types) + place, MaxLength)!;
    }

    /// <summary>As <see cref="Describe"/>, with the whole stack: for an error in this app, which somebody has to find in its source.</summary>
    public static FailureText DescribeWithStack(Exception exception)
    {
        // On one line, like every other.
        var frames = new List<string> { Describe(exception) };
        for (var current = exception; current is not null && frames.Count < MaxDepth; current = current.InnerException)
        {
            frames.AddRange((current.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        return new FailureText(string.Join("; ", frames), MaxStackLength);
    }

    public override string ToString() => LogText.Clean(text, maxLength) ?? "-";

    // Codes say why without quoting anything.
    private static string Name(Exception exception) => exception switch
    {
        LoggableException => $"{exception.GetType().Name} ({exception.Message})",
        McpProtocolException protocol => $"{nameof(McpProtocolException)} ({(int)protocol.ErrorCode})",
        SocketException socket => $"{nameof(SocketException)} ({socket.SocketErrorCode})",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request => $"{nameof(HttpRequestException)} ({request.HttpRequestError})",
        HttpRequestException { StatusCode: { } status } => $"{nameof(HttpRequestException)} (status {(int)status})",
        _ => exception.GetType().Name,
    };
}

/// <summary>An exception whose message is made of safe parts only: no key, nothing that was said, nothing that somebody else wrote. So it is logged.</summary>
internal abstract class LoggableException(Exception? cause = null) : Exception(null, cause)
{
    public abstract override string Message { get; }
}
