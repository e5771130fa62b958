using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Switchboard.Testing;

/// <summary>An HTTPS proxy that leads every name to one port on loopback: how another process reaches <see cref="StandInVault"/> under its name.</summary>
/// <remarks>https://datatracker.ietf.org/doc/html/rfc9110#section-9.3.6</remarks>
internal sealed class StandInProxy : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandInProxy(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<StandInProxy> StartAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Run(client => TunnelAsync(client, port))));
        var app = builder.Build();
        await app.StartAsync();
        return new StandInProxy(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TunnelAsync(ConnectionContext client, int port)
    {
        // A CONNECT has no body, so its head arrives before anything else does.
        await ReadHeadAsync(client);
        using var vault = new TcpClient();
        await vault.ConnectAsync(IPAddress.Loopback, port, client.ConnectionClosed);
        await client.Transport.Output.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), client.ConnectionClosed);
        var stream = vault.GetStream();
        await Task.WhenAny(
            client.Transport.Input.CopyToAsync(stream, client.ConnectionClosed),
            PipeReader.Create(stream).CopyToAsync(client.Transport.Output, client.ConnectionClosed));
    }

    private static async Task ReadHeadAsync(ConnectionContext client)
    {
        while (true)
        {
            var read = await client.Transport.Input.ReadAsync(client.ConnectionClosed);
            var head = Encoding.ASCII.GetString(read.Buffer);
            if (head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                client.Transport.Input.AdvanceTo(read.Buffer.End);
                return;
            }

            client.Transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
