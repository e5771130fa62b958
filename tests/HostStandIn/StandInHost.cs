using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HostStandIn.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace HostStandIn;

/// <summary>
/// Stands in for the Functions host: a worker of its own, and HTTP in front of it. What it does is what
/// Azure/azure-functions-host does (GrpcWorkerChannel, DefaultHttpProxyService), and no more than a function app with HTTP triggers needs.
/// </summary>
internal sealed class StandInHost : IAsyncDisposable
{
    /// <summary>How long the host waits for a worker that it told to end.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // The host's own limits.
    private const long MaxBody = 104_857_600;
    private static readonly ForwarderRequestConfig Forwarding = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client;
    private readonly WorkerChannel _channel;
    private readonly IHttpForwarder _forwarder;

    private StandInHost(WebApplication app, WorkerChannel channel)
    {
        _app = app;
        _channel = channel;
        _forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Where it takes requests.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public WorkerProcess Worker { get; private set; } = null!;

    public IReadOnlyCollection<LogRecord> Logs => _channel.Logs;

    /// <summary>Starts a worker and waits for nothing.</summary>
    /// <param name="folder">The published worker.</param>
    /// <param name="environment">What is set in its environment; null removes a variable.</param>
    /// <param name="assembly">Its program.</param>
    /// <param name="port">Where to take requests, on 127.0.0.1; 0 for any.</param>
    /// <param name="echo">Gets what the worker writes; null for nobody.</param>
    public static async Task<StandInHost> StartWorkerAsync(
        string folder, IEnumerable<KeyValuePair<string, string?>> environment, string assembly = "FunctionsApp.dll", int port = 0, Action<string>? echo = null)
    {
        folder = Path.GetFullPath(folder);
        var workerId = Guid.NewGuid().ToString();
        var channel = new WorkerChannel(folder, workerId);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddHttpForwarder();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null);
        builder.Services.AddSingleton(channel);
        var app = builder.Build();
        var host = new StandInHost(app, channel);
        app.UseRouting();
        app.MapGrpcService<WorkerChannel>();
        app.MapFallback("{**path}", host.AnswerAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        host.Address = addresses[0];
        host.Worker = WorkerProcess.Start(folder, assembly, addresses[1], workerId, environment, echo);
        return host;
    }

    /// <summary>Starts a worker and waits until its functions are loaded.</summary>
    /// <exception cref="InvalidOperationException">It ended before; the message has what it wrote.</exception>
    public static async Task<StandInHost> StartAsync(
        string folder,
        IEnumerable<KeyValuePair<string, string?>> environment,
        CancellationToken cancellationToken,
        string assembly = "FunctionsApp.dll",
        int port = 0,
        Action<string>? echo = null)
    {
        var host = await StartWorkerAsync(folder, environment, assembly, port, echo);
        try
        {
            await host.ReadyAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async Task<FunctionsOfWorker> ReadyAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var end = Worker.EndAsync(either.Token);
        var first = await Task.WhenAny(_channel.Ready, end);
        await either.CancelAsync();
        return first != end || end.IsCanceled
            ? await _channel.Ready.WaitAsync(cancellationToken)
            : throw new InvalidOperationException($"The worker ended with code {await end}:\n{string.Join('\n', Worker.Errors)}");
    }

    /// <summary>Ends the worker as the host does: it is told, and killed when it is still there after the grace period.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopWorkerAsync(CancellationToken cancellationToken)
    {
        using var grace = new CancellationTokenSource(Grace, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, grace.Token);
        _channel.Terminate(Grace);
        try
        {
            return await Worker.EndAsync(either.Token);
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            Worker.Kill();
            return await Worker.EndAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    // A worker's functions may be loaded before its Kestrel listens. The host tries ten times, with growing pauses.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (attempt < 10)
            {
                socket.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(50 << (attempt - 1), 250)), TimeProvider.System, cancellationToken);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var worker = await _channel.Ready.WaitAsync(context.RequestAborted);
        if (worker.Functions.FirstOrDefault(function => function.Answers(context.Request)) is not { } function)
        {
            // Also where only the method is wrong.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var invocationId = Guid.NewGuid().ToString();
        context.Request.Headers["x-ms-invocation-id"] = invocationId;
        var invocation = _channel.InvokeAsync(invocationId, function, context.RequestAborted);
        var error = await _forwarder.SendAsync(context, worker.Http.AbsoluteUri, _client, Forwarding);
        if (error is not ForwarderError.None)
        {
            await FailAsync(context, $"{error}: {context.GetForwarderErrorFeature()?.Exception?.Message}");
        }

        if (await invocation is { Result.Status: not StatusResult.Types.Status.Success } failure)
        {
            await FailAsync(context, failure.Result.Exception?.Message);
        }
    }

    // The host's own answer has no body; this one says why, for whoever reads the test.
    private static async Task FailAsync(HttpContext context, string? why)
    {
        if (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync($"The stand-in of the Functions host: {why}", context.RequestAborted);
        }
    }
}
