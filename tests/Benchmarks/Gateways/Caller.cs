using System.Net.Sockets;
using System.Text;

namespace Benchmarks.Gateways;

/// <summary>One caller on a connection of its own, turn after turn.</summary>
internal sealed class Caller : IDisposable
{
    private readonly Socket _socket;
    private readonly ChunkedBody _body;

    private Caller(Socket socket)
    {
        _socket = socket;
        _body = new ChunkedBody(socket);
    }

    public static async Task<Caller> ConnectAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(gateway.Address, cancellationToken);
        return new Caller(socket);
    }

    /// <summary>Speaks one turn and checks all of its answer.</summary>
    /// <param name="ask">What to ask for.</param>
    /// <param name="first">Called at the first token.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The time to the first token.</returns>
    public async Task<TimeSpan> SpeakAsync(Ask ask, Action? first, CancellationToken cancellationToken)
    {
        var request = Request(ask);
        var check = new TokenCheck(ask);
        TimeSpan? firstToken = null;
        var started = TimeProvider.System.GetTimestamp();
        await _socket.SendAsync(request, cancellationToken);
        await _body.ReadHeadAsync(cancellationToken);
        for (var piece = await _body.ReadAsync(cancellationToken); !piece.IsEmpty; piece = await _body.ReadAsync(cancellationToken))
        {
            check.Read(piece.Span);
            if (firstToken is null && check.Tokens > 0)
            {
                firstToken = TimeProvider.System.GetElapsedTime(started);
                first?.Invoke();
            }
        }

        check.End();
        return firstToken!.Value;
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Request(Ask ask)
    {
        var body = $$$"""{"model":"demo","stream":true,"messages":[{"role":"system","content":"You answer calls."},{"role":"user","content":"{{{ask.Message}}}"}],"extendData":{"instanceId":"i{{{ask.Stream}}}","channelId":"c","sentenceId":1}}""";
        return Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Turn.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
