using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Switchboard.Testing;

/// <summary>One accepted connection. It is read all the time, so that the client's closing is seen while an answer is written.</summary>
internal sealed class ClientConnection(Socket socket, int number) : IDisposable
{
    private readonly Pipe _received = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the client closes or resets the connection.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Reads what comes until the client closes.</summary>
    public async Task ReceiveAsync()
    {
        try
        {
            while (await socket.ReceiveAsync(_received.Writer.GetMemory()) is > 0 and var count)
            {
                _received.Writer.Advance(count);
                await _received.Writer.FlushAsync();
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // A reset closes, too.
        }

        await _received.Writer.CompleteAsync();
        _closed.TrySetResult();
    }

    /// <summary>Waits for a whole request; null when the client has closed.</summary>
    public async Task<RecordedRequest?> ReadRequestAsync()
    {
        var head = await TakeAsync(bytes => bytes.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at + 4 : -1);
        if (head is null)
        {
            return null;
        }

        var lines = Encoding.Latin1.GetString(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture);
        var body = length == 0 ? [] : await TakeAsync(bytes => bytes.Length >= length ? length : -1);
        var start = lines[0].Split(' ');
        return body is null ? null : new RecordedRequest(number, start[0], start[1], headers, Encoding.UTF8.GetString(body), Closed);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Breaks the connection: the client gets a reset instead of an end.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose() => socket.Dispose();

    private async Task<byte[]?> TakeAsync(Func<byte[], int> count)
    {
        while (true)
        {
            var read = await _received.Reader.ReadAsync();
            var bytes = read.Buffer.ToArray();
            if (count(bytes) is >= 0 and var taken)
            {
                _received.Reader.AdvanceTo(read.Buffer.GetPosition(taken));
                return bytes[..taken];
            }

            _received.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}

/// <summary>A request as <see cref="FaultyUpstream"/> got it.</summary>
/// <param name="Connection">The number of the connection it came on, from 1.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">All headers; a repeated one as sent last.</param>
/// <param name="Body">The body as text.</param>
/// <param name="ClosedByClient">Completes when the client closes or resets the connection.</param>
internal sealed record RecordedRequest(
    int Connection, string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, Task ClosedByClient)
{
    public JsonElement Json => JsonElement.Parse(Body);
}
