using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Switchboard.Responders;
using Switchboard.Telemetry;

namespace Switchboard.Tools;

/// <summary>
/// One MCP server: joins it, keeps its tools and follows their changes, and when it fails takes them out of use until it can be joined again.
/// </summary>
internal sealed class McpConnection(
    McpServerOptions options, string model, IHttpClientFactory http, BearerSource? secret, TimeProvider time, ILogger<McpConnection> logger)
{
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How often the tools are listed anew: a server can tell of changes only in the answer to a call, and never that it is gone.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    // One doubt is as good as many.
    private readonly Channel<bool> _doubts = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile McpFunction[] _tools = [];

    /// <summary>The tools that can be called now; none while the server is not joined.</summary>
    public IReadOnlyList<McpFunction> Tools => _tools;

    public McpServerOptions Options => options;

    /// <summary>The server's address for the log: a query may hold a key.</summary>
    public string Name { get; } = options.Url!.GetLeftPart(UriPartial.Path);

    /// <summary>A call has failed: the tools are out of use until the server has answered again.</summary>
    public void Doubt()
    {
        _tools = [];
        _doubts.Writer.TryWrite(true);
    }

    /// <summary>Stays with the server until the app stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = FirstRetry;
        while (!cancellationToken.IsCancellationRequested)
        {
            Exception fault;
            try
            {
                var key = await KeyAsync(cancellationToken);
                var client = await JoinAsync(key, cancellationToken);
                try
                {
                    await StayAsync(client, key, () => retry = FirstRetry, cancellationToken);
                }
                finally
                {
                    _tools = [];
                    await LeaveAsync(client);
                }

                // The key is another one: join with that.
                continue;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception cause)
            {
                fault = cause;
            }

            // The wait begins before the report, so that whoever acts on the report finds it running.
            var wait = WaitAsync(retry, cancellationToken);
            Report(fault, retry);
            await wait;
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    private async Task<McpClient> JoinAsync(string? key, CancellationToken cancellationToken)
    {
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = options.Url!,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
                // A server that knows only POST, and answers 404 to who wants to listen, would lose its session by that: it is asked instead.
                EnableStandaloneGetStream = false,
            },
            http.CreateClient(McpHttp.ClientName),
            // Its lines may quote arguments and results.
            NullLoggerFactory.Instance,
            ownsHttpClient: true);
        var clientOptions = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "Switchboard", Version = typeof(McpConnection).Assembly.GetName().Version?.ToString(3) ?? "0" },
            InitializationTimeout = JoinTimeout,
            TimeProvider = time,
            Handlers = new McpClientHandlers { NotificationHandlers = [KeyValuePair.Create(NotificationMethods.ToolListChangedNotification, ListAgain)] },
        };
        return await McpClient.CreateAsync(transport, clientOptions, NullLoggerFactory.Instance, cancellationToken);
    }

    private ValueTask ListAgain(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        _doubts.Writer.TryWrite(true);
        return ValueTask.CompletedTask;
    }

    private async Task StayAsync(McpClient client, string? key, Action joined, CancellationToken cancellationToken)
    {
        for (var isFirst = true; isFirst || await KeyAsync(cancellationToken) == key; isFirst = false)
        {
            using var deadline = new CancellationTokenSource(JoinTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            // A doubt that came up before this answer is settled by it.
            _doubts.Reader.TryRead(out _);
            var tools = await client.ListToolsAsync(cancellationToken: either.Token);
            McpFunction[] functions = [.. tools.Select(tool => new McpFunction(tool, this, time, logger))];
            var isNews = isFirst || !functions.Select(function => function.Name).SequenceEqual(_tools.Select(function => function.Name));
            _tools = functions;
            joined();
            if (isNews)
            {
                McpLog.Joined(logger, Name, model, tools.Count);
            }

            await DoubtAsync(client, cancellationToken);
        }
    }

    // Until there is a reason to look at the tools again.
    private async Task DoubtAsync(McpClient client, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var doubt = _doubts.Reader.WaitToReadAsync(either.Token).AsTask();
        var refresh = Task.Delay(RefreshInterval, time, either.Token);
        var first = await Task.WhenAny(doubt, refresh, client.Completion);
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first == client.Completion)
        {
            throw new IOException("The session has ended.", (await client.Completion).Exception);
        }
    }

    // A server that does not answer would not answer the end of its session either.
    private async Task LeaveAsync(McpClient client)
    {
        using var deadline = new CancellationTokenSource(LeaveTimeout, time);
        try
        {
            await client.DisposeAsync().AsTask().WaitAsync(deadline.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException or IOException)
        {
            var description = FaultText.Describe(fault);
            McpLog.NotLeft(logger, Name, model, description);
        }
    }

    private async ValueTask<string?> KeyAsync(CancellationToken cancellationToken)
    {
        if (secret is null)
        {
            return options.ApiKey is { Length: > 0 } key ? key : null;
        }

        try
        {
            return (await secret(cancellationToken))?.Trim();
        }
        catch (InvalidOperationException fault)
        {
            throw new UpstreamException(UpstreamFailure.Credential, Name, fault);
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The app stops.
        }
    }

    private void Report(Exception fault, TimeSpan retry)
    {
        var description = FaultText.Describe(fault);
        // When the app starts the key may be on its way from the vault: it is missed only at the second try.
        var isNews = retry == (fault is UpstreamException { Failure: UpstreamFailure.Credential } ? FirstRetry * 2 : FirstRetry);
        if (isNews)
        {
            McpLog.Lost(logger, Name, model, description);
        }
        else
        {
            McpLog.StillLost(logger, Name, model, description);
        }
    }
}
