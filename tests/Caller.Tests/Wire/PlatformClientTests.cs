using System.Net;
using System.Net.Sockets;
using Caller.Tests.Servers;
using Caller.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
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

    [Theory]
    [InlineData(9.9, "Complete")]
    [InlineData(10.1, "TimedOut")]
    public async Task SendAsync_SilenceInAnAnswer_IsBorneForItsTime(double seconds, string end)
    {
        var clock = new FakeTimeProvider();
        var limits = new ExchangeLimits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)) { Silence = TimeSpan.FromSeconds(10) };

        // Twice, so that the time is seen to begin anew with each piece.
        Assert.Equal(end, (await SendAsync(clock, limits, "{\"content\":\"One\"}", () => clock.Advance(TimeSpan.FromSeconds(seconds)))).End.ToString());
    }

    [Theory]
    [InlineData("{\"role\":\"assistant\"}", "TimedOut")]
    [InlineData("{\"content\":\"One\"}", "Complete")]
    [InlineData("{\"tool_calls\":[{\"index\":0}]}", "Complete")]
    public async Task SendAsync_NoOutputInTime_EndsTheAttempt(string delta, string end)
    {
        var clock = new FakeTimeProvider();
        var limits = new ExchangeLimits(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)) { FirstOutput = TimeSpan.FromSeconds(4) };

        Assert.Equal(end, (await SendAsync(clock, limits, delta, () => clock.Advance(TimeSpan.FromSeconds(4.1)))).End.ToString());
    }

    /// <summary>Lets time go by behind each of two pieces.</summary>
    private static async Task<Exchange> SendAsync(FakeTimeProvider clock, ExchangeLimits limits, string delta, Action pass)
    {
        using var seen = new SemaphoreSlim(0);
        await using var app = await Loopback.StartAsync(app => app.Run(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var piece = 0; piece < 2; piece++)
            {
                await context.Response.WriteAsync($"data: {Canned.Delta(delta)}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await seen.WaitAsync(context.RequestAborted);
            }
        }));
        Assert.True(Caller.Wire.Endpoint.TryCreate(app.Urls.Single(), [], out var endpoint, out var error), error);
        return await new PlatformClient(TestClients.Factory, endpoint, clock).SendAsync(new Ask { Body = "{}" }, limits, _ =>
        {
            pass();
            seen.Release();
            return true;
        }, TestContext.Current.CancellationToken);
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
