using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Switchboard.Testing;

/// <summary>Web servers on 127.0.0.1 that log nothing.</summary>
internal static class Loopback
{
    /// <param name="map">Its routes and what stands before them.</param>
    /// <param name="certificate">What it shows; null for HTTP without TLS.</param>
    /// <param name="port">Its port; 0 for one of its own.</param>
    public static async Task<WebApplication> StartAsync(Action<WebApplication> map, X509Certificate2? certificate = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A server that takes every request and answers none.</summary>
    public static Task<WebApplication> StartSilentAsync() =>
        StartAsync(app => app.Run(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)));
}
