using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using ModelContextProtocol;
using Switchboard.Responders;
using Switchboard.Tools;

namespace Switchboard.Telemetry;

/// <summary>Describes an exception without its message, which may quote what was said or a key: types from outside in, their codes, and the method that threw.</summary>
internal static class FaultText
{
    public static string Describe(Exception exception)
    {
        var types = new List<string>();
        var innermost = exception;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            types.Add(Name(current));
            innermost = current;
        }

        var frame = new StackTrace(innermost).GetFrames().FirstOrDefault(frame => frame.GetMethod()?.DeclaringType is not null);
        var place = frame?.GetMethod() is { } method ? $" at {method.DeclaringType}.{method.Name}" : "";
        return string.Join(" < ", types) + place;
    }

    /// <summary>As <see cref="Describe"/>, with the whole stack: for a fault of this app, which somebody has to find in its source.</summary>
    public static string DescribeWithStack(Exception exception)
    {
        var text = new StringBuilder(Describe(exception));
        for (var current = exception; current is not null; current = current.InnerException)
        {
            text.AppendLine().Append(current.StackTrace);
        }

        return text.ToString();
    }

    // Codes say why without quoting anything. An upstream's fault has a message of our own making, which names the upstream and the status.
    private static string Name(Exception exception) => exception switch
    {
        UpstreamException => $"{nameof(UpstreamException)} ({exception.Message})",
        McpLimitException => $"{nameof(McpLimitException)} (the server {exception.Message})",
        McpProtocolException protocol => $"{nameof(McpProtocolException)} ({(int)protocol.ErrorCode})",
        SocketException socket => $"{nameof(SocketException)} ({socket.SocketErrorCode})",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request => $"{nameof(HttpRequestException)} ({request.HttpRequestError})",
        HttpRequestException { StatusCode: { } status } => $"{nameof(HttpRequestException)} (status {(int)status})",
        _ => exception.GetType().Name,
    };
}
