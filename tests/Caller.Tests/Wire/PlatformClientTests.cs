using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Caller.Tests.Servers;
using Caller.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Caller.Tests.Wire;

public sealed class PlatformClientTests
{
    [Fact]
    public async Task SendAsync_CertificateNobodyTrusts_SaysThatItIsTheCertificate()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

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
