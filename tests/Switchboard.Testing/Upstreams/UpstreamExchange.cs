using System.Globalization;
using System.Text;

namespace Switchboard.Testing;

/// <summary>One request and the means to answer it, well or badly.</summary>
internal sealed class UpstreamExchange(ClientConnection connection, RecordedRequest request, CancellationToken stop)
{
    public RecordedRequest Request => request;

    /// <summary>Set when the answer leaves the connection of no further use.</summary>
    public bool EndsConnection { get; private set; }

    /// <summary>Sends bytes as they are.</summary>
    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => connection.SendAsync(bytes);

    public Task SendRawAsync(string text) => SendRawAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>A whole answer with its length.</summary>
    public async Task AnswerAsync(int status, string contentType, string body, params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await SendRawAsync(Head(status, contentType, [.. headers, $"Content-Length: {bytes.Length}"]));
        await SendRawAsync(bytes);
    }

    /// <summary>The headers of a chunked answer.</summary>
    public Task StartAsync(string contentType = "text/event-stream", params string[] headers) =>
        SendRawAsync(Head(200, contentType, [.. headers, "Transfer-Encoding: chunked"]));

    /// <summary>A piece of the body of a chunked answer.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> piece)
    {
        var size = Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        await SendRawAsync(new byte[][] { size, piece.ToArray(), "\r\n"u8.ToArray() }.SelectMany(bytes => bytes).ToArray());
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The end of a chunked answer.</summary>
    public Task EndAsync() => SendRawAsync("0\r\n\r\n");

    /// <summary>Says nothing more until the client closes or the test is over.</summary>
    public async Task SilenceAsync()
    {
        EndsConnection = true;
        await Task.WhenAny(request.ClosedByClient, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
    }

    /// <summary>Closes the connection after what was sent.</summary>
    public void Close() => EndsConnection = true;

    public void Reset()
    {
        EndsConnection = true;
        connection.Reset();
    }

    private static string Head(int status, string contentType, IEnumerable<string> headers) =>
        string.Concat(new[] { $"HTTP/1.1 {status} Status", $"Content-Type: {contentType}" }.Concat(headers).Append("").Select(line => line + "\r\n"));
}
