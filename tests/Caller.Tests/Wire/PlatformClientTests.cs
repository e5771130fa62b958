using System.Net;
using System.Net.Sockets;
using Caller.Tests.Servers;
using Caller.Wire;
using Switchboard.Testing;

namespace Caller.Tests.Wire;

public sealed class PlatformClientTests
{
    [Fact]
    public async Task SendAsync_CertificateNobodyTrusts_SaysThatItIsTheCertificate()
    {
        using var certificate = StandInCertificate.For("nobody");
        await using var app = await Loopback.StartAsync(_ => { }, certificate);

        var exchange = await SendAsync(app.Urls.Single());

        Assert.Equal(ExchangeEnd.NotConnected, exchange.End);
        Assert.StartsWith("no TLS connection: The remote certificate is invalid", exchange.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_ConnectionClosedWithoutAnAnswer_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closing = CloseFirstAsync(listener);

        var exchange = await SendAsync($"http://{listener.LocalEndpoint}");

        await closing;
        Assert.Equal(ExchangeEnd.NotConnected, exchange.End);
        Assert.DoesNotContain("An error occurred while sending the request", exchange.Failure, StringComparison.Ordinal);
    }

    private static async Task CloseFirstAsync(TcpListener listener)
    {
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
    }

    private static Task<Exchange> SendAsync(string url)
    {
        Assert.True(Caller.Wire.Endpoint.TryCreate(url, [], out var endpoint, out var error), error);
        var limits = new ExchangeLimits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        return new PlatformClient(TestClients.Factory, endpoint, TimeProvider.System).SendAsync(new Ask { Body = "{}" }, limits, null, TestContext.Current.CancellationToken);
    }
}
